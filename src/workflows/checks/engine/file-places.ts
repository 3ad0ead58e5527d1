import { isInside } from '../../../model/path-schema.ts';
import type { FileEntry, ProjectFiles } from '../../../model/project-files.ts';

/** Settings files of tools: they decide the answer for files in their own folder and below. */
const TOOL_SETTINGS =
  /(?:^|\/)(?:pyproject\.toml|\.?ruff\.toml|setup\.cfg|tox\.ini|\.?pytest\.ini|conftest\.py|\.?mypy\.ini|pyrightconfig\.json|\.sqlfluff|\.sqlfluffignore|\.editorconfig|\.tflint\.hcl|\.?trivy\.ya?ml|\.trivyignore|\.checkov\.ya?ml|\.airflowignore|\.python-version|sqlmesh\.ya?ml)$/;

/** The files of a project by where they are, so that those of one part are found without a look at all of them. */
export type FilePlaces = {
  /** Those in the places (normal folders and files; null: all), with the settings of tools above these. By path. */
  inside(places: readonly string[] | null): readonly FileEntry[];
  has(path: string): boolean;
};

const known = new WeakMap<ProjectFiles, FilePlaces>();

export function filePlaces(files: ProjectFiles): FilePlaces {
  const places = known.get(files) ?? placesOf(files);
  known.set(files, places);
  return places;
}

function placesOf({ entries }: ProjectFiles): FilePlaces {
  const all = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const indexes = new Map(all.map(({ path }, index) => [path, index]));
  const settings = all.filter(({ path }) => TOOL_SETTINGS.test(path));
  return {
    has: (path) => indexes.has(path),
    inside(places) {
      if (places === null || places.includes('')) return all;
      const found = new Set<number>();
      for (const place of places) {
        const own = indexes.get(place);
        if (own !== undefined) found.add(own);
        // `0` is the character after `/`.
        const end = firstFrom(all, `${place}0`);
        for (let at = firstFrom(all, `${place}/`); at < end; at += 1) found.add(at);
      }
      for (const { path } of settings)
        if (places.some((place) => isInside(place, folderOf(path)))) found.add(indexes.get(path) ?? 0);
      return [...found].sort((a, b) => a - b).flatMap((at) => all[at] ?? []);
    },
  };
}

/** The index of the first entry whose path is not before `path`. */
function firstFrom(all: readonly FileEntry[], path: string): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
