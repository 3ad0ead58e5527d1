import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AssetKey, hexOf, kindOf, partOf, type UnitKey } from '../../model/identifiers.ts';
import { settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { TargetWorld } from '../contract.ts';
import { unmetTemplates } from '../release-home/unmet-templates.ts';
import { DbtPart } from './config.ts';
import type { DbtEnvironment } from './environment-settings.ts';

const buildable = ['dbt:model', 'dbt:seed', 'dbt:snapshot'];

/** Whether what a pointer names can be run: its settings are complete, the project file stands where headgate.yaml says. Null when it can. */
export async function examine(
  settings: DbtEnvironment,
  world: TargetWorld,
  { unit, pointer }: { unit: UnitKey; pointer: Pointer },
): Promise<string | null> {
  const content = await world.bundles.content(pointer.bundle);
  const told = settingsOf(content, world.environment, partOf(unit));
  if (told === null) return `its bundle has no settings for ${world.environment}`;
  const unmet = unmetTemplates(told);
  if (unmet.length > 0) return `${world.environment} does not have what it needs: ${unmet.join(', ')}`;
  if (settings.provider !== 'folder') return null;
  const { path } = DbtPart.parse(told.settings);
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
