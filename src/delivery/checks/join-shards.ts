import { errored } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { type CheckReport, reportOf } from './report.ts';

/**
 * The reports of shards as the one report that a single run would have given. With `whole`, a shard that is missing, and shards
 * that were cut differently, are findings that could not be told and stop a release; without, this is only a share.
 */
export function joinShards(reports: readonly CheckReport[], { whole }: { whole: boolean }): CheckReport {
  const reused = reports.reduce((sum, { summary }) => sum + summary.reused, 0);
  const gaps = whole ? gapsIn(reports) : [];
  return reportOf([...reports.flatMap(({ findings }) => findings), ...gaps], { reused });
}

function gapsIn(reports: readonly CheckReport[]): Finding[] {
  const shards = reports.flatMap(({ summary }) => summary.shard ?? []);
  const [first] = shards;
  if (first === undefined) return [];
  if (shards.some(({ of, cut }) => of !== first.of || cut !== first.cut)) {
    const hint = 'Run every shard on the same commit, with the same options and the same file for --times.';
    return [
      errored('check-shards', { message: 'The shards were cut differently, so some checks may be in none.', hint }),
    ];
  }
  const there = new Set(shards.map(({ index }) => index));
  const missing = Array.from({ length: first.of }, (_, index) => index + 1).filter((index) => !there.has(index));
  if (missing.length === 0) return [];
  const message = `Of ${first.of} shards, ${missing.join(', ')} reported nothing, so what their checks say is not known.`;
  return [errored('check-shards', { message, hint: 'See why those jobs ended without a report, and run them again.' })];
}
