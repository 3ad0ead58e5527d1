import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes docs/example-comment.md from real runs: two changes of the payments example, compared and checked on the real Airflow
 * and dbt. What was found is kept in tests/report/golden/, from which a unit test makes the same comments again; the plan there
 * is what scripts/write-example-plan.ts got from a real control plane.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'examples/payments');
const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org'];
const stories = [
  { change: 'fails-at-run', title: 'A change that passes every check, and breaks what others read' },
  { change: 'broken', title: 'A change that a release must not get' },
];

const comments = stories.map(({ change, title }) => `## ${title}\n\n${commentOn(change)}`);
const about =
  'What `headgate report` says of two changes of [the example](../examples/payments); made by `node scripts/write-example-comment.ts`.';
writeFileSync(
  join(root, 'docs/example-comment.md'),
  `# Comments on pull requests\n\n${about}\n\n${comments.join('\n---\n\n')}`,
);

function commentOn(change: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-example-'));
  const comment = join(folder, '.git', 'comment.md');
  const golden = join(root, 'tests/report/golden', change);
  mkdirSync(golden, { recursive: true });
  const keep = (name: string, json: string) =>
    writeFileSync(join(golden, `${name}.json`), `${JSON.stringify(JSON.parse(json), null, 2)}\n`);
  try {
    cpSync(example, folder, {
      recursive: true,
      filter: (path) => !/\/(changes|\.headgate|__pycache__)(\/|$)/.test(path),
    });
    git(folder, 'init', '-q', '-b', 'main');
    commit(folder, 'as it is');
    cpSync(join(example, 'changes', change, 'files'), folder, { recursive: true });
    git(folder, 'checkout', '-q', '-b', 'change');
    commit(folder, 'the change');
    keep('touched', JSON.stringify(git(folder, 'diff', '--name-only', 'main').trim().split('\n')));
    keep('impact', headgate(folder, 'impact', '--base', 'main', '--json'));
    keep('check', headgate(folder, 'check', '--json', '--no-cache'));
    const files = ['impact', 'check', 'plan'].map((name) => [name, join(golden, `${name}.json`)] as const);
    const given = files.flatMap(([name, path]) => (existsSync(path) ? [`--${name}`, path] : []));
    headgate(folder, 'report', ...given, '--output', comment);
    return readFileSync(comment, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' });
}

function commit(folder: string, message: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', message);
}

/** What it printed; that it found something is no failure. No runner is told of, so nothing is linked. */
function headgate(folder: string, ...args: string[]): string {
  const { GITHUB_REPOSITORY: _github, CI_PROJECT_URL: _gitlab, ...env } = process.env;
  const [node, options] = [process.execPath, { cwd: folder, encoding: 'utf8' as const, env, maxBuffer: 2 ** 28 }];
  const ran = spawnSync(node, [join(root, 'src/cli/main.ts'), ...args], options);
  if (ran.status === 0 || ran.status === 1) return ran.stdout;
  throw new Error(`headgate ${args[0]} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
}
