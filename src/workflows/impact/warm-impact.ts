import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { newMemory } from '../revision/read-working-tree.ts';
import type { AskedRevisions } from '../revision/resolve-comparison.ts';
import type { CataloguedRevision } from './answer-parts.ts';
import { type EndsMemory, readEnds } from './read-ends.ts';
import { type DiscoveryPlaces, shareDiscoveries } from './share-discoveries.ts';
import { catalogued, type ImpactReport, impactOf } from './tell-impact.ts';

/** Answers about one project again and again, each time about what is on disk then. */
export type WarmImpact = { tell(folder: string, asked: AskedRevisions): Promise<ImpactReport> };

/**
 * For a process that stays: keeps what was read of the base until another commit is asked for, and discoveries of parts whose files are
 * as they were. The working tree is looked at anew each time. Not for two questions at once. `places` null: nothing is written.
 */
export function warmImpact(places: DiscoveryPlaces | null): WarmImpact {
  const shared = shareDiscoveries(places);
  const memory: EndsMemory = { base: null, tree: newMemory() };
  let base: CataloguedRevision | null = null;
  let last: Catalog | null = null;
  return {
    async tell(folder, asked) {
      const ends = await readEnds(folder, asked, memory);
      const revision = base?.reading === ends.base ? base : await catalogued(ends.base, shared, []);
      memory.base = ends.asRead;
      base = revision;
      const head = await catalogued(ends.head, shared, [revision.catalog, ...(last === null ? [] : [last])]);
      last = head.catalog;
      return impactOf(ends, shared, { base: revision, head });
    },
  };
}
