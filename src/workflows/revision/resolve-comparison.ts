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

const verify = ['rev-parse', '--verify', '--quiet'];
const defaultBranches = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** The repository that a folder is in. Throws `git-no-repository` and `git-missing`. */
export function repositoryPlace(root: string): RepositoryPlace {
  const { out, said } = askGit(root, ['rev-parse', '--show-toplevel']);
  if (out === null && !/not a git repository|must be run in a work tree/.test(said))
    throw fail('git-refused', { what: `open the repository of ${root}`, said });
  if (out === null) throw fail('git-no-repository', { folder: root });
  return placeIn(out.toString('utf8').trimEnd(), root);
}

/**
 * Tells which commits are compared. A base is taken as pull requests take it: the merge base of it and the head, so that
 * what others changed on the base meanwhile is not told as this change's. Where the head is named and is itself behind the base,
 * or shares no history with it, the base is compared as it is. Throws `git-revision-unknown`, `git-revision-not-fetched`,
 * `git-history-shallow`, `git-no-default-branch`, `impact-two-heads`.
 */
export function resolveComparison(root: string, asked: AskedRevisions): Comparison {
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(asked.base ?? '');
  const end = range?.[3] || null;
  if (end !== null && asked.head !== null) throw fail('impact-two-heads', { base: asked.base ?? '', head: asked.head });
  const headText = end ?? asked.head;
  const given = range === null ? asked.base : range[1] || 'HEAD';
  const known = given === null ? null : commitsAtOnce(root, [given, headText ?? 'HEAD']);
  const place = known?.place ?? repositoryPlace(root);
  const find = (revision: string) => known?.commits.get(revision) ?? commitOf(place.repository, revision);
  const head = headText === null ? null : find(headText);
  const start = given ?? defaultBranch(place.repository);
  const named = { start, base: find(start), head, headText };
  return {
    ...place,
    head,
    asked: start,
    ...(range?.[2] === '..' ? exactly(named) : fromMergeBase(place.repository, named, known)),
  };
}

/** What one process of git said: the full ids by the revisions as they were named. */
type Known = { place: RepositoryPlace; commits: ReadonlyMap<string, string>; isShallow: boolean };

/** All that is mostly asked, of one process. Null where it cannot answer all of it; who asks one by one is told why. */
function commitsAtOnce(root: string, revisions: readonly string[]): Known | null {
  if (revisions.some((revision) => revision.startsWith('-'))) return null;
  const commits = revisions.map((revision) => `${revision}^{commit}`);
  const said = gitLine(root, ['rev-parse', '--show-toplevel', '--is-shallow-repository', ...commits]);
  const [top, shallow, ...ids] = said?.split('\n') ?? [];
  if (top === undefined || ids.length !== revisions.length || !ids.every((id) => /^[0-9a-f]{40,64}$/.test(id)))
    return null;
  return {
    place: placeIn(top, root),
    commits: new Map(revisions.map((revision, at) => [revision, ids[at] ?? ''])),
    isShallow: shallow !== 'false',
  };
}

function placeIn(top: string, root: string): RepositoryPlace {
  const repository = realpathSync(top);
  return { repository, prefix: relative(repository, realpathSync(root)).split(sep).join('/') };
}

type Named = { start: string; base: string; head: string | null; headText: string | null };

function exactly({ start, base, headText }: Named): { base: string; how: string } {
  return { base, how: `${nameOf(headText)} is compared with ${start} (${short(base)}) itself.` };
}

const mergeBases = new Map<string, string>();
const MOST_MERGE_BASES = 100;

/** Of two commits it stays what it is, unless the history is not all there. */
function mergeBase(repository: string, ends: readonly [string, string], isWhole: boolean): string | null {
  if (ends[0] === ends[1]) return ends[0];
  const key = [repository, ...ends].join('\n');
  const known = isWhole ? mergeBases.get(key) : undefined;
  if (known !== undefined) return known;
  const found = gitLine(repository, ['merge-base', ...ends]);
  if (mergeBases.size >= MOST_MERGE_BASES) mergeBases.clear();
  if (found !== null && isWhole) mergeBases.set(key, found);
  return found;
}

function fromMergeBase(repository: string, named: Named, known: Known | null): { base: string; how: string } {
  const { start, base, head, headText } = named;
  const end = head ?? known?.commits.get('HEAD') ?? gitLine(repository, [...verify, 'HEAD^{commit}']);
  if (end === null) return exactly(named);
  const shared = mergeBase(repository, [base, end], known?.isShallow === false);
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
