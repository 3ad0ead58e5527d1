import { joinPath } from '../../model/join-path.ts';
import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/** A part as far as its tests are concerned: folders of its code, and folders of its tests where its settings name them. */
export type TestedPart = { name: string; folders: readonly string[]; tests: readonly string[] | null };

/** `package`: what every piece of code of this technology imports (`airflow`, `pyspark`). `parts`: all of the technology. */
export type TestChoice = { files: ProjectFiles; package: string; parts: readonly TestedPart[] };

/** `direct`: whether the test, or a module beside it that it imports, imports the technology's package. */
export type ChosenTest = { path: string; direct: boolean };

const TEST_FILE = /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/;
const IMPORT = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;

/**
 * The test files of one part, each given to one part only. Tests are looked for where the part's settings say, else inside
 * its folders and in folders named `tests` or `test` beside or above them. One that several parts could have goes to the part
 * most of whose modules it imports; one that imports none, but the technology's package, to the first part by name.
 */
export function chooseTests(part: string, choice: TestChoice): ChosenTest[] {
  return choice.files.entries
    .filter(({ path }) => TEST_FILE.test(path))
    .flatMap(({ path }) => {
      const names = importsAround(path, choice.files);
      const direct = names.has(choice.package);
      return ownerOf(path, names, choice) === part ? [{ path, direct }] : [];
    });
}

function ownerOf(path: string, names: ReadonlySet<string>, choice: TestChoice): string | null {
  const able = choice.parts.filter((part) => mayTest(path, part));
  const inside = able.filter((part) => (part.tests ?? part.folders).some((folder) => isInside(path, folder)));
  const ranked = (inside.length > 0 ? inside : able)
    .map((part) => ({ part, score: modulesOf(names, part, choice.files) }))
    .sort((a, b) => b.score - a.score || (a.part.name < b.part.name ? -1 : 1));
  const [best] = ranked;
  if (best === undefined) return null;
  return best.score > 0 || inside.length > 0 || names.has(choice.package) ? best.part.name : null;
}

function mayTest(path: string, { folders, tests }: TestedPart): boolean {
  if (tests !== null) return tests.some((folder) => isInside(path, folder));
  if (folders.some((folder) => isInside(path, folder))) return true;
  const beside = /^(.*?)(?:^|\/)tests?\//.exec(path)?.[1];
  return beside !== undefined && folders.some((folder) => isInside(folder, beside));
}

/** How many of the imported names are modules of the part's folders. */
function modulesOf(names: ReadonlySet<string>, { folders }: TestedPart, files: ProjectFiles): number {
  const paths = new Set(files.entries.map(({ path }) => path));
  return [...names].filter((name) =>
    folders.some(
      (folder) =>
        paths.has(joinPath(folder, `${name}.py`)) ||
        paths.has(joinPath(folder, `${name}/__init__.py`)) ||
        folder.split('/').includes(name),
    ),
  ).length;
}

/** The first words of what a test imports, with what modules beside it and its conftest files import in turn. */
function importsAround(path: string, files: ProjectFiles): ReadonlySet<string> {
  const seen = new Set<string>();
  const names = new Set<string>();
  const pending = [path, ...conftestsOf(path)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const text = seen.has(next) ? null : files.text(next);
    seen.add(next);
    for (const name of importedIn(text ?? '')) {
      names.add(name);
      pending.push(joinPath(folderOf(path), `${name}.py`));
    }
  }
  return names;
}

function importedIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, from, list]) =>
    (from ?? list ?? '').split(',').map((name) => name.trim().split(/[.\s]/)[0] ?? ''),
  );
}

function conftestsOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => [...steps.slice(0, index + 1), 'conftest.py'].join('/')).concat('conftest.py');
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/**
 * Which files of the project the tests get to see: the files in its root, and the whole of every folder in the root that holds
 * the part's code or its tests, or whose name stands in them.
 */
export function visibleTo(
  tests: readonly ChosenTest[],
  folders: readonly string[],
  files: ProjectFiles,
): (path: string) => boolean {
  const words = new Set<string>();
  for (const path of tests.flatMap((one) => [one.path, ...conftestsOf(one.path)])) {
    for (const word of files.text(path)?.match(/[\w-]+/g) ?? []) words.add(word);
  }
  const tops = new Set([...tests.map(({ path }) => path), ...folders.map((folder) => `${folder}/`)].map(topOf));
  const wholeProject = folders.includes('');
  return (path) => wholeProject || !path.includes('/') || tops.has(topOf(path)) || words.has(topOf(path));
}

function topOf(path: string): string {
  return path.split('/')[0] ?? '';
}
