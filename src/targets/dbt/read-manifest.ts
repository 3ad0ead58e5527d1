import { join } from 'node:path';
import type { z } from 'zod';
import { bridgeEnvIdentity } from '../../base/bridge/connection.ts';
import type { Bridge } from '../../base/bridge/open-bridge.ts';
import {
  BridgeDbtCompiled,
  BridgeDbtManifest,
  type BridgeDbtRehearsal,
  type DbtParseParams,
  type DbtRehearseParams,
} from '../../base/bridge/shapes.ts';
import { withBridge } from '../../base/bridge/with-bridge.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { type Runtime, runtimePresent } from '../../base/python/runtime.ts';
import { runtimeIdentity } from '../../base/python/runtime-identity.ts';
import { fillTemplates } from '../../model/fill-templates.ts';
import { digestOf } from '../../model/identifiers.ts';
import { joinPath } from '../../model/join-path.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { type ProjectFiles, wholeOf } from '../../model/project-files.ts';
import type { ExactInput } from '../contract.ts';
import { DbtPart } from './config.ts';
import { type DbtState, dbtState } from './kept-readings.ts';

/** `prepare`: set the runtime up first where it is missing, which can take a minute. `exact` never: do not start dbt. */
export type DbtInput = ExactInput & { prepare?: boolean; exact?: 'auto' | 'never' };
export type ManifestReading = BridgeDbtManifest | { absent: string };
export type CompiledReading = BridgeDbtCompiled | { absent: string };

const manifests = new WeakMap<ProjectFiles, Map<string, Promise<ManifestReading>>>();
const states = new WeakMap<ProjectFiles, Map<string, DbtState>>();

/**
 * What the real dbt says of a project. Read once for the same files, part and values, however many ask; with a cache, once for
 * as long as nothing that decides it changes. Its paths are relative to the dbt project.
 */
export function readManifest(input: DbtInput): Promise<ManifestReading> {
  const files = wholeOf(input.files);
  const known = manifests.get(files) ?? new Map<string, Promise<ManifestReading>>();
  manifests.set(files, known);
  const reading = known.get(nameOf(input)) ?? askOnce(input, parsing);
  known.set(nameOf(input), reading);
  return reading;
}

/** The SQL of every node, without a look at any database. Ends with what it started when `signal` is aborted. */
export function readCompiled(input: DbtInput, signal: AbortSignal | undefined): Promise<CompiledReading> {
  return askOnce(input, compiling, signal);
}

/** What the answers of dbt on this part are decided by; null when they could be others the next time. */
export async function dbtIdentity(input: DbtInput): Promise<string | null> {
  const runtime = input.exact === 'never' ? null : await runtimeFor(input);
  return runtime === null ? 'absent' : stateOf(input, runtime).key;
}

type Question<Answer> = {
  name: string;
  shape: z.ZodType<Answer>;
  use(bridge: Bridge, params: DbtParseParams): Promise<Answer>;
  /** False where dbt was stopped, or ended by itself before it had an answer. */
  isAnswer(said: Answer): boolean;
};

const parsing: Question<BridgeDbtManifest> = {
  name: 'dbt manifest',
  shape: BridgeDbtManifest,
  use: (bridge, params) => bridge.parseDbt(params),
  isAnswer: ({ adapter }) => adapter !== '',
};

const compiling: Question<BridgeDbtCompiled> = {
  name: 'dbt compiled',
  shape: BridgeDbtCompiled,
  use: (bridge, params) => bridge.compileDbt({ ...params, select: [] }),
  isAnswer: ({ compiled, errors }) => Object.keys(compiled).length > 0 || errors.length === 0,
};

async function askOnce<Answer>(
  input: DbtInput,
  question: Question<Answer>,
  signal?: AbortSignal,
): Promise<Answer | { absent: string }> {
  const { cache } = input;
  if (!cache) return ask(input, question.use, { signal });
  const around: Around<Answer> = async (runtime, carryOut) => {
    const state = stateOf(input, runtime);
    const text = state.key === null ? null : await cache.get(question.name, state.key);
    const kept = text === null ? null : question.shape.safeParse(JSON.parse(text));
    if (kept?.success === true) return kept.data;
    const said = await carryOut();
    if (state.key !== null && question.isAnswer(said) && state.isStillSo())
      await cache.put(question.name, state.key, JSON.stringify(said));
    return said;
  };
  return ask(input, question.use, { around, signal });
}

function stateOf(input: DbtInput, runtime: Runtime): DbtState {
  const files = wholeOf(input.files);
  const known = states.get(files) ?? new Map<string, DbtState>();
  states.set(files, known);
  const state = known.get(nameOf(input)) ?? dbtState(runtime, paramsOf(input));
  known.set(nameOf(input), state);
  return state;
}

function nameOf(input: DbtInput): string {
  return canonicalJson([input.part, input.values, input.exact === 'never']);
}

/** What is asked of a rehearsal; `earlier` and `keep` are absolute, `sourceData` is relative to the repository. */
export type Rehearsing = Pick<DbtRehearseParams, 'what' | 'sourceData' | 'earlier' | 'keep'> & {
  signal: AbortSignal | undefined;
};

/** Unit tests, or a build with data tests, on a DuckDB file that is made for it. Ends with what it started when `signal` is aborted. */
export function rehearse(
  input: DbtInput,
  { signal, ...asked }: Rehearsing,
): Promise<BridgeDbtRehearsal | { absent: string }> {
  const sourceData = asked.sourceData === null ? null : join(input.root, asked.sourceData);
  return ask(input, (bridge, params) => bridge.rehearseDbt({ ...params, ...asked, sourceData, limits: LIMITS }), {
    signal,
  });
}

/** The check's own time is over long before. */
const LIMITS = { seconds: 6 * 60 * 60 };

/** The fingerprint of a build of a project: of `contents`, its part as it is asked, and what carries it out. Null without dbt. */
export function buildKey(input: DbtInput, of: Pick<DbtInput, 'part' | 'values'>, contents: unknown): string | null {
  const runtime = runtimePresent('dbt');
  if (runtime === null) return null;
  const { projectDir, ...params } = paramsOf({ ...input, ...of });
  const facts = [ownDigest(), runtimeIdentity(runtime), bridgeEnvIdentity(), params, contents];
  return digestOf(canonicalJson(facts));
}

async function ask<Answer>(
  input: DbtInput,
  use: (bridge: Bridge, params: DbtParseParams) => Promise<Answer>,
  more: { around?: Around<Answer>; signal?: AbortSignal | undefined } = {},
): Promise<Answer | { absent: string }> {
  if (input.exact === 'never') return { absent: 'only the text was to be read' };
  const folder = normalFolder(DbtPart.parse(input.part.settings).path);
  if (!isDbtProject(input.files, folder)) return { absent: `there is no dbt_project.yml in ${folder || 'the root'}` };
  const runtime = await runtimeFor(input);
  if (runtime === null) return { absent: 'the dbt runtime is not set up on this machine' };
  const carryOut = () => withBridge(runtime, (bridge) => use(bridge, paramsOf(input)), more.signal);
  return more.around === undefined ? carryOut() : more.around(runtime, carryOut);
}

type Around<Answer> = (runtime: Runtime, carryOut: () => Promise<Answer>) => Promise<Answer>;

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
