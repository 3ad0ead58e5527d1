import { join } from 'node:path';
import type { AirflowParseParams, BridgeDagFile } from '../../base/bridge/shapes.ts';
import { withBridge } from '../../base/bridge/with-bridge.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { type Runtime, runtimePresent } from '../../base/python/runtime.ts';
import { digestOf } from '../../model/identifiers.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import { type ProjectFiles, wholeOf } from '../../model/project-files.ts';
import type { ExactInput } from '../contract.ts';
import { AirflowPart } from './config.ts';
import { type ReadingShelf, readingShelf } from './kept-readings.ts';

/** `prepare`: set the runtime up first where it is missing, which can take a minute. `exact` never: do not start Airflow. */
export type DagInput = ExactInput & { prepare?: boolean; exact?: 'auto' | 'never' };
export type DagReading = BridgeDagFile[] | { absent: string };

const readings = new WeakMap<ProjectFiles, Map<string, Promise<DagReading>>>();

/**
 * What the real Airflow says of each DAG file of a part, by path. Read once for the same files, part and values, however
 * many ask: the catalogue and each check; with a cache, once for as long as nothing that a file rests on changes. Variables
 * and Connections that the part does not have are stood in for.
 */
export function readDagFiles(input: DagInput): Promise<DagReading> {
  const whole = wholeOf(input.files);
  const known = readings.get(whole) ?? new Map<string, Promise<DagReading>>();
  readings.set(whole, known);
  const key = canonicalJson([input.part, input.values, input.exact === 'never']);
  const reading = known.get(key) ?? read({ ...input, files: whole });
  known.set(key, reading);
  return reading;
}

/** The digest of all that was read, how long it took left out. */
export async function dagReadingDigest(input: DagInput): Promise<string> {
  const files = await readDagFiles(input);
  if ('absent' in files) return `absent: ${files.absent}`;
  const told = () => files.map(({ milliseconds: _milliseconds, restsOn: _restsOn, ...file }) => file);
  const digest = digests.get(files) ?? digestOf(JSON.stringify(told()));
  digests.set(files, digest);
  return digest;
}

const digests = new WeakMap<BridgeDagFile[], string>();

async function read(input: DagInput): Promise<DagReading> {
  if (input.exact === 'never') return { absent: 'only the text was to be read' };
  const runtime = await runtimeFor(input);
  if (runtime === null) return { absent: 'the Airflow runtime is not set up on this machine' };
  const part = AirflowPart.parse(input.part.settings);
  const dags = normalFolder(part.dags);
  const inTree = new Set(input.files.entries.map(({ path }) => path));
  if (![...inTree].some((path) => isInside(path, dags))) return [];
  const params: AirflowParseParams = {
    root: input.root,
    dagsFolder: join(input.root, dags),
    files: null,
    sysPath: (part.paths ?? []).map((path) => join(input.root, path)),
    variables: variablesOf(part, input.values),
    connections: Object.keys(part.connections ?? {}),
    assumeMissing: true,
    trace: true,
  };
  const files = await readWithShelf(await shelfOf(input, runtime, params), runtime, params);
  return files.filter(({ path }) => inTree.has(path)).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function shelfOf(input: DagInput, runtime: Runtime, params: AirflowParseParams): Promise<ReadingShelf | null> {
  const table = await input.cache?.table(`DAG files of ${input.root} ${input.part.name}`);
  return table === undefined ? null : readingShelf({ table, runtime, params, files: input.files });
}

async function readAll(runtime: Runtime, params: AirflowParseParams): Promise<BridgeDagFile[]> {
  return withBridge(runtime, async (bridge) => {
    const files: BridgeDagFile[] = [];
    for await (const file of bridge.parseAirflow(params)) files.push(file);
    return files;
  });
}

/** Reads what is not known yet; Python is not even started when all is. */
async function readWithShelf(shelf: ReadingShelf | null, runtime: Runtime, params: AirflowParseParams) {
  if (shelf === null) return readAll(runtime, params);
  const known = await shelf.listed();
  const listed = known ?? (await withBridge(runtime, (bridge) => bridge.listAirflow(params)));
  if (known === null) shelf.keepList(listed);
  const found = await Promise.all(listed.map((path) => shelf.find(path)));
  const missing = listed.filter((_, index) => found[index] === null);
  if (missing.length > 0) shelf.begin();
  const read = missing.length === 0 ? [] : await readAll(runtime, { ...params, files: missing });
  for (const file of read) await shelf.keep(file);
  return [...found.filter((file) => file !== null), ...read];
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
