import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../../../base/errors.ts';
import { githubApi } from '../../../base/github/github-api.ts';
import { learnSecret } from '../../../base/redact.ts';
import type { CommentInput } from '../../../delivery/checks/comment/comment-input.ts';
import { headline } from '../../../delivery/checks/comment/headline.ts';
import { type CommentMark, markLength } from '../../../delivery/checks/comment/mark.ts';
import { longestComment, writeComment } from '../../../delivery/checks/comment/write-comment.ts';
import { reportOf } from '../../../delivery/checks/report.ts';
import { checkTitles } from '../../../workflows/report/check-titles.ts';
import { type Kept, keepComment } from '../../../workflows/report/keep-comment.ts';
import { type PullRequestEvent, pullRequestOf, readEvent } from '../../../workflows/report/pull-request-event.ts';
import { readCheck, readImpact, readPlan } from '../../../workflows/report/read-told.ts';
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
    option('--check <file>', 'what `headgate check --json` printed'),
    option('--impact <file>', 'what `headgate impact --json` printed'),
    repeatable('--plan <file>', 'what `headgate plan --json` printed (several times: one an environment)'),
    option('--output <file>', 'write the comment to a file instead of printing it'),
    repeatable('--report <format=file>', 'write the findings as json, markdown, sarif, junit, github or gitlab'),
    option('--post', 'keep one comment up to date in the pull request on GitHub (GITHUB_TOKEN)'),
    option('--post-when-needed', 'as --post, but write no new comment when there is nothing to mend or to mind'),
    option('--pull-request <number>', 'comment on this one (default: the one that started the workflow)'),
    option('--key <name>', 'keep this comment apart from others of ours (default: the folder in the repository)'),
    option('--took <seconds>', 'how long it all took, for the comment'),
  ],
  run: runReport,
};

async function runReport(invocation: Invocation) {
  const { print, cwd } = invocation;
  const folder = resolve(cwd, invocation.arguments[0] ?? '.');
  const files = parseReportFiles(listOption(invocation, 'report'));
  const event = readEvent(process.env);
  const input = gather(invocation, folder, event);
  const mark = markFor(textOption(invocation, 'key') ?? (input.source.root || '.'));
  const text = writeComment(input, longestComment - markLength(mark));
  const reused = input.check?.summary.reused ?? 0;
  const findings = reportOf([...(input.check?.findings ?? []), ...(input.impact?.findings ?? [])], { reused });
  const { root, blob } = input.source;
  const context = { root, blob, titles: checkTitles(), version: headgateVersion() };
  writeReportFiles(findings, files, { cwd, context });
  const output = textOption(invocation, 'output');
  if (output !== null) writeReport(resolve(cwd, output), text);
  const { tone, sentence } = headline(input);
  const wanted = flagOption(invocation, 'post') || flagOption(invocation, 'postWhenNeeded');
  const kept = wanted ? await post(invocation, { event, mark, text, calm: tone === 'calm' }) : null;
  print.result({ verdict: tone, sentence, findings: findings.summary, comment: kept, markdown: text }, () => [
    ...(output === null && kept === null ? [text.trimEnd()] : [sentence]),
    ...(kept === null ? [] : [keptLine(kept)]),
  ]);
  return 0 as const;
}

/** @throws report-input-missing, report-file-unreadable */
function gather(invocation: Invocation, folder: string, event: PullRequestEvent): CommentInput {
  const at = (name: string) => {
    const path = textOption(invocation, name);
    return path === null ? null : resolve(invocation.cwd, path);
  };
  const [check, impact, plans] = [at('check'), at('impact'), listOption(invocation, 'plan')];
  if (check === null && impact === null && plans.length === 0) throw fail('report-input-missing', undefined);
  const changes = impact === null ? null : readImpact(impact);
  const root = rootInRepository(folder);
  const { blob, run } = runnerPlace(process.env, event.head);
  const took = Number(textOption(invocation, 'took') ?? 'none');
  return {
    check: check === null ? null : readCheck(check),
    impact: changes,
    plans: plans.map((path) => readPlan(resolve(invocation.cwd, path))),
    source: { blob, root, touched: changes === null ? null : touchedFiles(folder, changes.base, root) },
    seconds: Number.isFinite(took) && took >= 0 ? took : null,
    run,
  };
}

type Posting = { event: PullRequestEvent; mark: CommentMark; text: string; calm: boolean };

/**
 * Keeps the comment. Where the token may not write, as in a pull request from a fork, the text goes to the job summary and
 * people are told why. @throws github-token-missing, pull-request-not-known, github-unreachable, github-refused
 */
async function post(invocation: Invocation, { event, mark, text, calm }: Posting): Promise<Kept> {
  const pull = pullRequestOf(process.env, event, textOption(invocation, 'pullRequest'));
  const token = process.env.GITHUB_TOKEN || process.env.GH_TOKEN;
  if (!token) throw fail('github-token-missing', undefined);
  learnSecret(token);
  const api = githubApi(process.env.GITHUB_API_URL || 'https://api.github.com', token, (seconds) =>
    setTimeout(seconds * 1000),
  );
  const create = !calm || !flagOption(invocation, 'postWhenNeeded');
  const kept = await keepComment({ api, pull, mark }, text, { create });
  if (kept.outcome === 'refused') {
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (summary) appendFileSync(summary, `${text}\n`);
    const why = event.fork === true ? 'it comes from a fork, whose token can only read' : kept.because;
    const where = summary ? 'It is in the job summary instead.' : 'Write it to the job summary with --output.';
    invocation.print.warn(`The pull request was not commented on: ${why}. ${where}`);
  }
  return kept;
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
