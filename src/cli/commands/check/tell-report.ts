import { formatReport } from '../../../delivery/checks/format-report.ts';
import type { CheckReport } from '../../../delivery/checks/report.ts';
import type { ReportFormat } from '../../../delivery/checks/report-formats.ts';
import { checkTitles } from '../../../workflows/report/check-titles.ts';
import { readEvent } from '../../../workflows/report/pull-request-event.ts';
import {
  parseFormat,
  parseReportFiles,
  type ReportFile,
  writeReportFiles,
} from '../../../workflows/report/report-files.ts';
import { rootInRepository, runnerPlace } from '../../../workflows/report/source-place.ts';
import { flagOption, type Invocation, listOption, textOption } from '../../command.ts';
import { headgateVersion } from '../version/show.ts';
import { reportLines } from './report-lines.ts';

/** How a report was asked for: null is text for people. */
export type ReportWish = { format: ReportFormat | null; files: ReportFile[] };

/** Reads the options before any work is done. @throws report-format-unknown */
export function reportWish(invocation: Invocation): ReportWish {
  const format = textOption(invocation, 'format');
  return {
    format: format === null || format === 'text' ? null : parseFormat(format),
    files: parseReportFiles(listOption(invocation, 'report')),
  };
}

/** Prints the report as it was asked for, and writes the files. `folder` is the project's. @throws report-not-written */
export function tellReport(
  invocation: Invocation,
  report: CheckReport,
  told: { wish: ReportWish; folder: string },
): void {
  const { format, files } = told.wish;
  if (format !== null || files.length > 0) {
    const root = rootInRepository(told.folder);
    const { blob } = runnerPlace(process.env, readEvent(process.env).head);
    const context = { root, blob, titles: checkTitles(), version: headgateVersion() };
    writeReportFiles(report, files, { cwd: invocation.cwd, context });
    if (format !== null && !invocation.print.json) {
      invocation.print.result(report, () => [formatReport(report, format, context).trimEnd()]);
      return;
    }
  }
  invocation.print.result(report, () => reportLines(report, { all: flagOption(invocation, 'all') }));
}
