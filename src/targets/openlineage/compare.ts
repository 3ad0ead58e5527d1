import type { AssetChange } from '../../model/change.ts';
import { canonicalJson } from '../../model/json.ts';
import type { CompareInput, PartRevision } from '../contract.ts';

/** What was seen of a job changes nothing of what it does; it only tells whom a change reaches. */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  const [before, after] = [seenIn(base), seenIn(head)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): AssetChange[] => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    const because =
      is === undefined
        ? 'What was seen of its runs is no longer there; its code says what it does.'
        : was === undefined
          ? 'What was seen of its runs is there now; its code says what it does.'
          : 'Another run of it was seen; its code says what it does.';
    return [{ key, effect: 'compatible', because, columns: [] }];
  });
}

function seenIn(revision: PartRevision | null) {
  const jobs = (revision?.discovery.assets ?? []).filter(({ kind }) => kind === 'openlineage:job');
  return new Map(jobs.map(({ key, facts }) => [key, canonicalJson(facts)]));
}
