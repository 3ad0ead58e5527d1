import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { didYouMean } from '../../base/did-you-mean.ts';
import { fail, messageOf } from '../../base/errors.ts';
import { formatReport } from '../../delivery/checks/format-report.ts';
import type { FormatContext } from '../../delivery/checks/formats/sarif.ts';
import type { CheckReport } from '../../delivery/checks/report.ts';
import { type ReportFormat, reportFormats } from '../../delivery/checks/report-formats.ts';

/** One file that a report is written to. */
export type ReportFile = { format: ReportFormat; path: string };

/** `sarif=out/headgate.sarif` taken apart, for each. @throws report-format-unknown */
export function parseReportFiles(wishes: readonly string[]): ReportFile[] {
  return wishes.map((wish) => {
    const at = wish.indexOf('=');
    const path = at === -1 ? '' : wish.slice(at + 1);
    if (path === '') throw unknown(wish);
    return { format: parseFormat(wish.slice(0, at)), path };
  });
}

/** @throws report-format-unknown */
export function parseFormat(name: string): ReportFormat {
  const found = reportFormats.find((format) => format === name);
  if (found === undefined) throw unknown(name);
  return found;
}

/** Writes the report to each file; folders are made. @throws report-not-written */
export function writeReportFiles(
  report: CheckReport,
  files: readonly ReportFile[],
  { cwd, context }: { cwd: string; context: FormatContext },
): void {
  for (const { format, path } of files) writeReport(resolve(cwd, path), formatReport(report, format, context));
}

/** @throws report-not-written */
export function writeReport(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw fail('report-not-written', { path, because: messageOf(error) });
  }
}

function unknown(format: string): Error {
  return fail('report-format-unknown', {
    format,
    nearest: didYouMean(format, reportFormats),
    known: reportFormats.join(', '),
  });
}
