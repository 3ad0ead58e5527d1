import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import { type GithubApi, listGithub } from '../../base/github/github-api.ts';
import type { PullRequest } from './keep-comment.ts';

export type Environment = { [name: string]: string | undefined };

/**
 * What the event that started the workflow says of its pull request. `fork` null: not known. `branch`: `owner:branch` that the
 * earlier workflow was about, where an event of its end names no pull request, as GitHub does not for forks.
 */
export type PullRequestEvent = {
  number: number | null;
  head: string | null;
  fork: boolean | null;
  branch: string | null;
};

const Repository = z.object({ full_name: z.string() }).nullish();
const Event = z.object({
  pull_request: z
    .object({ number: z.number().int().positive(), head: z.object({ sha: z.string(), repo: Repository }) })
    .optional(),
  issue: z.object({ number: z.number().int().positive(), pull_request: z.object({}).optional() }).optional(),
  workflow_run: z
    .object({
      head_sha: z.string(),
      head_branch: z.string().nullish(),
      head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullish(),
      pull_requests: z.array(z.object({ number: z.number().int().positive() })),
    })
    .optional(),
});

/** The event in the file that GITHUB_EVENT_PATH names. Nothing there is an event without a pull request. */
export function readEvent(env: Environment): PullRequestEvent {
  const none = { number: null, head: null, fork: null, branch: null };
  if (!env.GITHUB_EVENT_PATH) return none;
  const event = Event.safeParse(parsedFile(env.GITHUB_EVENT_PATH)).data;
  const pull = event?.pull_request;
  if (pull !== undefined) {
    const from = pull.head.repo?.full_name ?? null;
    return {
      number: pull.number,
      head: commitIn(pull.head.sha),
      fork: from !== (env.GITHUB_REPOSITORY ?? null),
      branch: null,
    };
  }
  if (event?.issue?.pull_request !== undefined) return { ...none, number: event.issue.number };
  const after = event?.workflow_run;
  if (after === undefined) return none;
  const owner = after.head_repository?.owner.login;
  const branch = owner && after.head_branch ? `${owner}:${after.head_branch}` : null;
  return { number: after.pull_requests[0]?.number ?? null, head: commitIn(after.head_sha), fork: null, branch };
}

/**
 * The pull request to comment on: the one that was asked for, else the event's, else the open one of the event's branch and
 * commit. @throws pull-request-not-known, github-unreachable, github-refused
 */
export async function pullRequestOf(
  { repository, event, asked }: { repository: string; event: PullRequestEvent; asked: string | null },
  api: GithubApi,
): Promise<PullRequest> {
  const number = asked === null ? (event.number ?? (await openPullRequest(api, repository, event))) : Number(asked);
  if (number === null) throw fail('pull-request-not-known', { because: 'the event names none' });
  return { repository, number };
}

/** The repository that the runner names, once it and the number that was asked for are well formed. @throws pull-request-not-known */
export function repositoryOf(env: Environment, asked: string | null): string {
  const repository = env.GITHUB_REPOSITORY ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw fail('pull-request-not-known', { because: 'GITHUB_REPOSITORY names no repository' });
  }
  if (asked !== null && !/^[1-9]\d{0,9}$/.test(asked)) {
    throw fail('pull-request-not-known', { because: `"${asked}" is no number` });
  }
  return repository;
}

const Pull = z.object({ number: z.number().int().positive(), head: z.object({ sha: z.string() }) });

async function openPullRequest(api: GithubApi, repository: string, event: PullRequestEvent): Promise<number | null> {
  if (event.branch === null) return null;
  const query = `state=open&head=${encodeURIComponent(event.branch)}&per_page=100`;
  const pulls = await listGithub(api, `/repos/${repository}/pulls?${query}`);
  const found = pulls.flatMap((pull) => Pull.safeParse(pull).data ?? []).find(({ head }) => head.sha === event.head);
  return found?.number ?? null;
}

function commitIn(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

/** A file that cannot be read says nothing: what needs the pull request says so itself. */
function parsedFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
