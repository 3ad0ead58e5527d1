import type { BridgeDbtRehearsal, BridgeDbtResult } from '../../base/bridge/shapes.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import type { Placing } from './check-manifest.ts';
import { lineOfTest } from './line-of-test.ts';

/** Adapters whose SQL DuckDB answers alike once it is told how they divide and sort. */
const ALIKE = ['duckdb', 'postgres', 'redshift'];
const LONGEST = 600;

/** What unit tests found on DuckDB. A test that DuckDB cannot run is skipped where the project is for another database. */
export function judgeUnitTests(said: BridgeDbtRehearsal, at: Placing): Finding[] {
  const whole = unread('dbt-unit-tests', said);
  if (whole !== null) return [whole];
  return said.results.flatMap((result) => {
    const place = { path: joinPath(at.folder, result.path), line: lineOfName(result, at) };
    if (result.status === 'pass') return [];
    if (result.status === 'fail') {
      const message = `The unit test \`${result.name}\` does not give what it expects. ${difference(result.message)}`;
      const hint = `Correct the model, or what the test expects.${elsewhere(said)}`;
      return [finding('dbt-unit-tests', { ...place, ...no(said), message, hint })];
    }
    return [notCarriedOut('dbt-unit-tests', `The unit test \`${result.name}\``, { said, result, place })];
  });
}

/** What a build of everything that has data found: errors of models and seeds, and failing data tests. */
export function judgeBuild(said: BridgeDbtRehearsal, at: Placing): Finding[] {
  const whole = unread('dbt-build-changed', said);
  if (whole !== null) return [whole];
  const found = said.results.flatMap((result): Finding[] => {
    const place = { path: joinPath(at.folder, result.path), line: lineOfName(result, at) };
    if (result.status === 'fail' || result.status === 'warn') {
      const severity = result.status === 'warn' ? 'warning' : no(said).severity;
      const rows = result.failures === null ? 'Rows' : `${result.failures} ${result.failures === 1 ? 'row' : 'rows'}`;
      const message = `The data test ${testName(result)} fails on the data that is here: ${rows} against it.`;
      const hint = `Correct the model, the data or the test.${elsewhere(said)}`;
      return [finding('dbt-build-changed', { ...place, status: 'failed', severity, message, hint })];
    }
    if (result.status !== 'error' && result.status !== 'runtime error') return [];
    const subject = `${result.resourceType === 'test' ? 'The data test' : `The ${result.resourceType}`} \`${result.name}\``;
    return [notCarriedOut('dbt-build-changed', subject, { said, result, place })];
  });
  const broken = said.errors.map(({ message, path }) =>
    finding('dbt-build-changed', {
      ...{ path: path === null ? null : joinPath(at.folder, path), line: null, status: 'failed', severity: 'error' },
      message: `This could not be loaded: ${flat(message)}`,
      hint: 'Correct the file; its first line names the columns.',
    }),
  );
  return [...broken, ...found, ...withoutData(said)];
}

/** As it is written, where that is known: the name that dbt makes of a generic test is long, and nowhere to be found. */
function testName({ name, test }: BridgeDbtResult): string {
  if (test === undefined) return `\`${name}\``;
  return `\`${test.name}\` on \`${test.column === null ? test.on : `${test.on}.${test.column}`}\``;
}

function withoutData({ withoutData: sources }: BridgeDbtRehearsal): Finding[] {
  if (sources.length === 0) return [];
  const some = `${sources.slice(0, 5).join(', ')}${sources.length > 5 ? ' ...' : ''}`;
  return [
    finding('dbt-build-changed', {
      ...{ path: null, line: null, status: 'skipped', severity: 'note' },
      message: `What reads these sources was not built, because there is no data for them here: ${some}.`,
      hint: 'Put a few rows into source-data/<source>/<table>.csv of the dbt project, or name a folder with `source-data:` of the part.',
    }),
  ];
}

/** dbt could not read the project at all; why is told by dbt-parse. */
function unread(check: string, said: BridgeDbtRehearsal): Finding | null {
  const first = said.errors[0];
  if (first === undefined || said.results.length > 0) return null;
  return finding(check, {
    ...{ path: null, line: null, status: 'errored', severity: 'warning' },
    message: `This could not be carried out, because dbt could not begin: ${flat(first.message)}`,
    hint: 'See what dbt-parse says.',
  });
}

type Place = Pick<Finding, 'path' | 'line'>;
type Told = { said: BridgeDbtRehearsal; result: BridgeDbtResult; place: Place };

/** On the project's own kind of database an error is the code's; on another, DuckDB may be the reason. */
function notCarriedOut(check: string, subject: string, { said, result, place }: Told): Finding {
  if (said.adapter === 'duckdb') {
    const message = `${subject} ends with an error: ${flat(result.message)}`;
    return finding(check, { ...place, ...no(said), message, hint: 'Mend what the database names.' });
  }
  return finding(check, {
    ...{ ...place, status: 'skipped', severity: 'note' },
    message: `${subject} could not be run on DuckDB, while the project is for ${said.adapter || 'another database'}: ${flat(result.message)}`,
    hint: 'It may be right on its own database: run it there.',
  });
}

function no({ adapter }: BridgeDbtRehearsal): Pick<Finding, 'status' | 'severity'> {
  return { status: 'failed', severity: ALIKE.includes(adapter) ? 'error' : 'warning' };
}

function elsewhere({ adapter }: BridgeDbtRehearsal): string {
  return adapter === 'duckdb' ? '' : ` It ran on DuckDB, while the project is for ${adapter || 'another database'}.`;
}

function finding(check: string, said: Omit<Finding, 'check' | 'asset'>): Finding {
  return { check, asset: null, ...said };
}

/** Where the file names it: a generic test, whose name dbt makes, by what it is written on. */
function lineOfName({ name, path, resourceType, test }: BridgeDbtResult, at: Placing): number | null {
  if (!/\.ya?ml$/.test(path)) return resourceType === 'seed' ? null : 1;
  const text = at.text(joinPath(at.folder, path)) ?? '';
  if (test !== undefined) return lineOfTest(text, test);
  const index = text
    .split('\n')
    .findIndex((line) => new RegExp(`\\bname:\\s*["']?${name}["']?\\s*(?:[,}#].*)?$`).test(line));
  return index === -1 ? null : index + 1;
}

/** dbt's table of differences without its heading and its drawing. */
function difference(message: string): string {
  return flat(message.replace(/^[\s\S]*?actual differs from expected:/, 'Actual differs from expected:'));
}

/** On one line, without dbt's headings and advice. */
function flat(message: string): string {
  const text = message
    .replaceAll(/^.*?(?:Runtime|Database|Compilation) Error(?: in .*)?$/gm, '')
    .replace(/An error occurred during execution of unit test.*?data types\./s, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
