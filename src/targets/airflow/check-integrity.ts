import type { BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { dagsOf, oneLine, sentence } from './check-dags.ts';

/** Kinds of problems that the bridge tells of the task graph, and of the schedule. */
const GRAPH = ['cycle', 'duplicate-task'];
const SCHEDULE = 'bad-schedule';

type Said = Pick<Finding, 'check' | 'path' | 'line' | 'message' | 'hint'> & {
  severity?: Severity;
  asset?: AssetKey | null;
};

export function dagFinding(said: Said): Finding {
  return { asset: null, status: 'failed', severity: 'error', ...said };
}

/** Files that Airflow could not import, and DAGs that it would not take in. */
export function judgeImports(files: readonly BridgeDagFile[]): Finding[] {
  const broken = files.filter(({ status }) => status === 'import-error').map(brokenImport);
  const refused = problemsOf(files, (kind) => !GRAPH.includes(kind) && kind !== SCHEDULE).map(({ found, problem }) =>
    dagFinding({
      check: 'dag-imports',
      ...placeOf(found),
      message: sentence(`Airflow refuses the DAG "${found.dag.dagId}": ${oneLine(problem.message)}`),
      hint: 'Mend what it names; until then Airflow shows an import error instead of the DAG.',
    }),
  );
  return [...broken, ...refused];
}

/** Errors that no missing package explains. */
const OWN_FAULTS = ['SyntaxError', 'IndentationError', 'TabError', 'NameError', 'ModuleNotFoundError'];

/** Where a package is not installed here and was stood in for, a failure may come from that: then it could not be told. */
function brokenImport({ path, error, assumed }: BridgeDagFile): Finding {
  const because = error === null ? 'it gave no reason' : `${error.type}: ${oneLine(error.message)}`;
  const missing = assumed.filter((name) => !name.includes(':'));
  const said = { check: 'dag-imports', path, line: error?.line ?? null };
  if (missing.length === 0 || OWN_FAULTS.includes(error?.type ?? '')) {
    const hint = importHint(error?.type ?? '', error?.message ?? '');
    return dagFinding({ ...said, message: sentence(`Airflow cannot import this file: ${because}`), hint });
  }
  return {
    ...dagFinding({
      ...said,
      severity: 'warning',
      message: sentence(`Whether Airflow can import this file could not be told: ${because}`),
      hint: `Not installed in the runtime here: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' ...' : ''}.`,
    }),
    status: 'errored',
  };
}

function importHint(type: string, message: string): string {
  const name = /No module named '([^']+)'|cannot import name '([^']+)'/.exec(message);
  if (name?.[2] !== undefined) return `Define \`${name[2]}\` in that module, or correct the import.`;
  if (/is in the project/.test(message))
    return 'Add the folder that holds it under `paths:` of the part in headgate.yaml.';
  if (name?.[1]?.startsWith('airflow.contrib')) {
    return 'Airflow 2 has no airflow.contrib any more: import it from the provider package that took it over.';
  }
  if (name?.[1] !== undefined) {
    return `Add the module \`${name[1]}\` to the project, or the package that has it to the requirements; then run the check again.`;
  }
  return type === 'SyntaxError'
    ? 'Put the syntax right.'
    : 'Mend the line; the DAGs of this file do not exist until it can be imported.';
}

/** Files whose reading was stopped: too slow, too large, or the process died. */
export function judgeLimits(files: readonly BridgeDagFile[]): Finding[] {
  const words: { [status: string]: { message: string; hint: string } } = {
    timeout: {
      message: 'Reading this file took so long that it was stopped',
      hint: 'Move the work into a task; Airflow reads the file again every few seconds.',
    },
    memory: {
      message: 'Reading this file needed so much memory that it was stopped',
      hint: 'Load the data inside a task, not while the file is read.',
    },
    crashed: {
      message: 'The process that read this file died',
      hint: 'Look for sys.exit, os._exit, os.kill or a native library at the top of the file.',
    },
  };
  return files.flatMap(({ path, status, error }) => {
    const said = words[status];
    if (said === undefined) return [];
    const detail = error === null ? '' : `: ${oneLine(error.message)}`;
    const message = sentence(`${said.message}${detail}`);
    return [dagFinding({ check: 'dag-limits', path, line: error?.line ?? null, message, hint: said.hint })];
  });
}

/** Task graphs that lead back to where they began, or hold a task twice. */
export function judgeCycles(files: readonly BridgeDagFile[]): Finding[] {
  return problemsOf(files, (kind) => GRAPH.includes(kind)).map(({ found, problem }) =>
    dagFinding({
      check: 'dag-cycles',
      ...placeOf(found),
      message: sentence(`The DAG "${found.dag.dagId}" cannot run: ${oneLine(problem.message)}`),
      hint: problem.kind === 'cycle' ? 'Take one of the dependencies out.' : 'Give each task an id of its own.',
    }),
  );
}

/** Schedules that Airflow does not understand. No schedule at all is a choice, not a fault. */
export function judgeSchedules(files: readonly BridgeDagFile[]): Finding[] {
  return problemsOf(files, (kind) => kind === SCHEDULE).map(({ found, problem }) =>
    dagFinding({
      check: 'dag-schedule',
      ...placeOf(found),
      message: sentence(
        `Airflow does not understand the schedule of the DAG "${found.dag.dagId}": ${oneLine(problem.message)}`,
      ),
      hint: 'Write a cron expression of five fields, a preset such as @daily, a timedelta, a timetable, or None.',
    }),
  );
}

/** DAGs that nobody can be asked about. `ownerOf` gives the owner that headgate.yaml names. */
export function judgeOwners(files: readonly BridgeDagFile[], ownerOf: (asset: AssetKey) => string | null): Finding[] {
  return dagsOf(files)
    .filter(({ dag, key }) => isNobody(dag.owner) && dag.owners.every(isNobody) && ownerOf(key) === null)
    .map((found) =>
      dagFinding({
        check: 'dag-owner',
        ...placeOf(found),
        severity: 'warning',
        message: `Nobody owns the DAG "${found.dag.dagId}"${found.dag.owner === '' ? '' : `: "${found.dag.owner}" is only Airflow’s default`}.`,
        hint: 'Set `owner` in default_args, or name one under `assets:` or `owner:` in headgate.yaml.',
      }),
    );
}

/** What Airflow itself writes where nobody is named. */
function isNobody(owner: string): boolean {
  return owner === '' || owner === 'airflow' || owner === 'Airflow' || owner === 'assumed';
}

function problemsOf(files: readonly BridgeDagFile[], isMeant: (kind: string) => boolean) {
  return dagsOf(files).flatMap((found) =>
    found.dag.problems.filter(({ kind }) => isMeant(kind)).map((problem) => ({ found, problem })),
  );
}

function placeOf(found: { path: string; key: AssetKey; dag: { line: number | null } }) {
  return { asset: found.key, path: found.path, line: found.dag.line };
}
