import type { CheckReport } from '../report.ts';
import { fingerprints } from './fingerprints.ts';
import { fileOf, isTold, levelOf, wordsOf } from './told.ts';

const severities = { error: 'critical', warning: 'minor', note: 'info' } as const;

/** A report as GitLab's Code Quality JSON. `root`: the project's folder in the repository, '' or ending with a slash. */
export function codeQuality(report: CheckReport, { root }: { root: string }): string {
  const told = report.findings.filter(isTold);
  const prints = fingerprints(told);
  const issues = told.map((finding, index) => ({
    description: wordsOf(finding).toWellFormed(),
    check_name: finding.check,
    fingerprint: prints[index],
    severity: severities[levelOf(finding)],
    location: { path: fileOf(finding, root).toWellFormed(), lines: { begin: finding.line ?? 1 } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
