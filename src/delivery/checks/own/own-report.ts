import { errored, failed } from '../../../model/check-finding.ts';
import type { TestOutcome } from '../../../model/check-running.ts';
import type { Finding, Severity } from '../../../model/finding.ts';
import type { OwnCheck } from '../../project/checking.ts';
import { type JunitCase, readJunit } from './junit.ts';
import { type LineMark, marksByPattern, readJsonLines, readSarif } from './marks.ts';

/** What a check of the team's own did. `text` is its report: a file or its standard output; null when there is none. */
export type OwnRun = { status: number | null; failure: string | null; text: string | null; output: string };

export type OwnAnswer = { findings: Finding[]; outcomes: TestOutcome[] };

const MOST_FINDINGS = 500;
const LONGEST_OUTPUT = 600;

/**
 * What the report of a check of the team's own says. A program that could not be started, was stopped, or says no without
 * saying what is wrong is never taken for one that passed.
 */
export function judgeOwnRun(own: OwnCheck, run: OwnRun): OwnAnswer {
  if (run.status === null) return only(couldNotTell(own, run.failure ?? 'it could not be started'));
  const { kind, file } = own.report;
  if (kind === 'exit-status') return run.status === 0 ? only() : only(saidNo(own, run));
  if (run.text === null) return only(couldNotTell(own, `it did not write ${file ?? 'a report'}`));
  if (kind === 'junit') return judgeTests(own, run, readJunit(run.text));
  const marks = marksOf(own, run.text);
  if (marks === null) return only(couldNotTell(own, `what it wrote is no ${kind}`));
  const findings = marks.slice(0, MOST_FINDINGS).map((mark) => findingOf(own, mark));
  const isSilent = findings.length === 0 && run.status !== 0;
  return { findings: isSilent ? [saidNo(own, run)] : findings, outcomes: [] };
}

function marksOf(own: OwnCheck, text: string): LineMark[] | null {
  if (own.report.kind === 'sarif') return readSarif(text);
  if (own.report.kind === 'json-lines') return readJsonLines(text);
  return marksByPattern(text, own.report.pattern ?? '');
}

function judgeTests(own: OwnCheck, run: OwnRun, cases: JunitCase[] | null): OwnAnswer {
  if (cases === null) return only(couldNotTell(own, 'what it wrote is no JUnit report'));
  const outcomes = cases.map(({ test, outcome, seconds, message, path, line }): TestOutcome => {
    const isBad = outcome === 'failed' || outcome === 'errored';
    const mark = { path, line, message: `${test}: ${message}`, severity: null, hint: null };
    return { test, outcome, seconds, finding: isBad ? findingOf(own, mark) : null };
  });
  const findings = outcomes.flatMap(({ finding }) => (finding === null ? [] : [finding])).slice(0, MOST_FINDINGS);
  const isSilent = findings.length === 0 && run.status !== 0;
  return { findings: isSilent ? [saidNo(own, run)] : findings, outcomes };
}

function findingOf(own: OwnCheck, mark: LineMark): Finding {
  const severity: Severity = mark.severity ?? own.severity;
  const { path, line, message, hint } = mark;
  return failed(own.name, { path, line, severity, message, hint: hint ?? hintOf(own) });
}

function saidNo(own: OwnCheck, { status, output }: OwnRun): Finding {
  const said = output.trim().slice(-LONGEST_OUTPUT);
  const message = `\`${own.command.join(' ')}\` ended with ${status}${said === '' ? '.' : `: ${said}`}`;
  return failed(own.name, { severity: own.severity, message, hint: hintOf(own) });
}

function couldNotTell(own: OwnCheck, because: string): Finding {
  return errored(own.name, {
    severity: own.severity,
    message: `${own.name} could not tell: ${because}.`,
    hint: `Run \`${own.command.join(' ')}\` by hand, and compare with \`checks:\` in headgate.yaml.`,
  });
}

function hintOf(own: OwnCheck): string {
  return `It is said by \`${own.command.join(' ')}\`, a check of this project's own.`;
}

function only(...findings: Finding[]): OwnAnswer {
  return { findings, outcomes: [] };
}
