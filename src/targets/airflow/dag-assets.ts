import { tablesIn } from '../../base/sql/sql-tables.ts';
import type { Asset, Edge } from '../../model/asset.ts';
import { tableKey } from '../../model/data-keys.ts';
import { type AssetKey, assetKey, type PartKey } from '../../model/identifiers.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { dataAccess, mention } from '../../model/mention.ts';
import type { TaskRun } from '../contract.ts';

/** A task of a DAG, however it was read. */
export type DagTask = {
  id: string;
  operator: string;
  owner: string | null;
  downstream: string[];
  runs: TaskRun[];
  inlets: string[];
  outlets: string[];
  /** What else its reader knows of it. */
  more: JsonObject;
};

/** A DAG, however it was read. `path` and `line` say where in the project it comes from. */
export type Dag = {
  dagId: string;
  path: string;
  line: number | null;
  owner: string | null;
  schedule: string | null;
  scheduleKind: string;
  datasets: string[];
  tags: string[];
  startDate: string | null;
  catchup: boolean | null;
  description: string | null;
  maxActiveRuns: number | null;
  graphDigest: string | null;
  /** False where tasks may exist that could not be read. */
  complete: boolean;
  /** What else its reader knows of it. */
  more: JsonObject;
  tasks: DagTask[];
};

/** The assets and edges of the DAGs of one file: the DAGs, the datasets that they wait for and write, and the tables that their SQL names. */
export function dagAssets(
  part: PartKey,
  dags: readonly Dag[],
  exactness: Asset['exactness'],
): { assets: Asset[]; edges: Edge[] } {
  const ids = [...new Set(dags.map((dag) => dag.dagId))].sort();
  const assets = dags.map((dag) => dagAsset({ part, dag, ids, exactness }));
  const edges = dags.flatMap(datasetEdges);
  const uris = new Set(
    dags.flatMap((dag) => [...dag.datasets, ...dag.tasks.flatMap((task) => [...task.inlets, ...task.outlets])]),
  );
  const tables = dags.map((dag) => dataAccess(dagKey(dag.dagId), tablesOf(dag)));
  return {
    assets: [
      ...assets,
      ...[...uris].sort().map((uri) => mention(assetKey('airflow:dataset', uri), exactness)),
      ...tables.flatMap((access) => access.assets),
    ],
    edges: [...edges, ...tables.flatMap((access) => access.edges)],
  };
}

/** A long text is cut, perhaps within a name. */
function wholeWords(detail: string): string {
  return detail.length < 4000 ? detail : detail.slice(0, detail.search(/\s\S*$/));
}

/** The tables that the SQL of its tasks names, as far as it is literal; those that a task makes for itself are left out. */
function tablesOf(dag: Dag): { reads: AssetKey[]; writes: AssetKey[] } {
  const found = dag.tasks
    .flatMap((task) => task.runs)
    .filter((run) => run.kind === 'sql')
    .flatMap((run) => tablesIn(wholeWords(run.detail)))
    // A name without a schema may be a temporary table, a CTE or a file of SQL.
    .filter(({ name }) => name.includes('.') && !name.endsWith('.sql'));
  const keys = (way: 'read' | 'write') => [
    ...new Set(found.filter((one) => one.way === way).flatMap((one) => tableKey(one.name) ?? [])),
  ];
  return { reads: keys('read'), writes: keys('write') };
}

export function dagKey(dagId: string): AssetKey {
  return assetKey('airflow:dag', dagId);
}

function dagAsset(input: { part: PartKey; dag: Dag; ids: string[]; exactness: Asset['exactness'] }): Asset {
  const { part, dag, ids, exactness } = input;
  const { dagId, path, line, tasks, owner, more, ...facts } = dag;
  return {
    key: dagKey(dagId),
    kind: 'airflow:dag',
    name: dagId,
    part,
    path,
    line,
    owner: owner ?? ownerOfTasks(tasks),
    serviceLevel: null,
    sensitivity: [],
    exactness,
    facts: {
      file: path,
      dagIds: ids,
      ...facts,
      ...more,
      runsUnknown: !dag.complete,
      tasks: tasks.map(taskFacts),
    },
  };
}

function taskFacts(task: DagTask): Json {
  const { id, operator, owner, downstream, runs, inlets, outlets, more } = task;
  return {
    id,
    operator,
    owner,
    downstream: [...downstream].sort(),
    runs: runs.map((run) => ({ ...run })),
    inlets,
    outlets,
    ...more,
  };
}

/** `airflow` is what Airflow writes where nobody is named. */
function ownerOfTasks(tasks: readonly DagTask[]): string | null {
  const owners = new Set(tasks.map((task) => task.owner).filter((owner) => owner !== null && owner !== 'airflow'));
  return owners.size === 0 ? null : [...owners].sort().join(', ');
}

function datasetEdges(dag: Dag): Edge[] {
  const key = dagKey(dag.dagId);
  const dataset = (uri: string) => assetKey('airflow:dataset', uri);
  return [
    ...dag.datasets.map((uri): Edge => ({ from: dataset(uri), to: key, kind: 'triggers' })),
    ...dag.tasks.flatMap((task) => task.inlets.map((uri): Edge => ({ from: dataset(uri), to: key, kind: 'feeds' }))),
    ...dag.tasks.flatMap((task) => task.outlets.map((uri): Edge => ({ from: key, to: dataset(uri), kind: 'feeds' }))),
  ];
}
