import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AssetKey, hexOf, kindOf, partOf, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { TargetWorld } from '../contract.ts';
import { DbtPart } from './config.ts';
import type { DbtEnvironment } from './environment-settings.ts';

const buildable = ['dbt:model', 'dbt:seed', 'dbt:snapshot'];

/** Whether what a pointer names can be run: the project file stands where headgate.yaml says. Null when it can. */
export async function examine(
  settings: DbtEnvironment,
  world: TargetWorld,
  { unit, pointer }: { unit: UnitKey; pointer: Pointer },
): Promise<string | null> {
  if (settings.provider !== 'folder') return null;
  const part = await world.bundles.part(pointer.bundle, partOf(unit));
  const { path } = DbtPart.parse(part.settings);
  const folder = join(resolve(settings.home), 'parts', hexOf(pointer.part), path);
  const found = await Promise.all(['dbt_project.yml', 'dbt_project.yaml'].map((file) => isThere(join(folder, file))));
  return found.includes(true) ? null : `there is no dbt_project.yml in ${path}`;
}

/** All of a project stands still when everything that it can build is disabled. */
export async function stops(
  world: TargetWorld,
  bundle: Pointer['bundle'],
  unit: UnitKey,
  disabled: AssetKey[],
): Promise<boolean> {
  const part = await world.bundles.part(bundle, partOf(unit));
  const assets = part.units.flatMap((candidate) => candidate.assets).filter((key) => buildable.includes(kindOf(key)));
  return assets.length > 0 && assets.every((key) => disabled.includes(key));
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
