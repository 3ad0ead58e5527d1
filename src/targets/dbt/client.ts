import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { childEnv } from '../../base/child-env.ts';
import { bridgeFolder } from '../../base/python/bridge-folder.ts';
import { cacheHome } from '../../base/python/cache-home.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { runtimeEnv, runtimePresent } from '../../base/python/runtime.ts';
import type { RunOrder } from '../../base/recorded-run/run-files.ts';
import { type AssetKey, partOf, type UnitKey } from '../../model/identifiers.ts';
import { settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { Mark, TargetWorld } from '../contract.ts';
import { localHome } from '../release-home/local-home.ts';
import type { DbtEnvironment } from './environment-settings.ts';

/** What is to be built, and which of its assets a person stopped. */
export type BuildOrder = { unit: UnitKey; to: Pointer; disabled: AssetKey[]; mark: Mark };
export type BuildCommand = { order: Omit<RunOrder, 'key'>; env: Record<string, string> };

/** The only part that knows how dbt is run. */
export type DbtClient = {
  buildCommand(order: BuildOrder): Promise<BuildCommand>;
  /** References to the secrets that a version of a part may read. */
  secretReferences(unit: UnitKey, to: Pointer): Promise<string[]>;
  /** Removes what a run wrote, so that its key may run again. */
  forget(run: string): Promise<void>;
};

/** The folder where builds write their logs. */
export function runsFolder(settings: DbtEnvironment): string {
  if (settings.runs !== null) return resolve(settings.runs);
  return settings.provider === 'folder' ? join(resolve(settings.home), 'runs') : join(cacheHome(), 'runs');
}

/** Runs dbt through `headgate-run`, which finds files, settings and secrets of exactly one bundle in the home. */
export function dbtClient(settings: DbtEnvironment, world: TargetWorld): DbtClient {
  async function secretReferences(unit: UnitKey, to: Pointer): Promise<string[]> {
    const content = await world.bundles.content(to.bundle);
    return Object.values(settingsOf(content, world.environment, partOf(unit))?.secrets ?? {});
  }
  return {
    secretReferences,
    async buildCommand({ unit, to, disabled, mark }) {
      const part = partOf(unit);
      const { environment, bundles } = world;
      const home = await localHome(settings, bundles, { bundle: to.bundle, part, environment, disabled, mark });
      const python = settings.python === null ? await shippedPython() : { path: settings.python, env: {} };
      const name = part.slice(part.indexOf('/') + 1);
      const program = [python.path, join(bridgeFolder, 'bin', 'headgate-run')];
      const argv = [...program, 'dbt', name, 'build'];
      const pinned = { HEADGATE_HOME: home, HEADGATE_RELEASE: to.bundle, HEADGATE_DBT_PYTHON: python.path };
      const env = childEnv(await secretReferences(unit, to), { ...python.env, ...pinned, DBT_USE_COLORS: 'false' });
      return { order: { argv, cwd: tmpdir() }, env };
    },
    forget: (run) => rm(run, { recursive: true, force: true }),
  };
}

async function shippedPython(): Promise<{ path: string; env: Record<string, string> }> {
  const runtime = runtimePresent('dbt') ?? (await ensureRuntime('dbt'));
  return { path: runtime.python, env: runtimeEnv(runtime) };
}
