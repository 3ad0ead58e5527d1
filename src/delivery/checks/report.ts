import { blocks, type Finding, type FindingStatus } from '../../model/finding.ts';

/** How many findings have each status, and how many of all stop a release. Flaky ones count as failed. */
export type CheckSummary = {
  passed: number;
  failed: number;
  errored: number;
  skipped: number;
  blocking: number;
  /** Checks, one for each part or for the project, whose answer was taken from the cache. */
  reused: number;
  /** Which shard this is, where not everything was carried out; shards with another `cut` do not belong together. */
  shard?: { index: number; of: number; cut: string };
};
export type CheckReport = { findings: Finding[]; summary: CheckSummary };

/** The findings in their one order, without repetitions, and what they add up to. */
export function reportOf(
  findings: readonly Finding[],
  more: Pick<CheckSummary, 'reused' | 'shard'> = { reused: 0 },
): CheckReport {
  const sorted = unique(findings).sort(compareFindings);
  const count = (...statuses: FindingStatus[]) => sorted.filter(({ status }) => statuses.includes(status)).length;
  return {
    findings: sorted,
    summary: {
      passed: count('passed'),
      failed: count('failed', 'flaky'),
      errored: count('errored'),
      skipped: count('skipped'),
      blocking: sorted.filter(blocks).length,
      ...more,
    },
  };
}

/** 1 when something is wrong that stops a release, else 3 when something that would could not be told, else 0. */
export function exitOf(report: CheckReport): 0 | 1 | 3 {
  const blocking = report.findings.filter(blocks);
  if (blocking.some(({ status }) => status === 'failed')) return 1;
  return blocking.length > 0 ? 3 : 0;
}

const severities = ['error', 'warning', 'note'];
const statuses = ['failed', 'errored', 'flaky', 'skipped', 'passed'];

/** Most important first, then by place, so that equal findings give equal lists on any machine. */
function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(blocks(b)) - Number(blocks(a)) ||
    statuses.indexOf(a.status) - statuses.indexOf(b.status) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareText(a.path, b.path) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.check, b.check) ||
    compareText(a.asset, b.asset) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, so that no locale has a say. */
function compareText(a: string | null, b: string | null): number {
  const [left, right] = [a ?? '', b ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}

function unique(findings: readonly Finding[]): Finding[] {
  const byContent = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...byContent.values()];
}
