import { join } from 'node:path';
import type { FileDigests } from '../../../base/cache/file-digests.ts';
import type { FileState } from '../../../delivery/checks/fingerprint.ts';
import { type Digest, digestOf, hexOf } from '../../../model/identifiers.ts';
import { narrowed, type ProjectFiles } from '../../../model/project-files.ts';
import { filePlaces } from './file-places.ts';

export type SeenFilesInput = {
  root: string;
  files: ProjectFiles;
  digests: FileDigests;
  /** Null: every folder of the project. Otherwise normal folders and files. */
  places: readonly string[] | null;
  kept: (path: string) => boolean;
  /** Whether what Git ignores is seen too. */
  ignored: boolean;
};

/** What one check sees of the project's files, and whether what it saw is what its fingerprint says. */
export type SeenFiles = {
  view: ProjectFiles;
  states: FileState[];
  /** The texts that were asked for so far. */
  asked: ReadonlySet<string>;
  /** False once a file was written, came or went after its digest was taken. */
  isStillSo(): boolean;
};

export function seenFiles(input: SeenFilesInput): SeenFiles {
  const { root, files, digests } = input;
  const asked = new Set<string>();
  let agrees = true;
  const entries = filePlaces(files)
    .inside(input.places)
    .filter(({ path }) => input.kept(path));
  const view = narrowed(files, entries, (path, text) => {
    asked.add(path);
    if (text !== null && !isTextOf(text, digests.of(join(root, path)))) agrees = false;
  });
  const ignored = input.ignored ? ignoredFiles(input, false) : [];
  const states = [
    ...view.entries.map(({ path, executable }) => ({ path, executable, digest: digests.of(join(root, path)) })),
    ...ignored.map((path) => ({ path, executable: false, digest: digests.of(join(root, path)) })),
  ];
  return {
    view,
    states,
    asked,
    isStillSo: () =>
      agrees &&
      digests.areUnchanged(states.map(({ path }) => join(root, path))) &&
      (!input.ignored || sameTexts(ignored, ignoredFiles(input, true))),
  };
}

/** What stands on the disk below the places and is no file of the project. */
function ignoredFiles({ root, files, digests, places, kept }: SeenFilesInput, anew: boolean): string[] {
  const inProject = filePlaces(files);
  const outside = (below: readonly string[]) => {
    const known =
      outsiders.get(below) ?? below.map((path) => path.slice(root.length + 1)).filter((path) => !inProject.has(path));
    outsiders.set(below, known);
    return known;
  };
  return (places ?? ['']).flatMap((place) => outside(digests.below(join(root, place), isMade, anew))).filter(kept);
}

/** Of a walk that was remembered, so for one project. */
const outsiders = new WeakMap<readonly string[], string[]>();

const MADE: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', '.headgate', '.terraform', '.tox', '.nox', '.idea', '.mypy_cache', '.pytest_cache'],
  ...['.ruff_cache', '.ipynb_checkpoints', '__pycache__', '__pypackages__', 'node_modules', 'spark-warehouse'],
]);

/** What tools leave behind and make again, and virtual environments. */
function isMade(name: string, beside: ReadonlySet<string>, inside: (name: string) => boolean): boolean {
  if (MADE.has(name)) return true;
  if ((name === 'target' || name === 'logs') && beside.has('dbt_project.yml')) return true;
  return inside('pyvenv.cfg');
}

/** The reader leaves out a byte order mark. */
function isTextOf(text: string, hex: string): boolean {
  return is(digestOf(text), hex) || is(digestOf(`\uFEFF${text}`), hex);
}

function is(digest: Digest, hex: string): boolean {
  return hexOf(digest) === hex;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
