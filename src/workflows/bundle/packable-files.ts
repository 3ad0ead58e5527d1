import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fail, messageOf } from '../../base/errors.ts';
import type { TarSource } from '../../base/tar/write-tar.ts';
import { holdsPrivateKey, neverPacked } from '../../delivery/bundle/never-packed.ts';
import type { Digest } from '../../model/identifiers.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

const LARGEST_KEY_FILE = 64 * 1024;

type SeenFile = { real: string; size: number; executable: boolean; digest: Digest };

/**
 * Files of a project as they go into a bundle. A file is read once for its digest and remembered;
 * `source` gives exactly those bytes again or throws `bundle-file-changed`.
 * Both throw `bundle-file-outside` for whatever is not a listed file of the project, or leads out of it.
 */
export type PackableFiles = { digest(path: string): Digest; source(path: string): TarSource };

export function packableFiles(root: string, files: ProjectFiles): PackableFiles {
  const realRoot = realpathSync(root);
  const listed = new Set(files.entries.map((entry) => entry.path));
  const seen = new Map<string, SeenFile>();
  function look(path: string): SeenFile {
    const known = seen.get(path);
    if (known !== undefined) return known;
    const file = readOnce(realPathInside({ realRoot, path, listed }), path);
    seen.set(path, file);
    return file;
  }
  return {
    digest: (path) => look(path).digest,
    source(path) {
      const { real, size, executable, digest } = look(path);
      return { path, size, executable, bytes: () => sameBytes({ real, path, size, digest }) };
    },
  };
}

/** Where the file really is: inside the project, and listed there under its own name too when it is reached by a link. */
function realPathInside(input: { realRoot: string; path: string; listed: ReadonlySet<string> }): string {
  const { realRoot, path, listed } = input;
  if (!listed.has(path))
    throw outside(path, 'it is not among the files of the project (missing, ignored or too large)');
  const real = realPath(join(realRoot, path), path);
  const inside = relative(realRoot, real).split(sep).join('/');
  if (inside === path) return real;
  if (inside.startsWith('../') || inside === '..') throw outside(path, 'it is a link that leads out of the project');
  const never = neverPacked(inside);
  if (never !== null) throw outside(path, `it is a link to ${inside}, and ${never}`);
  if (!listed.has(inside))
    throw outside(path, `it is a link to ${inside}, which is not among the files of the project`);
  return real;
}

function realPath(file: string, path: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    throw fail('bundle-file-changed', { path }, error);
  }
}

function readOnce(real: string, path: string): SeenFile {
  const file = openPlain(real, path);
  try {
    const { size, mode } = fstatSync(file);
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(Math.min(Math.max(size, 1), 1024 * 1024));
    let total = 0;
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, read));
      if (total === 0 && size <= LARGEST_KEY_FILE) refuseKeys(chunk.toString('latin1', 0, read), path);
      total += read;
    }
    if (total !== size) throw fail('bundle-file-changed', { path });
    return { real, size, executable: (mode & 0o100) !== 0, digest: `sha256:${hash.digest('hex')}` as Digest };
  } finally {
    closeSync(file);
  }
}

function refuseKeys(text: string, path: string): void {
  if (holdsPrivateKey(text)) throw outside(path, 'it holds a private key');
}

function openPlain(real: string, path: string): number {
  try {
    const file = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    throw outside(path, `it cannot be read (${messageOf(error)})`);
  }
  throw outside(path, 'it is not a plain file');
}

async function* sameBytes(file: { real: string; path: string; size: number; digest: Digest }): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(file.real, { flags: 'r', highWaterMark: 256 * 1024 })) {
      hash.update(chunk);
      size += chunk.length;
      if (size > file.size) throw fail('bundle-file-changed', { path: file.path });
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw fail('bundle-file-changed', { path: file.path }, error);
    }
    throw error;
  }
  if (`sha256:${hash.digest('hex')}` !== file.digest) throw fail('bundle-file-changed', { path: file.path });
}

function outside(path: string, because: string): Error {
  return fail('bundle-file-outside', { path, because });
}
