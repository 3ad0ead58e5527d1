import type { BridgeDbtCompiled, BridgeDbtError, BridgeDbtManifest } from '../../base/bridge/shapes.ts';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';

/** What a message can be placed by: the dbt project's folder in the repository, and texts. */
export type Placing = { folder: string; text(path: string): string | null };

/** Words of dbt when something of a package is missing that has not been installed. */
const PACKAGE =
  /dbt deps|package\(s\) (?:specified|installed)|'[\w.]+' is undefined|dbt found \d+ package|depends on a (?:node|source) named .* which was not found/i;
/** Words of dbt when code asks the database while it is compiled, and there is none. */
const ASKS_DATABASE =
  /introspect|run_query|connection never acquired|'None' has no attribute|NoneType|None has no (?:element|attribute)|execute_sql|cache|could not connect|Database Error|connection refused|is not iterable/i;
const MOST_WARNINGS = 20;

/** What dbt refuses in a project. `missingPackages`: the project's packages are not installed, so that part of it cannot be told. */
export function judgeManifest(manifest: BridgeDbtManifest, at: Placing & { missingPackages: boolean }): Finding[] {
  if (manifest.adapter === '') return [endedEarly(manifest.errors[0]?.message ?? '')];
  const isUntold = ({ message }: BridgeDbtError) => at.missingPackages && PACKAGE.test(message);
  const errors = manifest.errors
    .filter((error) => !isUntold(error))
    .map((error) =>
      finding('dbt-parse', error, at, { status: 'failed', severity: 'error', hint: hintFor(error.message) }),
    );
  const warnings = manifest.warnings
    .filter((warning) => !isUntold(warning) && !/profile was replaced|deprecat/i.test(warning.message))
    .slice(0, MOST_WARNINGS)
    .map((warning) => finding('dbt-parse', warning, at, { status: 'failed', severity: 'warning', hint: null }));
  const untold = [...manifest.errors, ...manifest.warnings].filter(isUntold);
  return untold.length === 0 ? [...errors, ...warnings] : [...errors, ...warnings, withoutPackages(untold, at)];
}

/** dbt was stopped at a limit, or died: nothing is known of the project. The last line of what it said is the reason. */
function endedEarly(message: string): Finding {
  const reason = message.trim().split('\n').at(-1)?.trim() ?? '';
  return {
    ...{ check: 'dbt-parse', asset: null, path: null, line: null, status: 'errored', severity: 'error' },
    message: `dbt ended before it could read the project: ${reason.replace(/\.$/, '')}.`,
    hint: 'Nothing was changed. Run the check again; if it happens each time, run `dbt parse` in the project.',
  };
}

/** One finding for all that fails only because packages are not there. */
function withoutPackages(errors: readonly BridgeDbtError[], at: Placing): Finding {
  const count = new Set(errors.map(({ path }) => path)).size;
  const message = `The packages of the project are not installed, so what uses them could not be told (${count} ${count === 1 ? 'file' : 'files'}).`;
  const hint = 'Run `dbt deps` in the project, then check again.';
  return skipped('dbt-parse', message, { path: joinPath(at.folder, 'packages.yml'), hint });
}

/** What dbt cannot turn into SQL. Code that asks the database while it is compiled is skipped, in one finding. */
export function judgeCompiled(
  compiled: BridgeDbtCompiled,
  manifest: BridgeDbtManifest,
  at: Placing & { missingPackages: boolean },
): Finding[] {
  const isSkipped = ({ message }: BridgeDbtError) =>
    ASKS_DATABASE.test(message) || (at.missingPackages && PACKAGE.test(message)) || manifest.profile === 'throw-away';
  const failed = compiled.errors
    .filter((error) => !isSkipped(error))
    .map((error) =>
      finding('dbt-compile', error, at, { status: 'failed', severity: 'error', hint: hintFor(error.message) }),
    );
  const notTold = compiled.errors.filter(isSkipped);
  return notTold.length === 0 ? failed : [...failed, untold(notTold, manifest, at)];
}

function untold(errors: readonly BridgeDbtError[], manifest: BridgeDbtManifest, at: Placing): Finding {
  const paths = [...new Set(errors.flatMap(({ path }) => (path === null ? [] : [joinPath(at.folder, path)])))].sort();
  const some = paths.length === 0 ? '' : ` (${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''})`;
  const because =
    manifest.profile === 'throw-away'
      ? `the adapter of the project is not installed here; it was read with ${manifest.adapter}`
      : 'they ask the warehouse, or a package that is not installed, while they are compiled';
  const message = `${errors.length} ${errors.length === 1 ? 'node' : 'nodes'} could not be compiled without the warehouse${some}: ${because}.`;
  return skipped('dbt-compile', message, { hint: 'The other nodes were compiled.' });
}

type Judged = Pick<Finding, 'status' | 'severity' | 'hint'> & { check?: string };

function finding(check: string, error: BridgeDbtError, at: Placing, judged: Judged): Finding {
  const path = error.path === null ? null : joinPath(at.folder, error.path);
  const message = plain(error.message);
  return { check, asset: null, path, line: error.line ?? lineIn(path, message, at), ...judged, message };
}

/** The line of the first name in quotes that the message gives and the file has. */
function lineIn(path: string | null, message: string, at: Placing): number | null {
  const text = path === null ? null : at.text(path);
  if (text === null) return null;
  const lines = text.split('\n');
  for (const match of message.matchAll(/'([\w.]+)'/g)) {
    const name = (match[1] ?? '').split('.').at(-1) ?? '';
    const index = lines.findIndex((line) => line.includes(`'${name}'`) || line.includes(`"${name}"`));
    if (index !== -1) return index + 1;
  }
  return null;
}

/** On one line, without dbt's headings and its list of callers. */
function plain(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^> (?:in|called by) /.test(line) &&
        !/^(?:Compilation|Parsing|Runtime|Validation|Database) Error/.test(line),
    );
  const flat = (lines.length > 0 ? lines : [message.trim()])
    .join(' ')
    .replace(/^\[WARNING\]:?\s*/, '')
    .replaceAll(/\s+/g, ' ');
  return flat.length > 400 ? `${flat.slice(0, 397)}...` : flat;
}

function hintFor(message: string): string {
  if (/Env var required/i.test(message))
    return 'Add the variable under `env:` of the part in headgate.yaml, or give env_var() a default.';
  if (/Required var/i.test(message))
    return 'Add the variable under `vars:` of the part in headgate.yaml, or give var() a default.';
  if (/depends on a node named|was not found/i.test(message)) return 'Add what it refers to, or correct the name.';
  return 'Mend what dbt names; until then nothing of this project can be built.';
}
