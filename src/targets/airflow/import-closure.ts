import { folderOf, joinPath } from '../../model/join-path.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

export type ClosureInput = {
  files: Pick<ProjectFiles, 'text'>;
  /** Files to begin with. */
  from: readonly string[];
  /** Folders of sys.path. */
  folders: readonly string[];
  /** The Python files that may be found. */
  among: readonly string[];
};

const IMPORT = /^[ \t]*import[ \t]+([^\n#;]+)/gm;
const FROM = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)/gm;
/** Imports whose name is made while the code runs. */
const DYNAMIC = /\b(import_module|__import__|exec|run_path|run_module|import_string)\s*\(/;

/**
 * The Python files that some files can come to load, imports inside functions included. Null when that cannot be told
 * from the text, because a name is put together while the code runs.
 */
export function importClosure({ files, from, folders, among }: ClosureInput): string[] | null {
  const known = new Set(among);
  const seen = new Set(from.filter((path) => known.has(path)));
  for (const path of seen) {
    const text = files.text(path);
    if (text === null || DYNAMIC.test(text)) return null;
    const names = importedNames(text);
    for (const { module, dots } of names) {
      const bases = dots === 0 ? folders : [joinPath(folderOf(path), '../'.repeat(dots - 1))];
      for (const base of bases)
        for (const found of filesOf(joinPath(base, module.replaceAll('.', '/')), base, known)) seen.add(found);
    }
  }
  return [...seen].sort();
}

/** `from a.b import c` may load the module a.b or a.b.c: both are named. */
function importedNames(text: string): { module: string; dots: number }[] {
  const plain = [...text.matchAll(IMPORT)].flatMap(([, list = '']) =>
    namesIn(list).map((module) => ({ module, dots: 0 })),
  );
  const relative = [...text.matchAll(FROM)].flatMap(([, dots = '', module = '', list = '']) =>
    ['', ...namesIn(list)].map((name) => ({
      module: [module, name].filter((piece) => piece !== '').join('.'),
      dots: dots.length,
    })),
  );
  return [...plain, ...relative];
}

function namesIn(list: string): string[] {
  return list
    .replaceAll(/[()\\]|#[^\n]*/g, ' ')
    .split(',')
    .map((item) => item.trim().split(/\s+/)[0] ?? '')
    .filter((name) => /^[A-Za-z_][\w.]*$/.test(name));
}

/** The module's file and the `__init__.py` of every package on the way to it. */
function filesOf(path: string, base: string, known: ReadonlySet<string>): string[] {
  const packages: string[] = [];
  for (let at = path; at !== base && at !== ''; at = folderOf(at)) packages.push(`${at}/__init__.py`);
  return [`${path}.py`, ...packages].filter((candidate) => known.has(candidate));
}
