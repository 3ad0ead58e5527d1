import pc from 'picocolors';
import type { CheckReport } from '../../../delivery/checks/report.ts';
import { blocks, type Finding, type FindingStatus } from '../../../model/finding.ts';

/** A group shows at most this many findings of one check that stop nothing; the rest is counted. */
const MOST_ALIKE = 5;

/** Of the reasons why a check was skipped, this many are told; `--all` tells every one. */
const MOST_REASONS = 3;

/** Files with nothing that stops a release are shown up to this many; `--all` shows every one. */
const MOST_QUIET_FILES = 12;

/** A report as people read it: what stops a release first, grouped by file, each with what to do; then a line that sums up. */
export function reportLines(report: CheckReport, { all }: { all: boolean }): string[] {
  const shown = report.findings.filter(({ status, severity }) => isTold(status) && (all || severity !== 'note'));
  const skipped = report.findings.filter(({ status }) => status === 'skipped');
  const passed = report.findings.filter(({ status }) => status === 'passed');
  return [
    ...fileLines(groups(shown), all),
    ...(all ? [...skipped, ...passed].map(shortLine) : skippedLines(skipped)),
    ...(all || skipped.length > 0 ? [''] : []),
    summaryLine(report),
  ];
}

function isTold(status: FindingStatus): boolean {
  return status === 'failed' || status === 'errored' || status === 'flaky';
}

function fileLines(files: Finding[][], all: boolean): string[] {
  const loud = files.filter((group) => group.some(blocks));
  const quiet = files.filter((group) => !group.some(blocks));
  const told = [...loud, ...(all ? quiet : quiet.slice(0, MOST_QUIET_FILES))];
  const hidden = all ? [] : quiet.slice(MOST_QUIET_FILES);
  const more = hidden.flat().length;
  return [
    ...told.flatMap((group) => [...groupLines(group, all), '']),
    ...(more === 0 ? [] : [pc.dim(`${more} more that stop nothing, in ${hidden.length} files; --all shows them.`), '']),
  ];
}

/** The findings by file, files in the order of their most important finding. */
function groups(findings: readonly Finding[]): Finding[][] {
  return [...Map.groupBy(findings, ({ path }) => path ?? '').values()];
}

function groupLines(group: Finding[], all: boolean): string[] {
  const [first] = group;
  const title = first?.path ?? 'The project';
  const lines = [pc.bold(title)];
  const counts = new Map<string, number>();
  let previousHint: string | null = null;
  for (const finding of group) {
    const count = (counts.get(finding.check) ?? 0) + 1;
    counts.set(finding.check, count);
    if (!all && count > MOST_ALIKE && !blocks(finding)) continue;
    lines.push(`  ${mark(finding)} ${place(finding)}${finding.message} ${pc.dim(`[${finding.check}]`)}`);
    if (finding.hint !== null && finding.hint !== previousHint) lines.push(`      ${pc.dim(finding.hint)}`);
    previousHint = finding.hint;
  }
  for (const [check, count] of counts) {
    const hidden = all ? 0 : count - shownOf(group, check);
    if (hidden > 0) lines.push(`    ${pc.dim(`and ${hidden} more of ${check}`)}`);
  }
  return lines;
}

function shownOf(group: readonly Finding[], check: string): number {
  return group
    .filter((finding) => finding.check === check)
    .filter((finding, index) => index < MOST_ALIKE || blocks(finding)).length;
}

function mark(finding: Finding): string {
  if (finding.status === 'errored') return pc.magenta('?');
  return finding.severity === 'error' ? pc.red('x') : finding.severity === 'warning' ? pc.yellow('!') : pc.dim('-');
}

function place({ line }: Finding): string {
  return line === null ? '' : `line ${line}: `;
}

/** Checks that were skipped for the same reasons make one line. */
function skippedLines(skipped: readonly Finding[]): string[] {
  const reasons = Map.groupBy(skipped, ({ check }) => check);
  const why = [...reasons].map(([check, all]) => ({
    check,
    reasons: [...new Set(all.map(({ message, hint }) => `${message} ${hint ?? ''}`.trim()))],
  }));
  return [...Map.groupBy(why, (one) => JSON.stringify(one.reasons)).values()].map((same) => {
    const said = same[0]?.reasons ?? [];
    const more =
      said.length > MOST_REASONS ? ` And ${count(said.length - MOST_REASONS, 'more reason', 'more reasons')}.` : '';
    return `${pc.dim('skipped')} ${same.map(({ check }) => check).join(', ')}: ${said.slice(0, MOST_REASONS).join(' ')}${more}`;
  });
}

function shortLine(finding: Finding): string {
  const word = finding.status === 'passed' ? pc.green('passed ') : pc.dim('skipped');
  return `${word} ${finding.check}: ${finding.message}`;
}

/** What stops a release, what does not, and how many checks passed or could not say anything. */
function summaryLine({ findings, summary }: CheckReport): string {
  const { blocking } = summary;
  const verdict =
    blocking === 0
      ? pc.green('Nothing here stops a release.')
      : pc.red(`${count(blocking, 'finding stops', 'findings stop')} a release.`);
  const rest = findings.filter((finding) => isTold(finding.status) && !blocks(finding));
  const notes = rest.filter(({ severity }) => severity === 'note').length;
  const quiet = [
    ...(rest.length > notes ? [count(rest.length - notes, 'warning', 'warnings')] : []),
    ...(notes > 0 ? [`${count(notes, 'note', 'notes')} (--all shows them)`] : []),
  ];
  const checksThat = (status: FindingStatus) =>
    new Set(findings.filter((finding) => finding.status === status).map(({ check }) => check)).size;
  const [passed, skipped] = [checksThat('passed'), checksThat('skipped')];
  const words = [
    ...(quiet.length > 0 ? [`Besides: ${quiet.join(', ')}.`] : []),
    `${count(passed, 'check', 'checks')} passed${skipped > 0 ? `, ${skipped} could not say anything` : ''}.`,
  ];
  return `${verdict} ${pc.dim(words.join(' '))}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
