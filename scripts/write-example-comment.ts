import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleComments, goldenFile, stories } from './example-comment/example-comments.ts';

/**
 * Makes docs/example-comment.md from real runs: two changes of the payments example, compared and checked on the real Airflow
 * and dbt. What was found is kept in tests/report/golden/; with `--from-kept` the document is made anew from that alone. The plan
 * there is what scripts/write-example-plan.ts got from a real control plane.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'examples/payments');
const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org'];

if (!process.argv.includes('--from-kept')) {
  const found = stories.flatMap(({ change }) => whatIsFound(change));
  for (const { path, json } of found) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(JSON.parse(json), null, 2)}\n`);
  }
}
writeFileSync(join(root, 'docs/example-comment.md'), exampleComments());

function whatIsFound(change: string): { path: string; json: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-example-'));
  try {
    cpSync(example, folder, { recursive: true, filter: isSource });
    git(folder, 'init', '-q', '-b', 'main');
    commit(folder, 'as it is');
    cpSync(join(example, 'changes', change, 'files'), folder, { recursive: true });
    git(folder, 'checkout', '-q', '-b', 'change');
    commit(folder, 'the change');
    const touched = git(folder, 'diff', '--name-only', 'main').trim().split('\n');
    return [
      { path: goldenFile(change, 'touched'), json: JSON.stringify(touched) },
      { path: goldenFile(change, 'impact'), json: headgate(folder, 'impact', '--base', 'main', '--json') },
      { path: goldenFile(change, 'check'), json: headgate(folder, 'check', '--json', '--no-cache') },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isSource(path: string): boolean {
  return !/\/(changes|\.headgate|__pycache__)(\/|$)/.test(path);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' });
}

function commit(folder: string, message: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', message);
}

/** What it printed; that it found something is no failure. */
function headgate(folder: string, ...args: string[]): string {
  const options = { cwd: folder, encoding: 'utf8' as const, maxBuffer: 2 ** 28 };
  const ran = spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), ...args], options);
  if (ran.status === 0 || ran.status === 1) return ran.stdout;
  throw new Error(`headgate ${args[0]} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
}
