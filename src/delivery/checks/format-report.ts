import { writeComment } from './comment/write-comment.ts';
import { annotations } from './formats/annotations.ts';
import { codeQuality } from './formats/code-quality.ts';
import { junit } from './formats/junit.ts';
import { type FormatContext, sarif } from './formats/sarif.ts';
import type { CheckReport } from './report.ts';
import type { ReportFormat } from './report-formats.ts';

/** A job summary may have a mebibyte; no character takes more than four bytes. */
const longestSummary = 250_000;

const writers: { [Format in ReportFormat]: (report: CheckReport, context: FormatContext) => string } = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  markdown: (report, { root, blob }) =>
    writeComment(
      {
        check: report,
        impact: null,
        plans: [],
        source: { blob, root, touched: null },
        seconds: null,
        times: {},
        run: null,
      },
      longestSummary,
    ),
  sarif,
  junit,
  github: annotations,
  gitlab: codeQuality,
};

/** The report in one of the formats. Equal reports give equal text. */
export function formatReport(report: CheckReport, format: ReportFormat, context: FormatContext): string {
  return writers[format](report, context);
}
