import type { Finding } from '../../model/finding.ts';

/** What the catalogue tells in general and a check tells better: the catalogue's finding, and the check that covers it. */
const RETOLD: { [check: string]: string } = { 'asset-key-twice': 'dag-duplicate-ids' };

/** The findings without those that another check tells of the same asset in its own words. */
export function withoutRetold(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => {
    const better = Object.hasOwn(RETOLD, finding.check) ? RETOLD[finding.check] : undefined;
    return (
      better === undefined ||
      !findings.some((other) => other.check === better && other.asset === finding.asset && other.status === 'failed')
    );
  });
}
