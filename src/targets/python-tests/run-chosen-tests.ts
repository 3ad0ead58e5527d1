import { ensureTool } from '../../base/python/ensure-tool.ts';
import { type PytestOrder, type PytestReport, runPytest } from '../../base/python/run-pytest.ts';
import { type RuntimeName, runtimePresent } from '../../base/python/runtime.ts';
import { notTold, setUpOnce, skipped, withoutTool } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckInput, DeclaredPart } from '../contract.ts';
import { type ChosenTest, chooseTests, type TestedPart, visibleTo } from './choose-tests.ts';
import { judgeTests } from './judge-tests.ts';
import { ownModules } from './own-modules.ts';

/**
 * How a technology's tests are run. `direct` null: all tests of the part, else only those that import the technology's package
 * or only those that do not. `again` looks at what came out and may ask for another run of all, with more in the order.
 */
export type TestRig = {
  check: string;
  runtime: RuntimeName;
  package: string;
  direct: boolean | null;
  partOf(part: DeclaredPart): TestedPart;
  /** Further folders from which the technology imports by itself, and which tests see as well; null where there are none. */
  beside: ((part: DeclaredPart) => string[]) | null;
  env(input: CheckInput): Record<string, string>;
  again?(report: PytestReport): Promise<Partial<PytestOrder> | null>;
};

/** Which files the tests of the part see; nothing when it has none. */
export function seenByTests(rig: TestRig, input: CheckInput): (path: string) => boolean {
  const tests = testsOf(rig, input);
  return tests.length === 0 ? isPython : visibleTo(tests, foldersOf(rig, input.part), input.files);
}

/** A part without tests of its own has some as soon as a Python file is added. */
function isPython(path: string): boolean {
  return path.endsWith('.py');
}

/** Runs the part's tests in the technology's runtime and tells what fails. */
export async function runChosenTests(rig: TestRig, input: CheckInput): Promise<Finding[]> {
  const tests = testsOf(rig, input);
  if (tests.length === 0) return [skipped(rig.check, `There are no such tests for ${input.part.name}.`)];
  const runtime = input.exact === 'never' ? null : runtimePresent(rig.runtime);
  if (runtime === null) {
    const why =
      input.exact === 'never'
        ? 'only the text was to be read'
        : `the ${rig.runtime} runtime is not set up on this machine`;
    return [notTold(rig.check, why, setUpOnce)];
  }
  const pytest = await ensureTool('pytest');
  if ('absent' in pytest) return [withoutTool(rig.check, pytest)];
  const report = await run(rig, orderOf(rig, { input, tests, runtime, pytest }));
  const judged = judgeTests(report, { check: rig.check, isOwn: ownModules(input.files) });
  for (const { test, outcome, seconds } of report.results) {
    input.control?.outcome({ test, outcome, seconds, finding: judged.of.get(test) ?? null });
  }
  return judged.findings;
}

function orderOf(
  rig: TestRig,
  {
    input,
    tests,
    runtime,
    pytest,
  }: Pick<PytestOrder, 'runtime' | 'pytest'> & { input: CheckInput; tests: ChosenTest[] },
): PytestOrder {
  const { folders } = rig.partOf(input.part);
  const isSeen = visibleTo(tests, foldersOf(rig, input.part), input.files);
  return {
    ...{ runtime, pytest, root: input.root },
    copied: input.files.entries.map(({ path }) => path).filter(isSeen),
    files: filesAgain(tests, input.control?.again ?? []),
    // A test may need modules of several parts; those of its own part win.
    sysPath: [...new Set([...folders, ...input.siblings.flatMap((one) => rig.partOf(one.part).folders), '.'])],
    env: rig.env(input),
    signal: input.control?.signal,
  };
}

function foldersOf(rig: TestRig, part: DeclaredPart): string[] {
  return [...rig.partOf(part).folders, ...(rig.beside?.(part) ?? [])];
}

/** The files of the tests that failed, when they are run again; all at first, and where their files cannot be told. */
function filesAgain(tests: readonly ChosenTest[], again: readonly string[]): string[] {
  const failed = again.map((test) => test.split('::')[0] ?? '');
  const chosen = tests.filter(({ path }) => failed.some((file) => path === file || path.endsWith(`/${file}`)));
  return (chosen.length === 0 ? tests : chosen).map(({ path }) => path);
}

async function run(rig: TestRig, order: PytestOrder): Promise<PytestReport> {
  const report = await runPytest(order);
  const more = (await rig.again?.(report)) ?? null;
  return more === null ? report : runPytest({ ...order, ...more });
}

function testsOf(rig: TestRig, { files, part, siblings }: CheckInput): ChosenTest[] {
  const parts = [part, ...siblings.map((one) => one.part)].map((one) => rig.partOf(one));
  const chosen = chooseTests(part.name, { files, package: rig.package, parts });
  return chosen.filter(({ direct }) => rig.direct === null || rig.direct === direct);
}
