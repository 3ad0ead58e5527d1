import { failed } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Quarantined } from '../../project/checking.ts';
import { projectFileName } from '../../project/project-file-name.ts';

/** The entry that a test stands under today, or null. */
export function quarantineOf(test: string, quarantine: readonly Quarantined[], today: string): Quarantined | null {
  return quarantine.find((one) => one.until >= today && matches(one.test, test)) ?? null;
}

/** The finding of a test, which stops nothing while the test is in quarantine, and says so. */
export function withQuarantine(finding: Finding, entry: Quarantined | null): Finding {
  if (entry === null || (finding.status !== 'failed' && finding.status !== 'errored')) return finding;
  const message = `${finding.message.replace(/[.\s]+$/, '')}. In quarantine until ${entry.until}, ${entry.owner} mends it: ${entry.because}`;
  return { ...finding, severity: finding.severity === 'error' ? 'warning' : finding.severity, message };
}

/** A finding for each entry whose day has passed. */
export function expiredQuarantine(quarantine: readonly Quarantined[], today: string): Finding[] {
  return quarantine
    .filter(({ until }) => until < today)
    .map(({ test, owner, until }) =>
      failed('quarantine-expired', {
        path: projectFileName,
        severity: 'warning',
        message: `The quarantine of ${test} ended on ${until}; ${owner} was to mend it.`,
        hint: 'Its failures stop a release again. Mend the test and take the entry out, or agree on a new day.',
      }),
    );
}

/** `*` stands for anything but a slash, `**` for anything. */
function matches(pattern: string, test: string): boolean {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's').test(test);
}
