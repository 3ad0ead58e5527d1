import type { z } from 'zod';
import type { Cache } from '../../../base/cache/cache.ts';
import { ownDigest } from '../../../base/cache/own-digest.ts';
import { digestOf } from '../../../model/identifiers.ts';
import { canonicalJson } from '../../../model/json.ts';

/** Finds what was made of the same input before, or makes it. `input` must hold all that decides the answer. */
export type Keeper<Answer> = (input: unknown, make: () => Answer) => Promise<Answer>;

/**
 * Keeps answers on single files for a check that goes through many, so that one changed file costs one answer. `name` is the
 * check's. An answer that has not the shape is not kept. Without a cache everything is made anew.
 */
export async function keeperFor<Answer>(
  cache: Cache | null | undefined,
  name: string,
  shape: z.ZodType<Answer>,
): Promise<Keeper<Answer>> {
  if (!cache) return async (_input, make) => make();
  const table = await cache.table(`files of ${name}`);
  return async (input, make) => {
    const key = digestOf(canonicalJson([ownDigest(), input]));
    const text = await table.get(key);
    const kept = text === null ? null : shape.safeParse(JSON.parse(text));
    if (kept?.success === true) return kept.data;
    const answer = make();
    if (shape.safeParse(answer).success) table.set(key, JSON.stringify(answer));
    return answer;
  };
}
