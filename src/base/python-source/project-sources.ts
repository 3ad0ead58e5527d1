import type { ProjectSources } from './machine-types.ts';
import type { PythonTree } from './syntax.ts';

type Files = { entries: readonly { path: string }[]; text(path: string): string | null };

/** Larger Python files than this, in characters, are not parsed. */
const largestSource = 2_000_000;

/**
 * A project's Python as the machine looks for it. `searchPath` lists the folders on Python's search path, first ones
 * first, relative to the project's root. A tree is parsed once.
 */
export function projectSources(input: {
  files: Files;
  searchPath: readonly string[];
  parse(text: string): PythonTree;
}): ProjectSources {
  const { files, searchPath, parse } = input;
  const { paths, sorted } = placesIn(files.entries);
  const trees = new Map<string, PythonTree | null>();
  return {
    fileOf(module) {
      const path = module.replaceAll('.', '/');
      for (const folder of searchPath) {
        const base = folder === '' ? path : `${folder}/${path}`;
        const found = [`${base}.py`, `${base}/__init__.py`].find((candidate) => paths.has(candidate));
        if (found !== undefined) return found;
      }
      return null;
    },
    packageOf(file) {
      const folder = searchPath.find((candidate) => candidate === '' || file.startsWith(`${candidate}/`)) ?? '';
      const inside = folder === '' ? file : file.slice(folder.length + 1);
      return inside.split('/').slice(0, -1).join('.');
    },
    tree(file) {
      const known = trees.get(file);
      if (known !== undefined) return known;
      const text = files.text(file);
      const tree = text === null || text.length > largestSource ? null : parse(text);
      trees.set(file, tree);
      return tree;
    },
    text: (file) => files.text(file),
    filesBelow(folder) {
      return folder === '' ? sorted : sorted.filter((path) => path.startsWith(`${folder}/`));
    },
  };
}

type Places = { paths: ReadonlySet<string>; sorted: string[] };

const known = new WeakMap<Files['entries'], Places>();

/** Made once for the same files: a project may have hundreds of jobs, each of which looks for its modules. */
function placesIn(entries: Files['entries']): Places {
  const made = known.get(entries);
  if (made !== undefined) return made;
  const sorted = entries.map((entry) => entry.path);
  const places = { paths: new Set(sorted), sorted };
  known.set(entries, places);
  return places;
}
