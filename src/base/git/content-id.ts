import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Git's name for the content of a file as it is on the disk: SHA-1 over its length and bytes. Null for what cannot be read. */
export function contentIdOf(file: string): string | null {
  try {
    const bytes = readFileSync(file);
    return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  } catch {
    return null;
  }
}
