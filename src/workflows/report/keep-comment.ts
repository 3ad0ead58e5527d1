import { z } from 'zod';
import {
  askGithub,
  type GithubAnswer,
  type GithubApi,
  listGithub,
  refusal,
  saidIn,
} from '../../base/github/github-api.ts';
import { type CommentMark, isNewer, markedBody, markOf } from '../../delivery/checks/comment/mark.ts';

/** `repository`: `owner/name`; `number`: of the pull request. */
export type PullRequest = { repository: string; number: number };

/**
 * What became of the comment. `newer`: a later run has told already, and its word stays. `refused`: this token may not
 * write here, as in every pull request from a fork. `absent`: there is none, and none was wanted.
 */
export type Kept =
  | { outcome: 'created' | 'updated' | 'unchanged' | 'newer'; url: string }
  | { outcome: 'refused'; because: string }
  | { outcome: 'absent' };

const User = z.object({ login: z.string(), type: z.string() });
const Comment = z.object({ id: z.number(), body: z.string().nullish(), html_url: z.string(), user: User.nullish() });
type Comment = z.infer<typeof Comment>;
type Own = Comment & { mark: CommentMark };

type Place = { api: GithubApi; pull: PullRequest; mark: CommentMark };
/** `me`: the account of the token, or null for a workflow's own token, which GitHub does not tell its name. */
type OwnPlace = Place & { me: string | null };

/**
 * Keeps one comment of this key up to date: writes it, or changes the one that is there, and takes away what runs at the same
 * time have doubled. `create` false: only changes one that is there. @throws github-unreachable, github-refused
 */
export async function keepComment(at: Place, text: string, { create }: { create: boolean }): Promise<Kept> {
  const place = { ...at, me: await ownLogin(at.api) };
  const body = markedBody(place.mark, text);
  const own = await ownComments(place);
  const [first, ...rest] = own;
  const newest = own.find(({ mark }) => isNewer(mark, place.mark));
  if (newest !== undefined) return { outcome: 'newer', url: newest.html_url };
  for (const double of rest) await remove(place, double);
  if (first === undefined && !create) return { outcome: 'absent' };
  if (first?.body === body) return { outcome: 'unchanged', url: first.html_url };
  const changed = first === undefined ? null : await change(place, first, body);
  if (changed !== null && changed.status !== 404 && changed.status !== 410) return outcomeOf(place, 'updated', changed);
  const made = await ask(place, { method: 'POST', path: `${issuePath(place)}/comments`, body: { body } });
  const comment = made.status === 201 ? Comment.safeParse(made.body).data : undefined;
  return comment === undefined ? outcomeOf(place, 'created', made) : settle(place, comment, body);
}

/**
 * After a comment was made: when a run at the same time has made one too, the oldest stays and carries the newest word.
 * Every run comes to the same one, whatever their order.
 */
async function settle(place: OwnPlace, made: Comment, body: string): Promise<Kept> {
  const own = await ownComments(place);
  const [first] = own;
  if (first === undefined || own.length === 1) return { outcome: 'created', url: made.html_url };
  if (first.id === made.id) {
    for (const double of own.slice(1)) if (!isNewer(double.mark, place.mark)) await remove(place, double);
    return { outcome: 'created', url: made.html_url };
  }
  if (!isNewer(first.mark, place.mark)) {
    const changed = await change(place, first, body);
    if (changed.status !== 200) return { outcome: 'created', url: made.html_url };
  }
  await remove(place, made);
  return { outcome: 'updated', url: first.html_url };
}

/** The comments of this key that this token's own account wrote, oldest first. Anybody can write the mark; it counts from us alone. */
async function ownComments({ api, pull, mark, me }: OwnPlace): Promise<Own[]> {
  const all = await listGithub(api, `/repos/${pull.repository}/issues/${pull.number}/comments?per_page=100`);
  return all
    .flatMap((value) => Comment.safeParse(value).data ?? [])
    .filter(({ user }) => (me === null ? user?.type === 'Bot' : user?.login === me))
    .flatMap((comment) => {
      const found = markOf(comment.body ?? '');
      return found?.key === mark.key ? [{ ...comment, mark: found }] : [];
    })
    .sort((a, b) => a.id - b.id);
}

/** Who the token belongs to; null where GitHub does not tell: then any bot is meant. */
async function ownLogin(api: GithubApi): Promise<string | null> {
  const { status, body } = await askGithub(api, { method: 'GET', path: '/user' });
  return status === 200 ? z.object({ login: z.string() }).parse(body).login : null;
}

function change(place: Place, comment: Comment, body: string): Promise<GithubAnswer> {
  return ask(place, { method: 'PATCH', path: commentPath(place, comment), body: { body } });
}

/** One that is gone already is as good as removed; one that may not be removed stays for the next run. */
async function remove(place: Place, comment: Comment): Promise<void> {
  await ask(place, { method: 'DELETE', path: commentPath(place, comment) });
}

function ask({ api }: Place, request: Parameters<typeof askGithub>[1]): Promise<GithubAnswer> {
  return askGithub(api, request);
}

function outcomeOf({ api }: Place, outcome: 'created' | 'updated', answer: GithubAnswer): Kept {
  if (answer.status === 403 || answer.status === 404) return { outcome: 'refused', because: saidIn(answer.body) };
  const comment = Comment.safeParse(answer.body).data;
  if (answer.status >= 300 || comment === undefined) throw refusal(api, 'write the comment', answer);
  return { outcome, url: comment.html_url };
}

function issuePath({ pull }: Place): string {
  return `/repos/${pull.repository}/issues/${pull.number}`;
}

function commentPath({ pull }: Place, { id }: Comment): string {
  return `/repos/${pull.repository}/issues/comments/${id}`;
}
