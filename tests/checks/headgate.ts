import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** The documented shape of `check --json`; a key more or less fails. */
export const Report = z.strictObject({
  findings: z.array(
    z.strictObject({
      check: z.string(),
      asset: z.string().nullable(),
      path: z.string().nullable(),
      line: z.number().int().min(1).nullable(),
      status: z.enum(['passed', 'failed', 'errored', 'skipped', 'flaky']),
      severity: z.enum(['error', 'warning', 'note']),
      message: z.string().min(1),
      hint: z.string().min(1).nullable(),
    }),
  ),
  summary: z.strictObject({
    passed: z.number(),
    failed: z.number(),
    errored: z.number(),
    skipped: z.number(),
    blocking: z.number(),
    reused: z.number(),
    shard: z.strictObject({ index: z.number(), of: z.number(), cut: z.string() }).optional(),
  }),
});
export type Report = z.infer<typeof Report>;

export type Ended = { status: number | null; out: string; err: string };

/** Runs the real command line in a folder. */
export function headgate(folder: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

/** `check --json` with its report. */
export async function checked(folder: string, args: string[] = []): Promise<{ status: number | null; report: Report }> {
  const ended = await headgate(folder, ['check', '--json', ...args]);
  return { status: ended.status, report: Report.parse(JSON.parse(ended.out)) };
}

/** `path:line check message` of what stops a release. */
export function blocking({ findings }: Report): string[] {
  return findings
    .filter(({ status, severity }) => severity === 'error' && (status === 'failed' || status === 'errored'))
    .map(({ path, line, check, message }) => `${path}:${line} ${check}: ${message}`);
}

/** A project in a folder of its own, from texts by path. */
export async function createProject(texts: {
  [path: string]: string;
}): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-checks-'));
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
