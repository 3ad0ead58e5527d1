import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { fail, messageOf } from '../base/errors.ts';
import { SignedHeadShape } from '../server/contract.ts';
import type { Client } from './client.ts';

/**
 * An audit log outside the control plane: `entries` are the exact texts that were hashed, number 0 first, `heads` what the
 * control plane signed, `keys` its public keys. Whoever has the keys from elsewhere should verify with those.
 */
export const AuditFile = z.object({
  headgate: z.literal('audit-log/1'),
  entries: z.array(z.string()),
  heads: z.array(SignedHeadShape),
  keys: z.array(z.object({ keyId: z.string(), publicPem: z.string() })),
});
export type AuditFile = z.infer<typeof AuditFile>;

/** The whole log, with a head signed over all that is in it. */
export async function fetchAudit(client: Client): Promise<AuditFile> {
  const head = await client.signHead();
  const entries: string[] = [];
  while (entries.length < head.size) {
    const more = await client.auditTexts(entries.length);
    if (more.length === 0) break;
    entries.push(...more);
  }
  const heads = (await client.heads()).filter(({ size }) => size <= head.size);
  return { headgate: 'audit-log/1', entries: entries.slice(0, head.size), heads, keys: await client.auditKeys() };
}

export async function writeAudit(file: string, log: AuditFile): Promise<void> {
  await writeFile(file, `${JSON.stringify(log, null, 1)}\n`, { mode: 0o600 });
}

/** Throws `audit-file-unreadable`. */
export async function readAudit(file: string): Promise<AuditFile> {
  try {
    return AuditFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw fail('audit-file-unreadable', { file, because: messageOf(error).slice(0, 300) }, error);
  }
}
