import type { CollectError, PytestReport, PytestResult } from '../../base/python/run-pytest.ts';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';

/** `check` is the finding's check; `isOwn` says whether the project has a module of this first name. */
export type TestsJudged = { check: string; isOwn(module: string): boolean };

const NAMED = /No module named '([\w.]+)'|cannot import name '(\w+)' from '([\w.]+)' \(unknown location\)/;
const NO_NETWORK = /Network is unreachable|Temporary failure in name resolution|Name or service not known/;
const ELSEWHERE = 'Run these tests where their packages are.';
const MOST_LINES = 3;
const LONGEST = 500;

/** One finding for each test that fails, each file that cannot be loaded, and one for each package that is not here. */
export function judgeTests(report: PytestReport, at: TestsJudged): { findings: Finding[]; of: Map<string, Finding> } {
  const of = new Map<string, Finding>();
  const failing = report.results.filter(({ outcome }) => outcome === 'failed' || outcome === 'errored');
  for (const result of failing.filter((one) => missingPackage(one, at) === null))
    of.set(result.test, failure(result, at));
  const loading = report.uncollected
    .filter((one) => missingPackage(one, at) === null)
    .map((one) => unloadable(one, at));
  const untold = [...failing, ...report.uncollected].flatMap((one) => {
    const missing = missingPackage(one, at);
    return missing === null ? [] : [{ missing, path: one.path }];
  });
  return { findings: [...of.values(), ...loading, ...withoutPackages(untold, at), ...broken(report, at)], of };
}

/** The package that a test itself says it lacks, and that neither the runtime nor the project has. */
function missingPackage({ message }: { message: string }, { isOwn }: TestsJudged): string | null {
  const [, module, name, from] = NAMED.exec(message) ?? [];
  const missing = module ?? (from === undefined ? undefined : `${from}.${name}`);
  const first = missing?.split('.')[0];
  return missing === undefined || first === undefined || isOwn(first) ? null : module === undefined ? missing : first;
}

function failure(result: PytestResult, { check, isOwn }: TestsJudged): Finding {
  if (NO_NETWORK.test(result.message)) return offline(result, check);
  const name = result.test.split('::').slice(1).join('::');
  const place = { check, asset: null, path: result.path, line: result.line };
  const how = result.outcome === 'failed' ? 'fails' : 'could not be set up or taken down';
  const lacking = result.missing.filter((one) => !isOwn(one.split('.')[0] ?? ''));
  if (lacking.length === 0) {
    const message = `The test \`${name}\` ${how}: ${firstLines(result.message)}`;
    return {
      ...place,
      status: 'failed',
      severity: 'error',
      message,
      hint: 'Correct the code, or what the test expects.',
    };
  }
  // A DAG file that lacks a package is not in the DagBag, and so on: what came of that cannot be told apart.
  const some = `${lacking.slice(0, 4).join(', ')}${lacking.length > 4 ? ' ...' : ''}`;
  return {
    ...{ ...place, status: 'errored', severity: 'warning' },
    message: `The test \`${name}\` ${how} here, where the code does not find ${some}: ${firstLines(result.message)}`,
    hint: 'Whether it is right cannot be told without these packages; run it where they are.',
  };
}

/** Whether it is right cannot be told: tests have no network here. */
function offline({ test, path, line }: PytestResult, check: string): Finding {
  return {
    ...{ check, asset: null, path, line, status: 'errored', severity: 'warning' },
    message: `The test \`${test.split('::').slice(1).join('::')}\` wants the network, which tests do not have here.`,
    hint: 'Let the test use a stand-in for what is outside, or run it where that can be reached.',
  };
}

function unloadable({ path, line, message }: CollectError, { check }: TestsJudged): Finding {
  return {
    ...{ check, asset: null, path, line, status: 'failed', severity: 'error' },
    message: `The tests of this file cannot be loaded: ${firstLines(message)}`,
    hint: 'Mend what stops the import; none of its tests was run.',
  };
}

function withoutPackages(untold: readonly { missing: string; path: string }[], { check }: TestsJudged): Finding[] {
  const names = [...new Set(untold.map(({ missing }) => missing))].sort();
  return names.map((name) => {
    const paths = [...new Set(untold.filter(({ missing }) => missing === name).map(({ path }) => path))].sort();
    const message = `Tests in ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''} were not run: they need the package \`${name}\`, which is not installed here.`;
    return skipped(check, message, { path: paths[0] ?? null, hint: ELSEWHERE });
  });
}

/** The process ended before pytest did: what had been told until then stands. A conftest.py that lacks a package ends it at once. */
function broken({ ended, results }: PytestReport, at: TestsJudged): Finding[] {
  if (ended === null) return [];
  const { check } = at;
  const after = results.at(-1);
  const missing = after === undefined && /conftest/.test(ended) ? missingPackage({ message: ended }, at) : null;
  if (missing !== null) {
    const message = `The tests were not run: their conftest.py needs the package \`${missing}\`, which is not installed here.`;
    return [skipped(check, message, { hint: ELSEWHERE })];
  }
  const where = after === undefined ? 'before the first test' : `after \`${after.test}\``;
  return [
    {
      ...{ check, asset: null, path: after?.path ?? null, line: null, status: 'errored', severity: 'error' },
      message: `pytest ended ${where} and the rest could not be told: ${lastLines(ended) || 'it said nothing'}`,
      hint: 'Run pytest by hand to see more; a test that ends its process takes the others with it.',
    },
  ];
}

function firstLines(message: string): string {
  return short(linesOf(message).slice(0, MOST_LINES));
}

function lastLines(message: string): string {
  return short(linesOf(message).slice(-MOST_LINES));
}

/** Without empty lines and pytest's own advice. */
function linesOf(message: string): string[] {
  return message.split('\n').filter((line) => !/^\s*(?:Use -v to get more diff)?$/.test(line));
}

function short(lines: readonly string[]): string {
  const text = lines.map((line) => line.trim()).join(' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
