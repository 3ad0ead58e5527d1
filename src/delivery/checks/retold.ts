import type { Finding } from '../../model/finding.ts';

/** By what two findings are about the same: the asset, the file, or the line of the file. */
type Same = 'asset' | 'path' | 'line';

/** What the catalogue tells in general and a check tells better: the catalogue's finding, and the check that covers it. */
const RETOLD: { [check: string]: { by: readonly string[]; same: Same } } = {
  'asset-key-twice': { by: ['dag-duplicate-ids'], same: 'asset' },
  'catalog-exact': { by: ['dag-imports', 'dag-limits', 'dbt-parse'], same: 'path' },
  'dbt-ref-missing': { by: ['dbt-parse'], same: 'line' },
  'dbt-packages-missing': { by: ['dbt-parse'], same: 'path' },
  'spark-main-missing': { by: ['spark-job'], same: 'asset' },
  'airflow-syntax': { by: ['dag-imports'], same: 'path' },
};

/** The findings without those that another check tells of the same thing in its own words. */
export function withoutRetold(findings: readonly Finding[]): Finding[] {
  const told = new Set(findings.filter(({ status }) => status !== 'passed').flatMap(keysOf));
  return findings.filter((finding) => {
    const better = Object.hasOwn(RETOLD, finding.check) ? RETOLD[finding.check] : undefined;
    if (better === undefined || (better.same === 'asset' ? finding.asset : finding.path) === null) return true;
    return !better.by.some((check) => told.has(keyOf(check, better.same, finding)));
  });
}

function keysOf(finding: Finding): string[] {
  return (['asset', 'path', 'line'] as const).map((same) => keyOf(finding.check, same, finding));
}

function keyOf(check: string, same: Same, { asset, path, line }: Finding): string {
  return JSON.stringify([check, same, same === 'asset' ? asset : path, same === 'line' ? line : null]);
}
