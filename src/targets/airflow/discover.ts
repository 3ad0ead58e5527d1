import { createMachine, readModule, TooMuchToRead } from '../../base/python-source/machine.ts';
import type { Machine, ProjectSources } from '../../base/python-source/machine-types.ts';
import { projectSources } from '../../base/python-source/project-sources.ts';
import { loadPythonParser } from '../../base/python-source/syntax.ts';
import type { Finding } from '../../model/finding.ts';
import { type PartKey, partKey } from '../../model/identifiers.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { AirflowPart } from './config.ts';
import { dagAssets } from './dag-assets.ts';
import { dagFiles } from './dag-files.ts';
import { searchPath } from './search-path.ts';
import { createDagHost } from './static/dag-host.ts';
import { dagOf } from './static/read-dag.ts';
import { asThing, type DagThing } from './static/things.ts';
import { unclearId } from './unclear-ids.ts';
import { variablesReader, withVariables } from './variables-read.ts';

/**
 * The DAGs of an Airflow folder, read from their text. DAG ids made in loops, factories or from the project's own YAML
 * and JSON files are followed; one that cannot be told is a note, never a wrong key.
 */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const settings = AirflowPart.parse(input.part.settings);
  const files = dagFiles(input.files, settings.dags);
  const sources = projectSources({
    files: input.files,
    searchPath: searchPath(settings),
    parse: await loadPythonParser(),
  });
  const reader = createDagHost();
  const machine = createMachine(sources, reader.host);
  const variables = variablesReader(input.files, settings);
  const found: Discovery = { assets: [], edges: [], findings: [] };
  for (const file of files) {
    const part = partKey('airflow', input.part.name);
    const read = readFile({ machine, reader, sources, file, others: files, part, variables });
    found.assets.push(...read.assets);
    found.edges.push(...read.edges);
    found.findings.push(...read.findings);
  }
  return found;
}

type FileInput = {
  machine: Machine;
  reader: ReturnType<typeof createDagHost>;
  sources: ProjectSources;
  file: string;
  others: readonly string[];
  part: PartKey;
  variables(file: string): string[];
};

function readFile(input: FileInput): Discovery {
  const { machine, reader, sources, file, part } = input;
  const tree = sources.tree(file);
  if (tree === null) return { assets: [], edges: [], findings: [] };
  const findings: Finding[] = tree.brokenAt === null ? [] : [broken(file, tree.brokenAt)];
  const reading = reader.start();
  const dags = new Set<DagThing>();
  try {
    readModule(machine, file, tree.root);
  } catch (error) {
    if (!(error instanceof TooMuchToRead || error instanceof RangeError)) throw error;
    findings.push(tooMuch(file, error));
  }
  for (const value of machine.modules.get(file)?.scope.names.values() ?? []) addDag(dags, asThing(value));
  for (const dag of reading.registered) dags.add(dag);
  const own = [...dags].filter((dag) => dag.place.file === file || !input.others.includes(dag.place.file));
  const readable = own.filter((dag) => !dag.partial && dag.id !== '');
  findings.push(...own.filter((dag) => dag.partial || dag.id === '').map((dag) => unclear(file, dag)));
  findings.push(...reading.handedOut.map((line) => unseen(file, line)));
  return {
    ...dagAssets(
      part,
      readable.map((dag) => withVariables(dagOf(dag, file), input.variables(file))),
      'static',
    ),
    findings,
  };
}

function addDag(dags: Set<DagThing>, thing: ReturnType<typeof asThing>): void {
  if (thing?.thing === 'dag') dags.add(thing);
}

function broken(path: string, line: number): Finding {
  return finding({
    check: 'airflow-syntax',
    path,
    line,
    message: 'This is not valid Python from here on; what could be read of the file was read.',
    hint: 'Airflow will report an import error for this file. Put the line right.',
    severity: 'error',
  });
}

function tooMuch(path: string, error: Error): Finding {
  const line = error instanceof TooMuchToRead && error.file === path ? error.line : null;
  return finding({
    check: 'airflow-static-limit',
    path,
    line,
    message: `This file was read in part: ${error instanceof TooMuchToRead ? error.message : 'it is nested too deeply'}.`,
    hint: 'Set up the Airflow runtime for exact keys.',
    severity: 'note',
  });
}

function unclear(path: string, dag: DagThing): Finding {
  return finding({
    check: 'airflow-dynamic-dag',
    path,
    line: dag.place.file === path ? dag.place.line : null,
    message: unclearId(dag.id),
    hint: 'Set up the Airflow runtime for exact keys.',
    severity: 'note',
  });
}

function unseen(path: string, line: number): Finding {
  return finding({
    check: 'airflow-dynamic-dag',
    path,
    line,
    message: 'Code outside the project is given `globals()` here and may put DAGs there.',
    hint: 'Set up the Airflow runtime for exact keys.',
    severity: 'note',
  });
}

function finding(input: {
  check: string;
  path: string;
  line: number | null;
  message: string;
  hint: string;
  severity: Finding['severity'];
}): Finding {
  return { asset: null, status: 'failed', ...input };
}
