import { join } from 'node:path';
import type { Bridge } from '../../base/bridge/open-bridge.ts';
import type {
  BridgeDbtCompiled,
  BridgeDbtManifest,
  BridgeDbtRehearsal,
  DbtParseParams,
} from '../../base/bridge/shapes.ts';
import { withBridge } from '../../base/bridge/with-bridge.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { type Runtime, runtimePresent } from '../../base/python/runtime.ts';
import { fillTemplates } from '../../model/fill-templates.ts';
import { joinPath } from '../../model/join-path.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { ExactInput } from '../contract.ts';
import { DbtPart } from './config.ts';

/** `prepare`: set the runtime up first where it is missing, which can take a minute. `exact` never: do not start dbt. */
export type DbtInput = ExactInput & { prepare?: boolean; exact?: 'auto' | 'never' };
export type ManifestReading = BridgeDbtManifest | { absent: string };
export type CompiledReading = BridgeDbtCompiled | { absent: string };

const manifests = new WeakMap<ProjectFiles, Map<string, Promise<ManifestReading>>>();

/** What the real dbt says of a project. Read once for the same files, part and values, however many ask. Its paths are relative to the dbt project. */
export function readManifest(input: DbtInput): Promise<ManifestReading> {
  const known = manifests.get(input.files) ?? new Map<string, Promise<ManifestReading>>();
  manifests.set(input.files, known);
  const key = canonicalJson([input.part, input.values, input.exact === 'never']);
  const reading = known.get(key) ?? ask(input, (bridge, params) => bridge.parseDbt(params));
  known.set(key, reading);
  return reading;
}

/** The SQL of every node, without a look at any database. */
export function readCompiled(input: DbtInput): Promise<CompiledReading> {
  return ask(input, (bridge, params) => bridge.compileDbt({ ...params, select: [] }));
}

/** Unit tests, or a build with data tests, on a DuckDB file that is thrown away. `sourceData` is relative to the repository. */
export function rehearse(
  input: DbtInput,
  asked: { what: 'unit' | 'build'; sourceData: string | null },
): Promise<BridgeDbtRehearsal | { absent: string }> {
  const sourceData = asked.sourceData === null ? null : join(input.root, asked.sourceData);
  return ask(input, (bridge, params) => bridge.rehearseDbt({ ...params, what: asked.what, sourceData }));
}

async function ask<Answer>(
  input: DbtInput,
  use: (bridge: Bridge, params: DbtParseParams) => Promise<Answer>,
): Promise<Answer | { absent: string }> {
  if (input.exact === 'never') return { absent: 'only the text was to be read' };
  const folder = normalFolder(DbtPart.parse(input.part.settings).path);
  if (!isDbtProject(input.files, folder)) return { absent: `there is no dbt_project.yml in ${folder || 'the root'}` };
  const runtime = await runtimeFor(input);
  if (runtime === null) return { absent: 'the dbt runtime is not set up on this machine' };
  return withBridge(runtime, (bridge) => use(bridge, paramsOf(input)));
}

function isDbtProject(files: ProjectFiles, folder: string): boolean {
  return files.entries.some(({ path }) => path === joinPath(folder, 'dbt_project.yml'));
}

async function runtimeFor(input: DbtInput): Promise<Runtime | null> {
  return input.prepare === true ? ensureRuntime('dbt') : runtimePresent('dbt');
}

function paramsOf(input: DbtInput): DbtParseParams {
  const part = DbtPart.parse(input.part.settings);
  const filled = (settings: { [name: string]: Json } | undefined) =>
    Object.entries(settings ?? {}).map(([name, value]) => [name, fillTemplates(value, input.values)] as const);
  return {
    projectDir: join(input.root, normalFolder(part.path)),
    profilesDir: null,
    vars: Object.fromEntries(filled(part.vars)),
    env: Object.fromEntries(
      filled(part.env).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
    target: part['profile-target'] ?? null,
  };
}
