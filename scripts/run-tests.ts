import { relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { scenarioFiles, unitTestFiles } from './test-files.ts';

/**
 * Sets up what the tests need on a fresh machine, then runs every test: first the unit tests, then the scenarios on real
 * components in two lanes, so that two cores are enough: those on a running Airflow, which mostly wait and share one
 * Postgres, one after another beside all others, one after another. `npm test -- airflow` runs only files whose path holds
 * a word. The last line is `N passed, N failed`.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const fileLimitMs = 15 * 60_000;
const onAirflow = ['tests/airflow/', 'tests/examples/', 'tests/stack/'];

type Tally = { passed: number; failed: number };

const units = chosen(unitTestFiles(root));
const scenarios = chosen(scenarioFiles(root));
const started = performance.now();

if (scenarios.length > 0) await setUpRuntimes();
const tallies = [await runFiles('unit tests', units, 2)];
const lanes = await Promise.all(
  [true, false].map((waiting) => inTurn(scenarios.filter((file) => waits(file) === waiting))),
);
tallies.push(...lanes.flat());
const total = tallies.reduce(
  (sum, tally) => ({ passed: sum.passed + tally.passed, failed: sum.failed + tally.failed }),
  { passed: 0, failed: 0 },
);
print(`All of it took ${seconds(started)} s.`);
print(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function chosen(files: string[]): string[] {
  return files.filter((file) => words.length === 0 || words.some((word) => relative(root, file).includes(word)));
}

async function setUpRuntimes(): Promise<void> {
  for (const name of ['airflow', 'dbt', 'spark'] as const) {
    const began = performance.now();
    await ensureRuntime(name);
    print(`runtime ${name} is ready (${seconds(began)} s)`);
  }
}

function waits(file: string): boolean {
  return onAirflow.some((folder) => relative(root, file).startsWith(folder));
}

async function inTurn(files: string[]): Promise<Tally[]> {
  const results: Tally[] = [];
  for (const file of files) results.push(await runFiles(relative(root, file), [file], 1));
  return results;
}

/** Runs files, prints each failure whole and one line for the rest. Counts the tests themselves, not the suites around them. */
async function runFiles(title: string, files: string[], concurrency: number): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  if (files.length === 0) return tally;
  const began = performance.now();
  const failures: string[] = [];
  const figures: string[] = [];
  const output: string[] = [];
  await new Promise<void>((resolve) => {
    const stream = run({ files, concurrency, timeout: fileLimitMs, cwd: root });
    stream.on('test:pass', (event) => {
      if (event.details.type !== 'suite' && event.skip === undefined && event.todo === undefined) tally.passed += 1;
    });
    stream.on('test:fail', (event) => {
      if (
        event.details.type === 'suite' &&
        event.details.error.cause !== undefined &&
        isSubtestFailure(event.details.error)
      )
        return;
      tally.failed += 1;
      failures.push(
        `  FAIL ${event.file ? relative(root, event.file) : ''} ${event.name}\n${indent(describe(event.details.error))}`,
      );
    });
    stream.on('test:diagnostic', ({ message }) => {
      if (!/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(message)) figures.push(message);
    });
    stream.on('test:stdout', (event) => output.push(event.message));
    stream.on('test:stderr', (event) => output.push(event.message));
    stream.on('end', resolve);
    stream.resume();
  });
  print(
    `${tally.failed === 0 ? 'ok  ' : 'FAIL'} ${title}: ${tally.passed} passed, ${tally.failed} failed (${seconds(began)} s)`,
  );
  for (const figure of figures) print(`       ${figure}`);
  for (const failure of failures) print(failure);
  if (failures.length > 0) print(indent(output.join('').slice(-8000)));
  return tally;
}

function isSubtestFailure(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

function describe(error: Error): string {
  const cause =
    error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? error.message);
  return cause.slice(0, 4000);
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
