import type { Finding } from '../../../model/finding.ts';
import type { CheckReport } from '../report.ts';
import { fingerprints } from './fingerprints.ts';
import { fileOf, isTold, levelOf, wordsOf } from './told.ts';

/**
 * What the formats need beside the findings. `root`: the project's folder in the repository, '' or ending with a slash.
 * `blob`: the address before a path where files can be read, or null. `titles`: what each check asks, by its name.
 * `version`: of Headgate.
 */
export type FormatContext = {
  root: string;
  blob: string | null;
  titles: { [check: string]: string };
  version: string;
};

/** GitHub takes no more results of one run. */
const MOST_RESULTS = 25_000;

/** A report as SARIF 2.1.0, for code scanning: what is wrong or could not be told, one rule for each check. */
export function sarif(report: CheckReport, context: FormatContext): string {
  const told = report.findings.filter(isTold).slice(0, MOST_RESULTS);
  const checks = [...new Set(told.map(({ check }) => check))].sort();
  const prints = fingerprints(told);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Headgate', version: context.version, rules: checks.map((check) => rule(check, context)) },
        },
        automationDetails: { id: `headgate/${context.root}` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { description: { text: 'The root of the repository.' } } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: told.flatMap(notification) }],
        results: told.map((finding, index) => ({
          ruleId: finding.check,
          ruleIndex: checks.indexOf(finding.check),
          level: levelOf(finding),
          message: { text: wordsOf(finding).toWellFormed() },
          locations: [location(finding, context.root)],
          partialFingerprints: { primaryLocationLineHash: `${prints[index]}:1`, 'headgateFinding/v1': prints[index] },
          properties: { status: finding.status },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(check: string, { titles }: FormatContext) {
  const title = Object.hasOwn(titles, check) ? titles[check] : undefined;
  const asks = title ?? `${check.charAt(0).toUpperCase()}${check.slice(1).replaceAll('-', ' ')}`;
  const help = `${asks}. Each result says how to mend it. \`headgate check --only ${check}\` runs this check alone.`;
  return {
    id: check,
    shortDescription: { text: asks },
    fullDescription: { text: `${asks}.` },
    help: { text: help.replaceAll('`', ''), markdown: help },
    properties: { tags: [check.split('-')[0] ?? check] },
  };
}

function location(finding: Finding, root: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(fileOf(finding, root)), uriBaseId: 'ROOT' },
      region: { startLine: finding.line ?? 1 },
    },
    ...(finding.asset === null ? {} : { logicalLocations: [{ fullyQualifiedName: finding.asset.toWellFormed() }] }),
  };
}

/** What could not be told is said twice: as a result, where people look, and as a notification, as the standard asks. */
function notification(finding: Finding) {
  if (finding.status !== 'errored') return [];
  const text = finding.message.toWellFormed();
  return [{ level: levelOf(finding), message: { text }, associatedRule: { id: finding.check } }];
}

function uriOf(path: string): string {
  return path.split('/').map(segment).join('/');
}

function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
