import { HeadgateError } from '../../base/errors.ts';
import { askGit, gitLine } from '../../base/git/run-git.ts';
import { addedLines } from '../../delivery/checks/secrets/added-lines.ts';
import { findPastSecrets } from '../../delivery/checks/secrets/find-past-secrets.ts';
import { skipped } from '../../model/check-finding.ts';
import { resolveComparison } from '../revision/resolve-comparison.ts';
import type { ProjectCheck } from './project-check.ts';

const NAME = 'secrets-in-change';
const MOST_COMMITS = 2000;

export const secretsInChange: ProjectCheck = {
  name: NAME,
  title: 'No commit of the change brought in a secret',
  dependsOn: ['project-files', 'revision'],
  async identity({ reading }) {
    const range = rangeOf(reading.root);
    return 'because' in range ? range.because : `${range.base} ${range.head}`;
  },
  async run({ reading }) {
    const { root, files } = reading;
    const range = rangeOf(root);
    if ('because' in range) return [skipped(NAME, range.because, { hint: range.hint })];
    if (range.base === range.head) return [skipped(NAME, 'There are no commits since the default branch.')];
    const commits = Number(gitLine(root, ['rev-list', '--count', `${range.base}..${range.head}`]) ?? 0);
    if (commits > MOST_COMMITS) {
      return [skipped(NAME, `The change has ${commits} commits; up to ${MOST_COMMITS} are looked at.`)];
    }
    const { out, said } = askGit(root, [
      ...['-c', 'core.quotePath=false', 'log', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'],
      ...['--src-prefix=a/', '--dst-prefix=b/', '--relative', '-p', '-U0', '--format=%x00%H'],
      ...[`${range.base}..${range.head}`, '--', '.'],
    ]);
    if (out === null) return [skipped(NAME, `Git could not tell what the commits change: ${said}`)];
    return findPastSecrets(addedLines(out.toString('utf8')), files.text);
  },
};

/** The commits of the change: those since the default branch was left. */
function rangeOf(root: string): { base: string; head: string } | { because: string; hint: string | null } {
  try {
    const { base } = resolveComparison(root, { base: null, head: null });
    const head = gitLine(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    return head === null ? { because: 'There is no commit yet.', hint: null } : { base, head };
  } catch (error) {
    if (error instanceof HeadgateError) return { because: `Not told: ${error.message}`, hint: error.hint };
    throw error;
  }
}
