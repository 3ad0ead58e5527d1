import { join } from 'node:path';
import type { BridgeDagFile } from '../../base/bridge/shapes.ts';
import { withBridge } from '../../base/bridge/with-bridge.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { type Runtime, runtimePresent } from '../../base/python/runtime.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { ExactInput } from '../contract.ts';
import { AirflowPart } from './config.ts';

/** `prepare`: set the runtime up first where it is missing, which can take a minute. `exact` never: do not start Airflow. */
export type DagInput = ExactInput & { prepare?: boolean; exact?: 'auto' | 'never' };
export type DagReading = BridgeDagFile[] | { absent: string };

const readings = new WeakMap<ProjectFiles, Map<string, Promise<DagReading>>>();

/**
 * What the real Airflow says of each DAG file of a part, by path. Read once for the same files, part and values, however
 * many ask: the catalogue and each check. Variables and Connections that the part does not have are stood in for.
 */
export function readDagFiles(input: DagInput): Promise<DagReading> {
  const known = readings.get(input.files) ?? new Map<string, Promise<DagReading>>();
  readings.set(input.files, known);
  const key = canonicalJson([input.part, input.values, input.exact === 'never']);
  const reading = known.get(key) ?? read(input);
  known.set(key, reading);
  return reading;
}

async function read(input: DagInput): Promise<DagReading> {
  if (input.exact === 'never') return { absent: 'only the text was to be read' };
  const runtime = await runtimeFor(input);
  if (runtime === null) return { absent: 'the Airflow runtime is not set up on this machine' };
  const part = AirflowPart.parse(input.part.settings);
  const dags = normalFolder(part.dags);
  const inTree = new Set(input.files.entries.map(({ path }) => path));
  if (![...inTree].some((path) => isInside(path, dags))) return [];
  const files: BridgeDagFile[] = [];
  await withBridge(runtime, async (bridge) => {
    const said = bridge.parseAirflow({
      root: input.root,
      dagsFolder: join(input.root, dags),
      files: null,
      sysPath: (part.paths ?? []).map((path) => join(input.root, path)),
      variables: variablesOf(part, input.values),
      connections: Object.keys(part.connections ?? {}),
      assumeMissing: true,
    });
    for await (const file of said) if (inTree.has(file.path)) files.push(file);
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function runtimeFor(input: DagInput): Promise<Runtime | null> {
  return input.prepare === true ? ensureRuntime('airflow') : runtimePresent('airflow');
}

/** The values that Airflow has as Variables: all, or those that the part lists. */
function variablesOf(part: AirflowPart, values: { [name: string]: Json }): { [name: string]: Json } {
  const { variables } = part;
  if (variables === undefined || variables === 'all') return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => variables.includes(name)));
}
