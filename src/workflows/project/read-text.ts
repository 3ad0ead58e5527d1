import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { utf8Text } from '../../base/utf8-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { FileEntry } from '../../model/project-files.ts';

const cacheBytes = 32 * 1024 * 1024;
const sources = /\.(py|sql|ya?ml|json|tf|hcl|proto|avsc|toml|cfg|txt|md|csv)$/i;

/** Reads texts of the tree on demand, keeping the latest ones. Never throws; what went wrong is in `complaints`. */
export function createTextReader(
  root: string,
  entries: readonly FileEntry[],
  limit: number,
): { text(path: string): string | null; complaints(): Finding[] } {
  const sizes = new Map(entries.map((entry) => [entry.path, entry.size]));
  const complaints = new Map<string, Finding>();
  const cache = new Map<string, string>();
  let held = 0;

  function remember(path: string, text: string): void {
    held += text.length;
    cache.set(path, text);
    for (const [oldest, old] of cache) {
      if (held <= cacheBytes || cache.size === 1) return;
      cache.delete(oldest);
      held -= old.length;
    }
  }

  function read(path: string, size: number): string | null {
    if (size > limit) {
      complaints.set(
        path,
        complaint('tree-text-too-large', path, `This file has ${size} bytes; its text was not read (limit ${limit}).`),
      );
      return null;
    }
    try {
      const text = utf8Text(readRegularFile(join(root, path)));
      if (text === null && sources.test(path))
        complaints.set(path, complaint('tree-not-utf8', path, 'This file is not UTF-8 text and was not read.'));
      return text;
    } catch (error) {
      const message = `This file cannot be read: ${messageOf(error)}`;
      complaints.set(path, complaint('tree-unreadable', path, message));
      return null;
    }
  }

  return {
    text(path) {
      const size = sizes.get(path);
      if (size === undefined || complaints.has(path)) return null;
      const kept = cache.get(path);
      if (kept !== undefined) return kept;
      const text = read(path, size);
      if (text !== null) remember(path, text);
      return text;
    },
    complaints: () => [...complaints.values()],
  };
}

/** Opened without waiting, so that a pipe that took the file's place cannot hold the reader. */
function readRegularFile(path: string): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('it is no longer a file');
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function complaint(check: string, path: string, message: string): Finding {
  const hint = check === 'tree-not-utf8' ? 'Save it as UTF-8.' : 'Name it under `ignore` if it need not be read.';
  return { check, asset: null, path, line: null, status: 'failed', severity: 'warning', message, hint };
}
