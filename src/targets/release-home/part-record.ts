import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Digest, hexOf, type PartKey } from '../../model/identifiers.ts';

/** `parts/<hex>.json`, written last: the folder `parts/<hex>` counts only when this is there and matches it. */
export const PartRecord = z.object({
  version: z.literal(1),
  part: z.string(),
  digest: z.string(),
  files: z.number().int().min(0),
  bytes: z.number().int().min(0),
});
export type PartRecord = z.infer<typeof PartRecord>;

export function partFolder(digest: Digest): string {
  return `parts/${hexOf(digest)}`;
}

/** What a local folder holds, as the record will say it. A symlink or anything else that is no plain file throws. */
export async function recordOf(part: PartKey, digest: Digest, folder: string): Promise<PartRecord> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== undefined) throw new Error(`a part holds ${odd.name}, which is neither a file nor a folder`);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { version: 1, part, digest, files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
