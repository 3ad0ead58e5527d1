/** Why a dbt run ended badly. `again`: the same run may go well later, so nobody can tell yet. */
export type DbtFailure = { cause: string; message: string; hint: string; again: boolean };

type Row = { says: RegExp; cause: string; hint: string; again: boolean };

/** What dbt and its adapters print, from the most telling to the least. */
const rows: readonly Row[] = [
  row(/^headgate-run: .* is disabled in this environment/m, 'disabled', 'Enable it, then deliver again.'),
  row(/^headgate-run: .*/m, 'release-not-usable', 'The release or the settings of this environment are not complete.'),
  row(
    /dbt found \d+ package\(s\) specified in packages\.yml, but only/,
    'dbt-packages-missing',
    'Set packages-install-path in dbt_project.yml to a folder such as vendor, run `dbt deps`, and commit that folder: a release installs nothing.',
  ),
  row(
    /Env var required but not provided: '[^']+'/,
    'value-missing',
    'Give the part this variable under `env` in headgate.yaml.',
  ),
  row(
    /Could not find profile named|does not have a target named|Profile .* is invalid/,
    'dbt-profile',
    'Check profiles.yml and `profile-target` of the part.',
  ),
  row(/This version of dbt is not supported/, 'dbt-version', 'Check require-dbt-version against the runtime lock.'),
  row(
    /password authentication failed|no pg_hba\.conf entry|Incorrect username or password/i,
    'warehouse-refused-login',
    'Check the user and the secret reference of the environment.',
  ),
  row(
    /could not connect to server|connection to server .* failed|Connection refused|could not translate host name|timeout expired|server closed the connection/i,
    'warehouse-unreachable',
    'Check that the warehouse is up, then resume.',
    true,
  ),
  row(
    /deadlock detected|could not serialize access|Could not set lock on file|remaining connection slots/i,
    'warehouse-busy',
    'Something else holds the warehouse; it is tried again.',
    true,
  ),
  row(
    /permission denied|insufficient privilege|must be owner of/i,
    'warehouse-permission',
    'Give the role of the environment the right that it lacks.',
  ),
  row(/No space left on device|disk full/i, 'disk-full', 'Make room, then deliver again.'),
  row(/Compilation Error/, 'dbt-compilation', 'The project does not compile with the values of this environment.'),
  row(
    /Contract (Error|enforcement)|This model has an enforced contract that failed/i,
    'dbt-contract',
    'The model gives other columns than its contract promises.',
  ),
  row(/Failure in (unit_)?test|FAIL \d+ /, 'tests-failed', 'The data does not pass the tests of the new release.'),
  row(
    /(relation|table|schema) .{0,200} does not exist|Catalog Error: Table with name/i,
    'relation-missing',
    'Load the raw tables first, or build what the model reads.',
  ),
  row(
    /Database Error|Runtime Error in (model|snapshot|seed)/,
    'sql-failed',
    'A model fails on the data of this environment.',
  ),
];

function row(says: RegExp, cause: string, hint: string, again = false): Row {
  return { says, cause, hint, again };
}

/** What a failed run means, from its output and exit status (null: stopped by a signal). The message quotes at most six lines. */
export function dbtFailure(output: string, end: { code: number | null; because: string }): DbtFailure {
  const plain = withoutDecoration(output);
  if (end.code === null) return notEnded(end.because);
  const found = rows.find(({ says }) => says.test(plain));
  const quoted = telling(plain, found?.says ?? null);
  const message = `dbt ended with ${end.because}.${quoted === '' ? '' : `\n${quoted}`}`;
  if (found !== undefined) return { cause: found.cause, message, hint: found.hint, again: found.again };
  return { cause: 'dbt-failed', message, hint: 'Read the log of the run.', again: false };
}

/** `because` is `stopped by <signal>`, or why the program could not be started. */
function notEnded(because: string): DbtFailure {
  if (because.startsWith('stopped by')) {
    const hint = 'Nobody knows how far it came. It is run again.';
    return { cause: 'dbt-stopped', message: `dbt was ${because}.`, hint, again: true };
  }
  const hint = 'Check `python` of the target in this environment.';
  return { cause: 'dbt-not-started', message: `dbt could not be started: ${because}.`, hint, again: false };
}

/** The line that tells, the one before it, which names the model, and some that follow; else the last ones. */
function telling(output: string, says: RegExp | null): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const first = says === null ? -1 : lines.findIndex((line) => says.test(line));
  const from = first === -1 ? lines.slice(-6) : lines.slice(Math.max(0, first - 1), first + 5);
  return from.map((line) => line.slice(0, 400)).join('\n');
}

/** Without colours and the time that dbt puts before each line. */
function withoutDecoration(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a colour code.
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return plain.replace(/^\d\d:\d\d:\d\d\s*/gm, '').replace(/[ \t\r]+$/gm, '');
}
