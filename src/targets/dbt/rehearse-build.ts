import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BridgeDbtRehearsal } from '../../base/bridge/shapes.ts';
import { withScratch } from '../../base/scratch-folder.ts';
import { canonicalJson } from '../../model/json.ts';
import type { CheckInput } from '../contract.ts';
import { type BaseBuild, baseBuild, keyOfNow, sourceDataOf } from './base-build.ts';
import { keptBuilds } from './kept-builds.ts';
import { rehearse } from './read-manifest.ts';

/** What a build came to, with one sentence on how much of it was built now and why. */
export type BuildTold = { said: BridgeDbtRehearsal; how: string };

/**
 * Builds a part on DuckDB: with a base what changed and all that reads it, over the build of the base, which comes to what a build of
 * everything comes to; else everything. What was built is kept for the next time.
 */
export function rehearseBuild(input: CheckInput): Promise<BuildTold | { absent: string }> {
  return withScratch('build', (scratch) => buildIn(scratch, input));
}

async function buildIn(scratch: string, input: CheckInput): Promise<BuildTold | { absent: string }> {
  const builds = input.cache ? keptBuilds(input.cache, canonicalJson(input.part)) : null;
  const sourceData = sourceDataOf(input.part.settings, input.files);
  const base = await earlierBuild(input, { builds, scratch });
  const key = builds === null ? null : await keyOfNow(input, sourceData);
  const keep = join(scratch, 'now');
  await mkdir(keep);
  const earlier = 'folder' in base ? base.folder : null;
  const said = await rehearse(input, {
    ...{ what: 'build', sourceData, earlier, keep: key === null ? null : keep },
    signal: input.control?.signal,
  });
  if ('absent' in said) return said;
  if (key !== null && existsSync(join(keep, 'state.json')) && key === (await keyOfNow(input, sourceData)))
    await builds?.keep(key, keep);
  return { said, how: howMuch(said, input, 'because' in base ? base.because : null) };
}

async function earlierBuild(input: CheckInput, at: Parameters<typeof baseBuild>[2]): Promise<BaseBuild> {
  const { base } = input;
  return base ? baseBuild(input, base, at) : { because: 'no base was named (`--base`)' };
}

/** `because`: why there is no build of the base. */
function howMuch(
  { results, taken = 0, because: refused }: BridgeDbtRehearsal,
  input: CheckInput,
  because: string | null,
) {
  const all = results.filter(({ resourceType }) => ['model', 'seed', 'snapshot', 'test'].includes(resourceType)).length;
  const why = because ?? refused ?? null;
  if (why !== null) return `Everything was built, ${all} models, seeds and tests: ${why}.`;
  const commit = input.base?.commit.slice(0, 10) ?? '';
  return `${all - taken} of ${all} models, seeds and tests were built, what changed and what reads it; the rest is as in the build of ${commit}.`;
}
