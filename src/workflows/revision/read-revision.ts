import { type BlobStore, openBlobs } from '../../base/git/blob-store.ts';
import { treeEntries } from '../../base/git/tree-entries.ts';
import { utf8Text } from '../../base/utf8-text.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { type ProjectReading, projectReading } from '../project/read-project.ts';
import { defaultLimits, type Tree, treeComplaint } from '../project/read-tree.ts';
import type { RepositoryPlace } from './resolve-comparison.ts';
import { type RevisionFile, type RevisionPaths, revisionPaths } from './revision-paths.ts';

/**
 * A project in one revision. `ids` are Git's names of the files' contents: equal ids are equal contents. `submodules` are
 * commits of other repositories, by path; their files are in no revision.
 */
export type RevisionReading = ProjectReading & {
  /** Null: the working tree. */
  commit: string | null;
  ids: ReadonlyMap<string, string>;
  submodules: ReadonlyMap<string, string>;
};

/** Texts that another reading has already, so that equal contents are one text. */
export type SharedTexts = { has(id: string): boolean; textOf(id: string): string | null };

/**
 * Reads the project of a commit straight from Git's objects; nothing is checked out. A commit that does not have the
 * project's folder gives a project without files. Throws `git-refused`.
 */
export async function readRevision(input: {
  place: RepositoryPlace;
  root: string;
  commit: string;
  shared: SharedTexts | null;
  /** Paths to leave out, as the other end of the comparison does not have them for reasons of its own. */
  absent: ReadonlySet<string>;
}): Promise<RevisionReading> {
  const { place, commit, absent } = input;
  const blobs = openBlobs(place.repository);
  const entries = treeEntries(place.repository, commit, place.prefix).filter(({ path }) => !absent.has(path));
  blobs.prefetch(entries.filter((entry) => entry.kind === 'link').map((entry) => entry.id));
  const paths = revisionPaths(entries, (id) => blobs.blob(id)?.toString('utf8') ?? null);
  const ids = new Map(paths.files.map((file) => [file.path, file.id]));
  const declared = ids.has(projectFileName);
  const reading = await projectReading(input.root, treeOf({ paths, blobs, shared: input.shared }), declared);
  const kept = reading.files.entries.map(({ path }): [string, string] => [path, ids.get(path) ?? '']);
  return {
    ...reading,
    commit,
    ids: new Map(kept),
    submodules: new Map(paths.submodules.map(({ path, id }) => [path, id])),
  };
}

type Source = { paths: RevisionPaths; blobs: BlobStore; shared: SharedTexts | null };

function treeOf({ paths, blobs, shared }: Source): Tree {
  const files = paths.files.filter((file) => file.size <= defaultLimits.file);
  const texts = createBlobTexts({ files, blobs, shared });
  const readable: ProjectFiles = {
    entries: files.map(({ path, size, executable }) => ({ path, size, executable })),
    text: texts.text,
  };
  return { files: readable, findings: paths.findings, complaints: texts.complaints };
}

const sources = /\.(py|sql|ya?ml|json|tf|tfvars|hcl|proto|avsc|toml|cfg|csv)$/i;
/** How many bytes of further texts are read along with one that is asked for. */
const READ_AHEAD = 16 * 1024 * 1024;

function createBlobTexts(input: { files: readonly RevisionFile[]; blobs: BlobStore; shared: SharedTexts | null }) {
  const { files, blobs, shared } = input;
  const place = new Map(files.map((file, index) => [file.path, index]));
  const known = new Map<string, string | null>();
  const complaints = new Map<string, Finding>();

  /** The blob that is asked for and, as a process for each would be slow, the source files that follow it. */
  function fetch(index: number): void {
    const wanted: string[] = [];
    let bytes = 0;
    for (const file of files.slice(index)) {
      if (wanted.length > 0 && !sources.test(file.path)) continue;
      if (known.has(file.id) || blobs.has(file.id) || shared?.has(file.id) === true || file.size > defaultLimits.text)
        continue;
      bytes += file.size;
      if (wanted.length > 0 && bytes > READ_AHEAD) break;
      wanted.push(file.id);
    }
    blobs.prefetch(wanted);
  }

  function read(file: RevisionFile, index: number): string | null {
    const already = shared?.textOf(file.id) ?? null;
    if (already !== null) return already;
    if (file.size > defaultLimits.text)
      return refuse(file.path, 'tree-text-too-large', `This file has ${file.size} bytes; its text was not read.`);
    if (!blobs.has(file.id)) fetch(index);
    const blob = blobs.blob(file.id);
    if (blob === null) return refuse(file.path, 'tree-unreadable', 'Git does not have the content of this file.');
    if (blob.toString('latin1', 0, 43) === 'version https://git-lfs.github.com/spec/v1\n')
      return refuse(file.path, 'tree-lfs-pointer', 'The content of this file is in Git LFS, not in the commit.');
    return utf8Text(blob) ?? refuse(file.path, 'tree-not-utf8', 'This file is not UTF-8 text and was not read.');
  }

  function refuse(path: string, check: string, message: string): null {
    complaints.set(path, treeComplaint(check, path, message));
    return null;
  }

  return {
    text(path: string): string | null {
      const index = place.get(path);
      const file = index === undefined ? undefined : files[index];
      if (file === undefined || index === undefined) return null;
      const kept = known.get(file.id);
      if (kept !== undefined) return kept;
      const text = read(file, index);
      known.set(file.id, text);
      return text;
    },
    complaints: () => [...complaints.values()],
  };
}
