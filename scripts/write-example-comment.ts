import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes docs/example-comment.md from a real run: the payments example with two of its changes, compared and checked on the
 * real Airflow and dbt. What was found is kept in tests/report/golden/, from which a unit test makes the same comment again.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'examples/payments');
const golden = join(root, 'tests/report/golden');
const changes = ['broken', 'fails-at-run'];
const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org'];

const folder = mkdtempSync(join(tmpdir(), 'headgate-example-'));
try {
  cpSync(example, folder, {
    recursive: true,
    filter: (path) => !/\/(changes|\.headgate|__pycache__)(\/|$)/.test(path),
  });
  git('init', '-q', '-b', 'main');
  commit('as it is');
  for (const change of changes) cpSync(join(example, 'changes', change, 'files'), folder, { recursive: true });
  git('checkout', '-q', '-b', 'change');
  commit('the change');
  const touched = git('diff', '--name-only', 'main').trim().split('\n');
  keep('impact', headgate('impact', '--base', 'main', '--json'));
  keep('check', headgate('check', '--json', '--no-cache'));
  keep('touched', JSON.stringify(touched));
  const files = ['--impact', join(golden, 'impact.json'), '--check', join(golden, 'check.json')];
  headgate('report', ...files, '--output', join(root, 'docs/example-comment.md'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function git(...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' });
}

function commit(message: string): void {
  git('add', '-A');
  git('commit', '-q', '-m', message);
}

/** What it printed; that it found something is no failure. No runner is told of, so nothing is linked. */
function headgate(...args: string[]): string {
  const { GITHUB_REPOSITORY: _github, CI_PROJECT_URL: _gitlab, ...env } = process.env;
  const [node, options] = [process.execPath, { cwd: folder, encoding: 'utf8' as const, env, maxBuffer: 2 ** 28 }];
  const ran = spawnSync(node, [join(root, 'src/cli/main.ts'), ...args], options);
  if (ran.status !== 0 && ran.status !== 1)
    throw new Error(`headgate ${args[0]} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

function keep(name: string, json: string): void {
  writeFileSync(join(golden, `${name}.json`), `${JSON.stringify(JSON.parse(json), null, 2)}\n`);
}
