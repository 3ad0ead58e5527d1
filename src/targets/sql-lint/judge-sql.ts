import type { SqlfluffAnswer, SqlProblem } from '../../base/python/run-sqlfluff.ts';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';

/** Rules that find mistakes, not taste: they are all that is looked at where a project has no settings of its own. */
export const MISTAKES: { [code: string]: string } = {
  AL04: 'Give each table an alias of its own.',
  AL08: 'Give each column a name of its own.',
  AM01: 'Leave out `distinct`; the grouping does the same.',
  AM08: 'Write `cross join`, or the condition that is missing.',
  CV05: 'Write `is null` or `is not null`: a comparison with null is never true.',
  RF01: 'Correct the name, or join the table that it means.',
  ST03: 'Remove what is not used, or use it.',
};

/** Families of rules that find mistakes; the others are about how SQL looks. */
const LIKELY_BUG = /^(?:AM0[1-358]|RF0[12]|AL0[48]|ST03|CV05|PRS)/;
const MOST_IN_A_FILE = 10;

/** `configured`: the project chose the rules itself. */
export function judgeSql({ problems, unread }: SqlfluffAnswer, configured: boolean): Finding[] {
  // Where templates are left unfilled, what remains is not what will be run.
  const whole = [...problems].filter(([, list]) => list.every(({ code }) => code !== 'TMP'));
  const found = whole.flatMap(([path, list]) =>
    list
      .filter(({ code }) => configured || code === 'PRS' || Object.hasOwn(MISTAKES, code))
      .slice(0, MOST_IN_A_FILE)
      .map((problem) => finding(path, problem)),
  );
  const templated = [...problems].flatMap(([path, list]) => (list.some(({ code }) => code === 'TMP') ? [path] : []));
  return [...found, ...untold(templated), ...notReached(unread)];
}

function finding(path: string, { code, description, start_line_no: line }: SqlProblem): Finding {
  const message =
    code === 'PRS' ? `sqlfluff cannot parse this: ${description}` : `${description.replace(/\.$/, '')} (${code}).`;
  return {
    ...{ check: 'sql-lint', asset: null, path, line: Math.max(1, line), status: 'failed' },
    severity: LIKELY_BUG.test(code) ? 'warning' : 'note',
    message,
    hint: MISTAKES[code] ?? 'Correct it, or leave the rule out in the settings of sqlfluff.',
  };
}

/** Templates that only dbt or Airflow can fill in: macros of packages, values of a run. */
function untold(paths: readonly string[]): Finding[] {
  if (paths.length === 0) return [];
  const some = `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''}`;
  return [
    skipped(
      'sql-lint',
      `${paths.length} ${paths.length === 1 ? 'file uses' : 'files use'} templates that cannot be filled in here, such as macros of packages, and were not looked at: ${some}.`,
    ),
  ];
}

function notReached(unread: SqlfluffAnswer['unread']): Finding[] {
  const [first] = unread;
  if (first === undefined) return [];
  return [
    {
      ...{ check: 'sql-lint', asset: null, path: first.path, line: null, status: 'errored', severity: 'warning' },
      message: `sqlfluff could not look at ${unread.length} ${unread.length === 1 ? 'file' : 'files'}: ${first.because}`,
      hint: 'The other files were looked at. Check the settings of sqlfluff.',
    },
  ];
}
