import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { didYouMean } from '../../base/did-you-mean.ts';
import { fail } from '../../base/errors.ts';
import { askGit, gitLine } from '../../base/git/run-git.ts';

/** Where a project lies in its repository. `prefix` has forward slashes and is empty where the project is the repository. */
export type RepositoryPlace = { repository: string; prefix: string };

/**
 * The two ends of a comparison. `base` and `head` are full commit ids; `head` null is the working tree, uncommitted and
 * untracked files included. `asked` is the base as it was named. `how` is one sentence for people on what was compared.
 */
export type Comparison = RepositoryPlace & { base: string; head: string | null; asked: string; how: string };

/** `base` may be a range: `a...b` from where b left a, `a..b` exactly from a; without `b`, to the working tree. */
export type AskedRevisions = { base: string | null; head: string | null };

const defaultBranches = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** The repository that a folder is in. Throws `git-no-repository` and `git-missing`. */
export function repositoryPlace(root: string): RepositoryPlace {
  const { out, said } = askGit(root, ['rev-parse', '--show-toplevel']);
  if (out === null && !/not a git repository|must be run in a work tree/.test(said))
    throw fail('git-refused', { what: `open the repository of ${root}`, said });
  if (out === null) throw fail('git-no-repository', { folder: root });
  const repository = realpathSync(out.toString('utf8').trimEnd());
  return { repository, prefix: relative(repository, realpathSync(root)).split(sep).join('/') };
}

/**
 * Tells which commits are compared. A base is taken as pull requests take it: the merge base of it and the head, so that
 * what others changed on the base meanwhile is not told as this change's. Where the head is named and is itself behind the base,
 * or shares no history with it, the base is compared as it is. Throws `git-revision-unknown`, `git-revision-not-fetched`,
 * `git-history-shallow`, `git-no-default-branch`, `impact-two-heads`.
 */
export function resolveComparison(root: string, asked: AskedRevisions): Comparison {
  const place = repositoryPlace(root);
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(asked.base ?? '');
  const end = range?.[3] || null;
  if (end !== null && asked.head !== null) throw fail('impact-two-heads', { base: asked.base ?? '', head: asked.head });
  const headText = end ?? asked.head;
  const head = headText === null ? null : commitOf(place.repository, headText);
  const start = range === null ? (asked.base ?? defaultBranch(place.repository)) : range[1] || 'HEAD';
  const base = commitOf(place.repository, start);
  const named = { start, base, head, headText };
  return {
    ...place,
    head,
    asked: start,
    ...(range?.[2] === '..' ? exactly(named) : fromMergeBase(place.repository, named)),
  };
}

type Named = { start: string; base: string; head: string | null; headText: string | null };

function exactly({ start, base, headText }: Named): { base: string; how: string } {
  return { base, how: `${nameOf(headText)} is compared with ${start} (${short(base)}) itself.` };
}

function fromMergeBase(repository: string, named: Named): { base: string; how: string } {
  const { start, base, head, headText } = named;
  const end = head ?? gitLine(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (end === null) return exactly(named);
  const shared = gitLine(repository, ['merge-base', base, end]);
  if (shared === base) return exactly(named);
  if (shared === null && isShallow(repository))
    throw fail('git-history-shallow', { base: start, head: headText ?? 'the working tree' });
  if (shared === null || shared === head) return exactly(named);
  return {
    base: shared,
    how: `${nameOf(headText)} is compared with ${short(shared)}, where it left ${start} (its merge base).`,
  };
}

function nameOf(head: string | null): string {
  return head === null ? 'The working tree' : head;
}

function short(commit: string): string {
  return commit.slice(0, 10);
}

function commitOf(repository: string, revision: string): string {
  const found = revision.startsWith('-')
    ? null
    : gitLine(repository, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  if (found !== null) return found;
  if (isShallow(repository)) throw fail('git-revision-not-fetched', { revision });
  throw fail('git-revision-unknown', { revision, near: didYouMean(revision, branches(repository)) });
}

function defaultBranch(repository: string): string {
  const found = defaultBranches.find(
    (branch) => gitLine(repository, ['rev-parse', '--verify', '--quiet', `${branch}^{commit}`]) !== null,
  );
  if (found === undefined) throw fail('git-no-default-branch', { tried: defaultBranches.join(', ') });
  return found;
}

function isShallow(repository: string): boolean {
  return gitLine(repository, ['rev-parse', '--is-shallow-repository']) === 'true';
}

function branches(repository: string): string[] {
  return (gitLine(repository, ['for-each-ref', '--format=%(refname:short)']) ?? '').split('\n').filter(Boolean);
}
