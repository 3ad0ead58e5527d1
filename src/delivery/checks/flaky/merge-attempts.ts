import type { TestOutcome } from '../../../model/check-running.ts';
import type { Finding } from '../../../model/finding.ts';

/** One time that a check was carried out. */
export type Attempt = { findings: Finding[]; outcomes: TestOutcome[] };

/** The name that a check without tests of its own goes by, as if it were one test. */
export function wholeTest(check: string, subject: string | null): string {
  return subject === null ? check : `${check} ${subject}`;
}

/** The outcomes of an attempt; a check that tells of no tests is one. */
export function outcomesOf({ findings, outcomes }: Attempt, whole: string): TestOutcome[] {
  if (outcomes.length > 0) return outcomes;
  const first = findings.find(isBad) ?? null;
  return [{ test: whole, outcome: first === null ? 'passed' : 'failed', seconds: null, finding: first }];
}

/** The tests that did not pass in any of the attempts so far, in which they were carried out. */
export function stillFailing(attempts: readonly Attempt[], whole: string): string[] {
  const passed = new Set<string>();
  const failed = new Set<string>();
  for (const attempt of attempts) {
    for (const { test, outcome } of outcomesOf(attempt, whole)) {
      if (outcome === 'passed') passed.add(test);
      if (outcome === 'failed' || outcome === 'errored') failed.add(test);
    }
  }
  return [...failed].filter((test) => !passed.has(test)).sort();
}

/**
 * What is told of all attempts: the findings of the first, those of tests that passed later marked as flaky with both
 * outcomes. A first failure is never hidden, and one that came again stays what it was.
 */
export function mergeAttempts(attempts: readonly Attempt[], whole: string): Finding[] {
  const [first, ...later] = attempts;
  if (first === undefined) return [];
  if (later.length === 0) return first.findings;
  const failing = new Set(stillFailing(attempts, whole));
  const flaky = new Map<Finding, string>();
  for (const { test, finding } of outcomesOf(first, whole)) {
    if (finding !== null && isBad(finding) && !failing.has(test)) flaky.set(finding, test);
  }
  const isOne = first.outcomes.length === 0;
  return first.findings.map((finding) => {
    const test = flaky.get(finding) ?? (isOne && isBad(finding) && !failing.has(whole) ? whole : null);
    return test === null ? finding : asFlaky(finding, attempts.length);
  });
}

function asFlaky(finding: Finding, attempts: number): Finding {
  const times = attempts === 2 ? 'when it was run again' : `in ${attempts - 1} more runs`;
  const message = `${finding.message.replace(/[.\s]+$/, '')}. It failed first and then passed ${times}, with the same inputs.`;
  const hint =
    'It is not decided by its inputs: look for time, order, chance, the network or a shared state. `headgate flaky` tells its history.';
  return { ...finding, status: 'flaky', message, hint };
}

function isBad({ status }: Finding): boolean {
  return status === 'failed' || status === 'errored';
}
