import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../../../base/errors.ts';
import { githubApi } from '../../../base/github/github-api.ts';
import { learnSecret } from '../../../base/redact.ts';
import type { CommentInput } from '../../../delivery/checks/comment/comment-input.ts';
import { headline } from '../../../delivery/checks/comment/headline.ts';
import { type CommentMark, markLength } from '../../../delivery/checks/comment/mark.ts';
import { allFindings, longestComment, writeComment } from '../../../delivery/checks/comment/write-comment.ts';
import { joinShards } from '../../../delivery/checks/join-shards.ts';
import { exitOf, reportOf } from '../../../delivery/checks/report.ts';
import { checkTitles } from '../../../workflows/report/check-titles.ts';
import { type Kept, keepComment } from '../../../workflows/report/keep-comment.ts';
import {
  type PullRequestEvent,
  pullRequestOf,
  readEvent,
  repositoryOf,
} from '../../../workflows/report/pull-request-event.ts';
import { readCheck, readImpact, readPlan, readSeconds } from '../../../workflows/report/read-told.ts';
import { parseReportFiles, writeReport, writeReportFiles } from '../../../workflows/report/report-files.ts';
import { rootInRepository, runnerPlace, touchedFiles } from '../../../workflows/report/source-place.ts';
import {
  type Command,
  flagOption,
  type Invocation,
  listOption,
  option,
  repeatable,
  textOption,
} from '../../command.ts';
import { headgateVersion } from '../version/show.ts';

/** `headgate report`: see docs/ci.md for the comment, the formats and the JSON shape. */
export const report: Command = {
  words: ['report'],
  summary: 'Tell what check, impact and plan found: as a pull-request comment and as files for other tools',
  arguments: ['[folder]'],
  options: [
    repeatable('--check <file>', 'what `headgate check --json` printed (several times: one a shard)'),
    option('--impact <file>', 'what `headgate impact --json` printed'),
    repeatable('--plan <file>', 'what `headgate plan --json` printed (several times: one an environment)'),
    option('--output <file>', 'write the comment to a file instead of printing it'),
    repeatable('--report <format=file>', 'write the findings as json, markdown, sarif, junit, github or gitlab'),
    option('--summary', 'add the comment to the job summary (GITHUB_STEP_SUMMARY)'),
    option('--post', 'keep one comment up to date in the pull request on GitHub (GITHUB_TOKEN)'),
    option('--post-when-needed', 'as --post, but write no new comment when there is nothing to mend or to mind'),
    option('--pull-request <number>', 'comment on this one (default: the one that started the workflow)'),
    option('--key <name>', 'keep this comment apart from others of ours (default: the folder in the repository)'),
    option('--share', 'the checks given are one share of all; without it, a shard that is missing could not be told'),
    repeatable('--times <file>', 'what `headgate check --write-times` wrote'),
    option('--took <seconds>', 'how long it all took, for the comment'),
  ],
  run: runReport,
};

async function runReport(invocation: Invocation) {
  const { print, cwd } = invocation;
  const files = parseReportFiles(listOption(invocation, 'report'));
  const event = readEvent(process.env);
  const input = gather(invocation, event);
  const { root, blob } = input.source;
  const mark = markFor(textOption(invocation, 'key') ?? (root || '.'));
  const text = writeComment(input, longestComment - markLength(mark));
  const findings = allFindings(input);
  writeReportFiles(findings, files, {
    cwd,
    context: { root, blob, titles: checkTitles(), version: headgateVersion() },
  });
  const output = textOption(invocation, 'output');
  if (output !== null) writeReport(resolve(cwd, output), text);
  const summarised = flagOption(invocation, 'summary') && appendSummary(text);
  const { tone, sentence } = headline(input);
  const wanted = flagOption(invocation, 'post') || flagOption(invocation, 'postWhenNeeded');
  const comment = wanted ? await post(invocation, { event, mark, text, summarised, calm: tone === 'calm' }) : null;
  const told = { verdict: tone, exit: exitOf(findings), sentence, summary: findings.summary, comment, markdown: text };
  print.result(told, () => [
    ...(output === null && comment === null && !summarised ? [text.trimEnd()] : [sentence]),
    ...(comment === null ? [] : [keptLine(comment)]),
  ]);
  return 0 as const;
}

/** @throws report-input-missing, report-file-unreadable */
function gather(invocation: Invocation, event: PullRequestEvent): CommentInput {
  const folder = resolve(invocation.cwd, invocation.arguments[0] ?? '.');
  const at = (path: string) => resolve(invocation.cwd, path);
  const [checks, plans] = [listOption(invocation, 'check'), listOption(invocation, 'plan')];
  const impactFile = textOption(invocation, 'impact');
  if (checks.length + plans.length === 0 && impactFile === null) throw fail('report-input-missing', undefined);
  const read = impactFile === null ? null : readImpact(at(impactFile));
  const impact = read?.told ?? null;
  const planned = plans.map(at).map(readPlan);
  const trouble = [read, ...planned].flatMap((one) => one?.trouble ?? []);
  const joined = joinShards(checks.map(at).map(readCheck), { whole: !flagOption(invocation, 'share') });
  const root = rootInRepository(folder);
  const { blob, run } = runnerPlace(process.env, event.head);
  const took = Number(textOption(invocation, 'took') ?? 'none');
  return {
    check: checks.length + trouble.length === 0 ? null : reportOf([...joined.findings, ...trouble], joined.summary),
    impact,
    plans: planned.flatMap(({ told }) => told ?? []),
    source: {
      blob,
      root,
      touched: impact === null ? null : touchedFiles(folder, { ...impact, pulled: event.head }, root),
    },
    seconds: Number.isFinite(took) && took >= 0 ? took : null,
    times: Object.assign({}, ...listOption(invocation, 'times').map(at).map(readSeconds)),
    run,
  };
}

type Posting = { event: PullRequestEvent; mark: CommentMark; text: string; summarised: boolean; calm: boolean };

/**
 * Keeps the comment. Where the token may not write, as in a pull request from a fork, the text goes to the job summary and
 * people are told why. @throws github-token-missing, pull-request-not-known, github-unreachable, github-refused
 */
async function post(invocation: Invocation, { event, mark, text, summarised, calm }: Posting): Promise<Kept> {
  const asked = textOption(invocation, 'pullRequest');
  const repository = repositoryOf(process.env, asked);
  if (asked === null && event.number === null && event.branch === null) {
    throw fail('pull-request-not-known', { because: 'the event names none' });
  }
  const token = process.env.GITHUB_TOKEN || process.env.GH_TOKEN;
  if (!token) throw fail('github-token-missing', undefined);
  learnSecret(token);
  const api = githubApi(process.env.GITHUB_API_URL || 'https://api.github.com', token, (seconds) =>
    setTimeout(seconds * 1000),
  );
  const pull = await pullRequestOf({ repository, event, asked }, api);
  const create = !calm || !flagOption(invocation, 'postWhenNeeded');
  const kept = await keepComment({ api, pull, mark }, text, { create });
  if (kept.outcome === 'refused') {
    const why = event.fork === true ? 'it comes from a fork, whose token can only read' : kept.because;
    const where = summarised || appendSummary(text) ? 'The job summary says it instead.' : 'Keep it with --output.';
    invocation.print.warn(`The pull request was not commented on: ${why}. ${where}`);
  }
  return kept;
}

/** False where there is no job summary to add to. */
function appendSummary(text: string): boolean {
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (!summary) return false;
  appendFileSync(summary, `${text}\n`);
  return true;
}

/** Which run this is: later runs of GitHub have higher numbers. Elsewhere every run overwrites. */
function markFor(key: string): CommentMark {
  const number = (name: string) => Number(/^\d{1,15}$/.exec(process.env[name] ?? '')?.[0] ?? 0);
  return { key, run: number('GITHUB_RUN_ID'), attempt: number('GITHUB_RUN_ATTEMPT') };
}

function keptLine(kept: Kept): string {
  const lines: { [Outcome in Kept['outcome']]: string } = {
    created: 'Commented on the pull request.',
    updated: 'Brought the comment up to date.',
    unchanged: 'The comment says so already.',
    newer: 'A later run has commented already; its word stays.',
    refused: 'The pull request was not commented on.',
    absent: 'There is nothing to mend or to mind, so no comment was written.',
  };
  return `${lines[kept.outcome]}${'url' in kept ? ` ${kept.url}` : ''}`;
}
