/** One run of a test. `inputs` is the beginning of its check's fingerprint, null when that could not be told. */
export type TestRun = { inputs: string | null; outcome: 'passed' | 'failed'; at: string };

/** What is known of a test, oldest run first. */
export type TestHistory = { check: string; subject: string | null; test: string; runs: TestRun[] };

/** Runs kept of a test that has failed; of one that never did, the last is enough to prove that a failure to come is new. */
const MOST_RUNS = 40;

/** The history with more runs, each once however often it is told, and within its bounds. */
export function withRuns(history: TestHistory, more: readonly TestRun[]): TestHistory {
  const known = new Map(
    [...history.runs, ...more].map((run) => [JSON.stringify([run.inputs, run.outcome, run.at]), run]),
  );
  const runs = [...known.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const hasFailed = runs.some(({ outcome }) => outcome === 'failed');
  return { ...history, runs: hasFailed ? runs.slice(-MOST_RUNS) : runs.slice(-1) };
}

/** How often the same inputs had each outcome. */
export type Evidence = { inputs: string; passed: number; failed: number };

/** `proven`: with the same inputs it has passed and failed. `score`: how likely two runs with the same inputs differ, 0 to 1. */
export type FlakyScore = { score: number; proven: boolean; evidence: Evidence[]; firstSeen: string; lastSeen: string };

/**
 * How flaky a test has been. Only runs with the same inputs are compared with each other: a failure that came with a change
 * says nothing. Null when it never failed, or nothing was run twice with the same inputs.
 */
export function flakyScore({ runs }: Pick<TestHistory, 'runs'>): FlakyScore | null {
  const groups = Map.groupBy(
    runs.filter(({ inputs }) => inputs !== null),
    ({ inputs }) => inputs ?? '',
  );
  const evidence = [...groups].map(([inputs, group]) => ({
    inputs,
    passed: group.filter(({ outcome }) => outcome === 'passed').length,
    failed: group.filter(({ outcome }) => outcome === 'failed').length,
  }));
  const pairs = evidence.reduce((sum, { passed, failed }) => sum + pairsOf(passed + failed), 0);
  const different = evidence.reduce((sum, { passed, failed }) => sum + passed * failed, 0);
  if (pairs === 0 || different === 0) return null;
  const mixed = evidence.filter(({ passed, failed }) => passed > 0 && failed > 0);
  const seen = runs.filter(({ inputs }) => mixed.some((one) => one.inputs === inputs)).map(({ at }) => at);
  const score = Math.round((different / pairs) * 100) / 100;
  return { score, proven: true, evidence: mixed, firstSeen: seen[0] ?? '', lastSeen: seen.at(-1) ?? '' };
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
