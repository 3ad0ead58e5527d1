import { resolve } from 'node:path';
import { fail } from '../../../base/errors.ts';
import { type TrustedKey, trustedKey } from '../../../base/signing.ts';
import { readTrustedKey } from '../../../base/signing-keys.ts';
import { leafOf } from '../../../delivery/audit/entry.ts';
import { isSigned } from '../../../delivery/audit/head.ts';
import { rootFromPath } from '../../../delivery/audit/merkle.ts';
import { type LogVerdict, verifyLog } from '../../../delivery/audit/verify-log.ts';
import { type AuditFile, fetchAudit, readAudit, writeAudit } from '../../audit-file.ts';
import { openClient } from '../../client.ts';
import { type Command, type Invocation, listOption, option, repeatable, textOption } from '../../command.ts';

const list: Command = {
  words: ['audit', 'list'],
  summary: 'Show what happened, newest first',
  arguments: ['[subject]'],
  options: [option('--limit <count>', 'how many', '50')],
  async run(invocation) {
    const limit = Math.min(1000, Math.max(1, Number(textOption(invocation, 'limit') ?? 50) || 50));
    const entries = await (await openClient()).entries({
      before: null,
      subject: invocation.arguments[0] ?? null,
      limit,
    });
    invocation.print.result({ entries }, () =>
      entries.map(
        ({ seq, at, actor, action, subject }) => `${String(seq).padStart(6)}  ${at}  ${actor}  ${action}  ${subject}`,
      ),
    );
    return 0;
  },
};

const exportLog: Command = {
  words: ['audit', 'export'],
  summary: 'Write the whole log, with its signed heads, to a file that can be verified anywhere',
  arguments: ['<file>'],
  options: [],
  async run({ arguments: [file = ''], cwd, print }) {
    const log = await fetchAudit(await openClient());
    await writeAudit(resolve(cwd, file), log);
    const { entries, heads } = log;
    print.result({ file, entries: entries.length, heads: heads.length }, () => [
      `${entries.length} entries and ${heads.length} signed heads are in ${file}. Verify them with: headgate audit verify ${file}`,
    ]);
    return 0;
  },
};

const verify: Command = {
  words: ['audit', 'verify'],
  summary:
    'Check that no entry was changed, removed, added or moved: of the control plane, or offline of an exported file',
  arguments: ['[file]'],
  options: [
    repeatable('--earlier <file>', 'a log that was exported before; the history must still hold it'),
    repeatable(
      '--key <file>',
      "the control plane's public key, from somewhere you trust (default: the keys in the log)",
    ),
  ],
  run: runVerify,
};

async function runVerify(invocation: Invocation) {
  const { cwd, print } = invocation;
  const file = invocation.arguments[0];
  const log = file === undefined ? await fetchAudit(await openClient()) : await readAudit(resolve(cwd, file));
  const earlier = await Promise.all(listOption(invocation, 'earlier').map((path) => readAudit(resolve(cwd, path))));
  const keys = await trustedKeys(invocation, [...earlier, log]);
  const heads = [...log.heads, ...earlier.flatMap((one) => one.heads)];
  const verdict = verifyLog({ texts: log.entries, heads, keys });
  print.result(verdict, () => verdictLines(verdict));
  return verdict.ok ? (0 as const) : (1 as const);
}

async function trustedKeys(invocation: Invocation, logs: readonly AuditFile[]): Promise<TrustedKey[]> {
  const files = listOption(invocation, 'key');
  if (files.length > 0) return Promise.all(files.map((file) => readTrustedKey(resolve(invocation.cwd, file))));
  // What was exported first vouches for its keys; keys that only a later log brings along prove nothing against it.
  return (logs[0]?.keys ?? []).map(({ publicPem }) => trustedKey(publicPem));
}

function verdictLines({ ok, size, root, checkedHeads, problems }: LogVerdict): string[] {
  if (ok) return [`The log stands: ${size} entries, ${checkedHeads} signed heads agree, root ${root}`];
  return [
    `The log does NOT stand (${size} entries, ${checkedHeads} heads agree):`,
    ...problems.slice(0, 20).map(({ problem }) => `  ${problem}`),
  ];
}

const prove: Command = {
  words: ['audit', 'prove'],
  summary: 'Show and check the proof that one entry is in the log',
  arguments: ['<number>'],
  options: [],
  async run({ arguments: [number = ''], print }) {
    const client = await openClient();
    const index = Number(number);
    if (!Number.isInteger(index) || index < 0)
      throw fail('request-invalid', { problem: `${number} is no entry number` });
    const proof = await client.proof(index);
    const keys = (await client.auditKeys()).map(({ publicPem }) => trustedKey(publicPem));
    const path = proof.path.map((hash) => Buffer.from(hash, 'hex'));
    const root = rootFromPath({ leaf: leafOf(proof.entry), index, size: proof.head.size, path });
    const holds = isSigned(proof.head, keys) && root?.toString('hex') === proof.head.root;
    print.result({ ...proof, holds }, () => [
      proof.entry,
      holds ? `is entry ${index} of the log as signed at ${proof.head.at}` : `is NOT proven to be entry ${index}`,
    ]);
    return holds ? 0 : 1;
  },
};

export const auditCommands: readonly Command[] = [list, verify, exportLog, prove];
