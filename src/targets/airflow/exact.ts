import type { BridgeDag, BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { Finding } from '../../model/finding.ts';
import { partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ExactDiscovery, ExactReader } from '../contract.ts';
import { AirflowPart } from './config.ts';
import { type Dag, dagAssets } from './dag-assets.ts';
import { readDagFiles } from './read-dag-files.ts';
import { variablesReader, withVariables } from './variables-read.ts';

/**
 * The DAGs of a part as the real Airflow sees them. Files that it cannot import are left to the reading of their text
 * and have a finding; all other Python files of the folder are covered, as Airflow would read no DAG in them.
 */
export const exact: ExactReader = async (input) => {
  const files = await readDagFiles(input);
  if ('absent' in files) return files;
  const settings = AirflowPart.parse(input.part.settings);
  const folder = normalFolder(settings.dags);
  const variables = variablesReader(input.files, settings);
  const failed = new Set(files.filter(isFailed).map((file) => file.path));
  const covered = input.files.entries
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('.py') && isInside(path, folder) && !failed.has(path));
  const part = partKey('airflow', input.part.name);
  const found: ExactDiscovery = { assets: [], edges: [], findings: files.filter(isFailed).map(failure), covered };
  for (const file of files.filter((candidate) => !isFailed(candidate))) {
    const exactness = file.assumed.length > 0 ? 'assumed' : 'exact';
    const read = dagAssets(
      part,
      file.dags.map((dag) => withVariables(dagOf(file, dag), variables(file.path))),
      exactness,
    );
    found.assets.push(...read.assets);
    found.edges.push(...read.edges);
  }
  return found;
};

function isFailed(file: BridgeDagFile): boolean {
  return file.status !== 'ok' && file.status !== 'no-dags';
}

function dagOf(file: BridgeDagFile, dag: BridgeDag): Dag {
  const { dagId, line, owner, tasks, problems: _problems, owners: _owners, ...facts } = dag;
  return {
    ...facts,
    dagId,
    path: file.path,
    line,
    owner: owner === '' || owner === 'airflow' ? null : owner,
    tags: [...facts.tags].sort(),
    complete: true,
    more: { imports: file.imports, lists: file.lists, assumed: file.assumed },
    tasks: tasks.map(({ taskId, operator, owner: taskOwner, downstream, runs, inlets, outlets, ...rest }) => ({
      id: taskId,
      operator,
      owner: taskOwner,
      downstream,
      // A marker only says who waits; the sensor on the other side is the edge.
      runs: operator === 'ExternalTaskMarker' ? [] : runs.map(({ kind, ref, detail }) => ({ kind, ref, detail })),
      inlets,
      outlets,
      more: moreOf(rest),
    })),
  };
}

function moreOf(rest: {
  module: string;
  pool: string;
  retries: number;
  connections: string[];
  callable: { file: string; line: number } | null;
}): JsonObject {
  return { ...rest, callable: rest.callable === null ? null : { ...rest.callable } };
}

const why: { [status: string]: string } = {
  'import-error': 'Airflow cannot import it',
  timeout: 'it took too long',
  memory: 'it took too much memory',
  crashed: 'it ended the process that read it',
};

function failure(file: BridgeDagFile): Finding {
  const said = file.error === null ? '' : `: ${file.error.type}: ${file.error.message.split('\n')[0] ?? ''}`;
  return {
    check: 'catalog-exact',
    asset: null,
    path: file.path,
    line: file.error?.line ?? null,
    status: 'errored',
    severity: 'warning',
    message: `${why[file.status] ?? 'It could not be read'}${said}. Its DAGs were read from its text.`,
    hint: 'Run `headgate check` for the whole error.',
  };
}
