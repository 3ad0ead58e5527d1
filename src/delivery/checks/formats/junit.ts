import { blocks, type Finding } from '../../../model/finding.ts';
import type { CheckReport } from '../report.ts';
import { fileOf, isTold, wordsOf } from './told.ts';

/**
 * A report as JUnit XML: a suite for each check, a case for each finding. Only what stops a release is a failure or (could
 * not be told) an error; the rest passes with its words in `system-out`. `root`: the project's folder in the repository,
 * '' or ending with a slash.
 */
export function junit(report: CheckReport, { root }: { root: string }): string {
  const suites = [...Map.groupBy(report.findings, ({ check }) => check)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="headgate" ${counts(report.findings)}>`,
    ...suites.flatMap(([check, findings]) => [
      `  <testsuite name="${xml(check)}" ${counts(findings)}>`,
      ...findings.flatMap((finding) => testCase(finding, root)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(findings: readonly Finding[]): string {
  const stops = findings.filter(blocks);
  const failures = stops.filter(({ status }) => status === 'failed').length;
  const skips = findings.filter(({ status }) => status === 'skipped').length;
  return `tests="${findings.length}" failures="${failures}" errors="${stops.length - failures}" skipped="${skips}"`;
}

function testCase(finding: Finding, root: string): string[] {
  const at = finding.line === null ? '' : ` line="${finding.line}"`;
  const place = finding.path === null ? '' : ` file="${xml(fileOf(finding, root))}"${at}`;
  const open = `    <testcase classname="headgate.${xml(finding.check)}" name="${xml(nameOf(finding))}"${place}`;
  const inside = outcome(finding);
  return inside === null ? [`${open}/>`] : [`${open}>`, `      ${inside}`, '    </testcase>'];
}

function nameOf(finding: Finding): string {
  const line = finding.line === null ? '' : `:${finding.line}`;
  if (finding.path !== null) return `${finding.path}${line}`;
  return finding.asset ?? (isTold(finding) ? 'the project' : finding.message);
}

function outcome(finding: Finding): string | null {
  if (finding.status === 'passed') return null;
  if (finding.status === 'skipped') return `<skipped message="${xml(finding.message)}"/>`;
  if (!blocks(finding)) return `<system-out>${xml(`${finding.severity}: ${wordsOf(finding)}`)}</system-out>`;
  const element = finding.status === 'failed' ? 'failure' : 'error';
  const type = xml(finding.check);
  return `<${element} type="${type}" message="${xml(finding.message)}">${xml(wordsOf(finding))}</${element}>`;
}

/** Text for XML 1.0: characters that it cannot hold become the replacement character. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"'\t\n\r]/g, (found) => `&#${found.charCodeAt(0)};`);
}
