import type { Finding } from '../../../model/finding.ts';
import type { CheckReport } from '../report.ts';
import { fileOf, isTold, levelOf, wordsOf } from './told.ts';

/** GitHub shows no more annotations of one level of one step. */
const MOST = 10;

const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * A report as commands that GitHub's runner turns into annotations, most important first; then a line that counts what
 * GitHub would not show. `root`: the project's folder in the repository, '' or ending with a slash.
 */
export function annotations(report: CheckReport, { root }: { root: string }): string {
  const told = report.findings.filter(isTold);
  const shown = (['error', 'warning', 'note'] as const).flatMap((level) =>
    told.filter((finding) => levelOf(finding) === level).slice(0, MOST),
  );
  const more = told.length - shown.length;
  return [
    ...shown.map((finding) => command(finding, root)),
    ...(more === 0 ? [] : [`${more} more; GitHub shows ${MOST} of each level.`]),
    ...(told.length === 0 ? ['Nothing to say.'] : []),
    '',
  ].join('\n');
}

function command(finding: Finding, root: string): string {
  const line = finding.line === null ? [] : [`line=${finding.line}`];
  const place = finding.path === null ? [] : [`file=${property(fileOf(finding, root))}`, ...line];
  const properties = [...place, `title=${property(finding.check)}`];
  return `::${commands[levelOf(finding)]} ${properties.join(',')}::${words(wordsOf(finding))}`;
}

/** As the runner takes it apart: percent first, so that nothing is taken back twice. */
function words(text: string): string {
  return text.toWellFormed().replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return words(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
