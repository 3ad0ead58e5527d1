import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { askGit, gitLine } from '../../base/git/run-git.ts';
import type { Source } from '../../delivery/checks/comment/comment-input.ts';
import type { Environment } from './pull-request-event.ts';

/** The project's folder in its repository: '' for the whole of it or where there is none, else with a slash at its end. */
export function rootInRepository(folder: string): string {
  const top = gitLine(folder, ['rev-parse', '--show-toplevel']);
  if (top === null || top === '') return '';
  const inside = relative(realpathSync(top), realpathSync(folder)).split(sep).join('/');
  return inside === '' || inside.startsWith('..') ? '' : `${inside}/`;
}

/**
 * The files of the project that differ between two revisions, as paths of the project; null when git cannot tell. `head` null
 * is the working tree, which counts only where it is of `pulled`, the head of the pull request (null: any). `root` as
 * `rootInRepository` gives it.
 */
export function touchedFiles(
  folder: string,
  { base, head, pulled }: { base: string; head: string | null; pulled: string | null },
  root: string,
): Source['touched'] {
  if (head === null && pulled !== null && !isOf(folder, pulled)) return null;
  const ends = head === null ? [base] : [base, head];
  const { out } = askGit(folder, ['diff', '--name-only', '--no-renames', '-z', '--end-of-options', ...ends, '--', '.']);
  if (out === null) return null;
  const paths = out
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && path.startsWith(root));
  return new Set(paths.map((path) => path.slice(root.length)));
}

/** True where the commit itself is checked out, or its merge into the base branch, as GitHub does it. */
function isOf(folder: string, commit: string): boolean {
  return ['HEAD^{commit}', 'HEAD^2'].some(
    (name) => gitLine(folder, ['rev-parse', '--verify', '--quiet', name]) === commit,
  );
}

/** Where the files of this commit can be read, and this run: from what GitHub's and GitLab's runners say, else null. */
export function runnerPlace(env: Environment, headCommit: string | null): { blob: string | null; run: string | null } {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const commit = headCommit ?? env.GITHUB_SHA;
  if (server && repository) {
    return {
      blob: commit ? safeUrl(`${server}/${repository}/blob/${commit}/`) : null,
      run: id ? safeUrl(`${server}/${repository}/actions/runs/${id}`) : null,
    };
  }
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: sha, CI_JOB_URL: job } = env;
  return { blob: project && sha ? safeUrl(`${project}/-/blob/${sha}/`) : null, run: job ? safeUrl(job) : null };
}

/** An address that may stand in Markdown: https, and nothing that ends a link. */
function safeUrl(text: string): string | null {
  return /^https?:\/\/[\w.~:/?#@!$&*+,;=%-]+$/.test(text) ? text : null;
}
