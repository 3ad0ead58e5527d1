import { type AssetChange, type Effect, effects, worse } from '../../model/change.ts';
import type { AssetKey } from '../../model/identifiers.ts';

/** One thing that a change does to a DAG: a clause without a full stop, such as "it runs at 5 instead of 4". */
export type Said = { effect: Effect; because: string };

const mostShown = 3;

/** All of it as one change: the worst effect, and what leads to that in one sentence. Null when nothing was said. */
export function changeOf(key: AssetKey, said: readonly Said[]): AssetChange | null {
  const [first] = said;
  if (first === undefined) return null;
  const effect = said.reduce((worst, one) => worse(worst, one.effect), first.effect);
  const telling = said.filter((one) => effects.indexOf(one.effect) === effects.indexOf(effect));
  const clauses = [...new Set(telling.map(({ because }) => because))];
  const shown = clauses.slice(0, mostShown).join('; ');
  const more = clauses.length > mostShown ? `; and ${clauses.length - mostShown} more` : '';
  return {
    key,
    effect,
    because: `${shown.charAt(0).toUpperCase()}${shown.slice(1)}${more}.`,
    columns: effect === 'breaking' || effect === 'unknown' ? null : [],
  };
}
