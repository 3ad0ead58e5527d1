import { spawnSync } from 'node:child_process';
import { fail } from '../errors.ts';

/** What git answered: its output, and null instead where it said no (`said` is then its reason). */
export type GitAnswer = { out: Buffer; said: null } | { out: null; said: string };

const LARGEST_ANSWER = 2 ** 31 - 1;
/** Set by hooks for the commit they are about; they would point git to another index or repository. */
const ofHooks = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE'];

/**
 * Runs git in a folder for reading. Nothing that the repository's own settings name is started: no hook, pager, filter,
 * file-system monitor or fetch. Throws `git-missing` where there is no git.
 */
export function askGit(folder: string, args: readonly string[], input = ''): GitAnswer {
  const ran = spawnSync('git', ['-c', 'core.fsmonitor=false', '-C', folder, ...args], {
    input,
    env: quietEnvironment(),
    maxBuffer: LARGEST_ANSWER,
  });
  if (ran.error !== undefined && ran.status === null && 'code' in ran.error && ran.error.code === 'ENOENT')
    throw fail('git-missing', { folder }, ran.error);
  if (ran.status === 0) return { out: ran.stdout, said: null };
  const said = ran.stderr.toString('utf8').trim().split('\n')[0] ?? '';
  return { out: null, said: said || (ran.error?.message ?? `it ended with ${ran.status ?? ran.signal}`) };
}

/** The trimmed output as text; null when git said no. */
export function gitLine(folder: string, args: readonly string[]): string | null {
  return askGit(folder, args).out?.toString('utf8').trim() ?? null;
}

function quietEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
  for (const name of ofHooks) delete env[name];
  return env;
}
