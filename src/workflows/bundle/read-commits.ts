import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CommitFacts } from '../../delivery/bundle/provenance.ts';

const run = promisify(execFile);

/**
 * What git says of the folder: its commit, whether tracked or new files differ from it, where it came from, and who wrote
 * the commits since `base` (a ref; null: where the branch left the remote's main branch, else the commit alone).
 * Null when the folder is in no git work tree, has no commit yet, or git is not installed.
 */
export async function readCommits(folder: string, base: string | null): Promise<CommitFacts | null> {
  const commit = await git(folder, ['rev-parse', '--verify', 'HEAD']);
  if (commit === null) return null;
  const changes = await git(folder, [
    'status',
    '--porcelain',
    '--untracked-files=normal',
    '--',
    '.',
    ':(exclude).headgate',
  ]);
  const remote = await git(folder, ['config', '--get', 'remote.origin.url']);
  const start = await startOf(folder, base);
  const range = start === null || start === commit ? ['-1', commit] : [`${start}..${commit}`];
  const authors = (await git(folder, ['log', '--format=%aN <%aE>', ...range, '--', '.'])) ?? '';
  const names = [...new Set(authors.split('\n').filter((line) => line !== ''))].sort();
  return {
    commit,
    base: start,
    dirty: changes === null || changes !== '',
    remote: remote && withoutCredentials(remote),
    authors: names,
  };
}

async function startOf(folder: string, base: string | null): Promise<string | null> {
  if (base !== null) return git(folder, ['merge-base', 'HEAD', base]);
  for (const branch of ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']) {
    const found = await git(folder, ['merge-base', 'HEAD', branch]);
    if (found !== null) return found;
  }
  return null;
}

/** The trimmed output, or null when git refused. */
async function git(folder: string, args: string[]): Promise<string | null> {
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  } catch {
    return null;
  }
}

function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z+]+:\/\/)[^@/]*@/, '$1');
}
