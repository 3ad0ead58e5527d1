import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import type { PullRequest } from './keep-comment.ts';

export type Environment = { [name: string]: string | undefined };

/** What the event that started the workflow says of its pull request. `fork` null: not known. */
export type PullRequestEvent = { number: number | null; head: string | null; fork: boolean | null };

const Repository = z.object({ full_name: z.string() }).nullish();
const Event = z.object({
  pull_request: z
    .object({ number: z.number().int().positive(), head: z.object({ sha: z.string(), repo: Repository }) })
    .optional(),
  issue: z.object({ number: z.number().int().positive(), pull_request: z.object({}).optional() }).optional(),
  workflow_run: z
    .object({ head_sha: z.string(), pull_requests: z.array(z.object({ number: z.number().int().positive() })) })
    .optional(),
});

/** The event in the file that GITHUB_EVENT_PATH names. Nothing there is an event without a pull request. */
export function readEvent(env: Environment): PullRequestEvent {
  const none = { number: null, head: null, fork: null };
  if (!env.GITHUB_EVENT_PATH) return none;
  const event = Event.safeParse(parsedFile(env.GITHUB_EVENT_PATH)).data;
  const pull = event?.pull_request;
  if (pull !== undefined) {
    const from = pull.head.repo?.full_name ?? null;
    return { number: pull.number, head: commitIn(pull.head.sha), fork: from !== (env.GITHUB_REPOSITORY ?? null) };
  }
  if (event?.issue?.pull_request !== undefined) return { ...none, number: event.issue.number };
  const after = event?.workflow_run;
  if (after === undefined) return none;
  return { number: after.pull_requests[0]?.number ?? null, head: commitIn(after.head_sha), fork: null };
}

/** The pull request to comment on: the one that was asked for, else the event's. @throws pull-request-not-known */
export function pullRequestOf(env: Environment, event: PullRequestEvent, asked: string | null): PullRequest {
  const repository = env.GITHUB_REPOSITORY ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw fail('pull-request-not-known', { because: 'GITHUB_REPOSITORY names no repository' });
  }
  if (asked !== null && !/^[1-9]\d{0,9}$/.test(asked)) {
    throw fail('pull-request-not-known', { because: `"${asked}" is no number` });
  }
  const number = asked === null ? event.number : Number(asked);
  if (number === null) throw fail('pull-request-not-known', { because: 'the event names none' });
  return { repository, number };
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
