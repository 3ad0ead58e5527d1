import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { hexOf, partOf, type UnitKey } from '../../model/identifiers.ts';
import { settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { TargetWorld } from '../contract.ts';
import { unmetTemplates } from '../release-home/unmet-templates.ts';
import type { SparkClient } from './client.ts';
import { SparkPart } from './config.ts';
import type { SparkEnvironment } from './environment-settings.ts';
import { sparkFailure } from './failures.ts';

export type Examination = { settings: SparkEnvironment; world: TargetWorld; client: SparkClient };

/**
 * Whether the job that a pointer names can be started by its logical name: it has settings for the environment, every value and
 * secret that they name is there, its main
 * file is there, and it compiles. Null when it can. Nothing is run.
 */
export async function examine(input: Examination, unit: UnitKey, pointer: Pointer): Promise<string | null> {
  const { world, client } = input;
  const content = await world.bundles.content(pointer.bundle);
  const settings = settingsOf(content, world.environment, partOf(unit));
  if (settings === null) return `its bundle has no settings for ${world.environment}`;
  const unmet = unmetTemplates(settings);
  if (unmet.length > 0) return `${world.environment} does not have what it needs: ${unmet.join(', ')}`;
  const { path, main } = SparkPart.parse(settings.settings);
  return withFiles(input, pointer, async (folder) => {
    const file = join(folder, path, main);
    if (!main.endsWith('.py'))
      return (await client.isArchive(file)) ? null : `${path}/${main} is missing or no archive`;
    const complaint = await client.compile(file);
    return complaint === null ? null : sparkFailure(`${path}/${main}`, complaint).message;
  });
}

/** The files in the home itself when it is a folder, else the same files unpacked here. */
async function withFiles<Result>(
  { settings, world }: Examination,
  pointer: Pointer,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  if (settings.provider === 'folder') return work(join(resolve(settings.home), 'parts', hexOf(pointer.part)));
  const folder = await mkdtemp(join(tmpdir(), 'headgate-spark-'));
  try {
    await world.bundles.unpack(pointer.part, folder);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
