import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { childEnv } from '../child-env.ts';
import { runTool } from '../run-tool.ts';
import { withScratch } from '../scratch-folder.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';
import { sitePackages } from './site-packages.ts';

/**
 * `runtime` is what the code is for, `pytest` the runtime of the tool. `copied` are the files that the tests see, `files` those
 * with tests, `sysPath` folders for sys.path; all relative to `root`. `env` may hold `{scratch}` and `{root}` (of the copy).
 */
export type PytestOrder = {
  runtime: Runtime;
  pytest: Runtime;
  root: string;
  copied: readonly string[];
  files: readonly string[];
  sysPath: readonly string[];
  env: Record<string, string>;
  /** Files put into the scratch folder first, by name. */
  given?: Record<string, string>;
  signal?: AbortSignal | undefined;
};

const TestLine = z.object({
  test: z.string(),
  path: z.string(),
  line: z.number(),
  outcome: z.enum(['passed', 'failed', 'errored', 'skipped']),
  message: z.string(),
  seconds: z.number(),
  /** Modules that code of the project asked for in vain: while this file was loaded, in this test, or in one before it. */
  missing: z.array(z.string()),
});
const CollectLine = z.object({
  collect: z.string(),
  path: z.string(),
  line: z.number().nullable(),
  message: z.string(),
  missing: z.array(z.string()),
});
const Line = z.union([TestLine, CollectLine, z.object({ exit: z.number() })]);

export type PytestResult = z.infer<typeof TestLine>;
export type CollectError = z.infer<typeof CollectLine>;
/** `ended` is null when pytest came to its end, else what stopped it. Messages do not hold the place of the copy. */
export type PytestReport = { results: PytestResult[]; uncollected: CollectError[]; ended: string | null };

/** pytest refuses options in the project's settings that belong to plugins which are not here. */
const [STOPPED, WRONG_USE, NO_TESTS] = [2, 4, 5];
const LONGEST_TAIL = 1500;

/** Runs pytest on a copy of the files, without network, writing nowhere else. The project's own pytest settings count. */
export async function runPytest(order: PytestOrder): Promise<PytestReport> {
  return withScratch('pytest', async (scratch) => {
    const root = join(scratch, 'project');
    await copyFiles(order, root);
    for (const [name, from] of Object.entries(order.given ?? {})) await copyFile(from, join(scratch, name));
    const first = await runOnce(order, { scratch, root, options: [] });
    const isRefused = first.exit === WRONG_USE && first.report.results.length === 0;
    return (isRefused ? await runOnce(order, { scratch, root, options: ['-o', 'addopts='] }) : first).report;
  });
}

async function copyFiles({ root: from, copied }: PytestOrder, root: string): Promise<void> {
  await mkdir(root);
  for (const folder of new Set(copied.map((path) => dirname(join(root, path)))))
    await mkdir(folder, { recursive: true });
  for (const path of copied) await copyFile(join(from, path), join(root, path));
}

type Place = { scratch: string; root: string; options: string[] };

async function runOnce(order: PytestOrder, place: Place): Promise<{ report: PytestReport; exit: number | null }> {
  const { scratch, root, options } = place;
  const [orderFile, reportFile] = [join(scratch, `${randomUUID()}.json`), join(scratch, `${randomUUID()}.jsonl`)];
  const sysPath = order.sysPath.map((path) => join(root, path));
  const said = { root, scratch, files: order.files, sysPath, toolPackages: sitePackages(order.pytest), options };
  await writeFile(orderFile, JSON.stringify(said));
  const env = childEnv([], {
    ...runtimeEnv(order.runtime),
    ...Object.fromEntries(Object.entries(order.env).map(([name, value]) => [name, filled(value, place)])),
    ...{ PYTHONPATH: join(bridgeFolder, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    ...{ HOME: scratch, TMPDIR: scratch, TZ: 'UTC' },
  });
  const argv = [order.runtime.python, '-m', 'headgate_bridge.run_pytest', orderFile, reportFile];
  const ended = await runTool({ argv, cwd: root, env, ...(order.signal ? { signal: order.signal } : {}) });
  return readReport(await readFile(reportFile, 'utf8').catch(() => ''), place, `${ended.out}\n${ended.err}`);
}

function filled(value: string, { scratch, root }: Place): string {
  return value.replaceAll('{scratch}', scratch).replaceAll('{root}', root);
}

function readReport(text: string, place: Place, output: string): { report: PytestReport; exit: number | null } {
  const plain = (message: string) =>
    message.replaceAll(`${place.root}/`, '').replaceAll(place.root, '.').replaceAll(place.scratch, '<scratch>');
  const lines = text.split('\n').flatMap((line) => (line.endsWith('}') ? [Line.parse(JSON.parse(line))] : []));
  const results = lines.flatMap((line) => ('test' in line ? [{ ...line, message: plain(line.message) }] : []));
  const uncollected = lines.flatMap((line) => ('collect' in line ? [{ ...line, message: plain(line.message) }] : []));
  const exit = lines.flatMap((line) => ('exit' in line ? [line.exit] : []))[0] ?? null;
  // 0 and 1: it came to its end; 5: there was no test; 2: it was stopped, as it is by files that it cannot load.
  const isWhole = exit !== null && (exit <= 1 || exit === NO_TESTS || (exit === STOPPED && uncollected.length > 0));
  const ended = isWhole ? null : plain(output.trim().slice(-LONGEST_TAIL)) || 'it said nothing';
  return { report: { results, uncollected, ended }, exit };
}
