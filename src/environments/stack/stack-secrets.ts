import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const StackSecrets = z.object({ password: z.string(), fernetKey: z.string(), webKey: z.string() });
export type StackSecrets = z.infer<typeof StackSecrets>;

/** Passwords and keys of one local stack, made once and kept in a file that only its owner can read. */
export async function stackSecrets(folder: string): Promise<StackSecrets> {
  const file = join(folder, 'secrets.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return StackSecrets.parse(JSON.parse(kept));
  const made = {
    password: randomBytes(24).toString('base64url'),
    fernetKey: randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    webKey: randomBytes(32).toString('hex'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return StackSecrets.parse(JSON.parse(await readFile(file, 'utf8')));
}
