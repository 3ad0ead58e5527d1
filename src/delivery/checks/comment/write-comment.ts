import type { Finding, FindingStatus } from '../../../model/finding.ts';
import { code } from '../formats/markdown-text.ts';
import { type CheckReport, reportOf } from '../report.ts';
import type { CommentInput, Room } from './comment-input.ts';
import { effectLines } from './effect-lines.ts';
import { quietLines, skippedLines, stopLines } from './finding-lines.ts';
import { headline, type Verdict } from './headline.ts';
import { planLines } from './plan-lines.ts';
import { count } from './words.ts';

/** GitHub takes no longer comment. It counts characters; this counts no fewer. */
export const longestComment = 65_536;

/** From the room that a short comment takes to the least; the first that fits is taken. */
const rooms: readonly Room[] = [
  { top: 5, folded: 100, text: 600 },
  { top: 5, folded: 40, text: 400 },
  { top: 5, folded: 20, text: 240 },
  { top: 5, folded: 8, text: 160 },
  { top: 3, folded: 0, text: 100 },
];

/** Seconds from which a check's time is told. */
const worthTelling = 2;

const signs: { [Tone in Verdict['tone']]: string } = { stop: '⛔', care: '⚠️', calm: '✅' };

/** What the checks and the comparison found, as one report. */
export function allFindings({ check, impact }: CommentInput): CheckReport {
  const reused = check?.summary.reused ?? 0;
  return reportOf([...(check?.findings ?? []), ...(impact?.findings ?? [])], { reused });
}

/**
 * The whole answer as GitHub Markdown: a verdict of one sentence, what must be mended, what changes for whom, what will be deployed,
 * then folded detail. One line when there is nothing to tell. Equal input gives equal text, at most `limit` characters long;
 * what is left out for that is counted.
 */
export function writeComment(input: CommentInput, limit: number): string {
  const { findings } = allFindings(input);
  for (const room of rooms) {
    const text = commentIn(input, findings, room);
    if (text.length <= limit) return text;
  }
  return `${titleOf(input)}\n\nThere is more to tell than a comment can hold: read it in the run.\n`;
}

function commentIn(input: CommentInput, findings: readonly Finding[], room: Room): string {
  const details = [
    ...stopLines(findings, input.source, room),
    ...effectLines(input.impact, room),
    ...planLines(input.plans, room),
    ...quietLines(findings, input.source, room),
  ];
  const last = footLines(input, findings);
  if (details.length === 0) return `${[titleOf(input), ...last].join('\n\n')}\n`;
  const lines = [titleOf(input), '', ...details, ...skippedLines(findings, room), ...last];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function titleOf(input: CommentInput): string {
  const { tone, sentence } = headline(input);
  return tone === 'calm' ? `${signs[tone]} **Headgate:** ${sentence}` : `### ${signs[tone]} ${sentence}`;
}

function footLines(input: CommentInput, findings: readonly Finding[]): string[] {
  const checksThat = (status: FindingStatus) =>
    new Set(findings.filter((finding) => finding.status === status).map(({ check }) => check)).size;
  const [passed, skipped] = [checksThat('passed'), checksThat('skipped')];
  const reused = input.check?.summary.reused ?? 0;
  const words = [
    ...(passed === 0 ? [] : [`${count(passed, 'check')} passed`]),
    ...(skipped === 0 ? [] : [`${count(skipped, 'check')} could not say anything`]),
    ...(reused === 0 ? [] : [`${count(reused, 'answer')} reused`]),
    ...(input.seconds === null ? [] : [`took ${timeWords(input.seconds)}`]),
    ...longestWords(input.times),
    ...(input.run === null ? [] : [`[the whole run](${input.run})`]),
  ];
  return words.length === 0 ? [] : [`<sub>${words.join(' · ')}</sub>`];
}

/** What took longest, for whoever wonders where the time goes; what is quick is not worth a word. */
function longestWords(times: CommentInput['times']): string[] {
  const longest = Object.entries(times)
    .filter(([, seconds]) => seconds >= worthTelling)
    .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([check, seconds]) => `${code(check, 80)} ${timeWords(seconds)}`);
  return longest.length === 0 ? [] : [`longest: ${longest.join(', ')}`];
}

function timeWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
