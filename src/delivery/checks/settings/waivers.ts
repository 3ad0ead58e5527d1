import ignore from 'ignore';
import { failed } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { matcherOf } from '../../catalog/asset-rules.ts';
import type { Waiver } from '../../project/checking.ts';
import { projectFileName } from '../../project/project-file-name.ts';

/**
 * The findings with what headgate.yaml waives until a day that has not passed. `off` turns one into a skipped one that says
 * why and until when, so that nothing is silent. `today` is a day such as 2025-12-31.
 */
export function withWaivers(findings: readonly Finding[], waivers: readonly Waiver[], today: string): Finding[] {
  const live = waivers.filter(({ until }) => until >= today).map((waiver) => ({ waiver, covers: coverageOf(waiver) }));
  if (live.length === 0) return [...findings];
  return findings.map((finding) => {
    if (finding.status === 'passed' || finding.status === 'skipped') return finding;
    const found = live.find(({ covers }) => covers(finding));
    return found === undefined ? finding : waived(finding, found.waiver);
  });
}

/** A finding for each waiver whose day has passed. */
export function expiredWaivers(waivers: readonly Waiver[], today: string): Finding[] {
  return waivers
    .filter(({ until }) => until < today)
    .map(({ check, path, asset, because, until }) => {
      const on = path ?? asset;
      return failed('waiver-expired', {
        path: projectFileName,
        severity: 'warning',
        message: `The waiver of ${check}${on === null ? '' : ` on ${on}`} ended on ${until}; it was given because: ${because}`,
        hint: 'What it covered counts again. Mend that and take the waiver out, or give it a new day.',
      });
    });
}

function coverageOf({ check, path, asset }: Waiver): (finding: Finding) => boolean {
  const isCheck = (name: string) => (check.endsWith('*') ? name.startsWith(check.slice(0, -1)) : name === check);
  const rules = path === null ? null : ignore().add(path);
  const isAsset = asset === null ? null : matcherOf(asset);
  return (finding) =>
    isCheck(finding.check) &&
    (rules === null || (finding.path !== null && rules.ignores(finding.path))) &&
    (isAsset === null || (finding.asset !== null && isAsset(finding.asset)));
}

function waived(finding: Finding, { severity, because, until }: Waiver): Finding {
  if (severity !== 'off') return { ...finding, severity };
  const message = `Waived until ${until} (${because}): ${finding.message}`;
  return { ...finding, status: 'skipped', severity: 'note', message };
}
