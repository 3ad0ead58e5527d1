import type { Json } from '../../model/json.ts';
import { type Answer, better, type PartSolver } from './answer.ts';
import { holdsAll } from './evaluate.ts';
import { type Claim, deniedAll, type Formula, keyOfAll } from './formula.ts';

/** An item that must be somewhere from an index on; those of one group at different places. */
type Need = { from: number; inner: readonly Formula[]; group: number };
type Cap = { most: number; inner: readonly Formula[] };
type Wishes = {
  at(index: number): Formula[];
  needs: Need[];
  caps: Cap[];
  unique: boolean;
  twice: boolean;
  other: boolean;
};

const mostLengths = 8;
const mostItems = 5000;
const mostDifferent = 300;
const mostPlacings = 64;

/**
 * An array that fulfils all claims. After the last index that is spoken of all items are alike, so a few lengths tell for all.
 */
export function solveArray(claims: readonly Claim[], parts: PartSolver): Answer {
  const counts = (k: 'minItems' | 'maxItems') => claims.flatMap((claim) => (claim.k === k ? [claim.count] : []));
  const [least, most] = [Math.max(0, ...counts('minItems')), Math.min(Infinity, ...counts('maxItems'))];
  if (least > most) return 'empty';
  const needed = claims.map((claim) => (claim.k === 'contains' ? claim.least : 0)).reduce((sum, own) => sum + own, 0);
  const limit = claims.some((claim) => claim.k === 'unique') ? mostDifferent : mostItems;
  if (least > limit || needed > mostDifferent) return 'unknown';
  const wishes = wishesOf(claims);
  if (wishes.unique && wishes.twice) return 'empty';
  const spoken = Math.max(0, ...claims.map(lastIndexOf));
  const longest = Math.min(
    most,
    Math.max(least, spoken) + wishes.needs.length + (wishes.twice || wishes.other ? 2 : 0),
  );
  let answer: Answer = 'empty';
  for (let length = least; length <= longest; length += 1) {
    if (length - least > mostLengths && length < longest - 2) continue;
    const own = solveLength({ length, spoken }, wishes, parts);
    if (typeof own === 'object' && holdsAll(claims, own.found) && own.sure) return own;
    answer = better(answer, typeof own === 'object' && !holdsAll(claims, own.found) ? 'unknown' : own);
  }
  return longest - least > mostLengths && answer === 'empty' ? 'unknown' : answer;
}

function lastIndexOf(claim: Claim): number {
  if (claim.k === 'item') return claim.index + 1;
  return claim.k === 'rest' || claim.k === 'someItem' ? claim.from : 0;
}

function wishesOf(claims: readonly Claim[]): Wishes {
  const needs = claims.flatMap((claim, group): Need[] => {
    if (claim.k === 'someItem') return [{ from: claim.from, inner: claim.inner, group }];
    if (claim.k !== 'contains') return [];
    return Array.from({ length: claim.least }, () => ({ from: 0, inner: claim.inner, group }));
  });
  const caps = claims.flatMap((claim): Cap[] =>
    claim.k === 'contains' && claim.most < Infinity ? [{ most: claim.most, inner: claim.inner }] : [],
  );
  const at = (index: number): Formula[] =>
    claims.flatMap((claim): readonly Formula[] => {
      const here =
        (claim.k === 'item' && claim.index === index) || (claim.k === 'rest' && index >= claim.from) ? claim : null;
      return here === null ? [] : here.inner;
    });
  const has = (k: Claim['k']) => claims.some((claim) => claim.k === k);
  return { at, needs, caps, unique: has('unique'), twice: has('notUnique'), other: has('notValues') };
}

/** What is needed may as well stand right behind the items that are spoken of: later ones are like these. */
function solveLength(
  { length, spoken }: { length: number; spoken: number },
  wishes: Wishes,
  parts: PartSolver,
): Answer {
  const last = wishes.at(spoken);
  const base = Array.from({ length }, (_, index) => (index < spoken ? wishes.at(index) : last));
  const reach = Math.min(length, spoken + wishes.needs.length);
  let answer: Answer = 'empty';
  let tried = 0;
  for (const placed of placings({ base, reach }, wishes.needs, reach)) {
    tried += 1;
    if (tried > mostPlacings) return better(answer, 'unknown');
    const own = wishes.twice ? solveTwice(placed, reach, { wishes, parts }) : solveItems(placed, wishes, parts);
    if (typeof own === 'object' && own.sure) return own;
    answer = better(answer, own);
  }
  return answer;
}

type Base = { base: readonly Formula[][]; reach: number };

/** Every way of giving each need an index below the reach; needs of two groups may share one. */
function* placings({ base, reach }: Base, needs: readonly Need[], below: number): Generator<Formula[][]> {
  const [need, ...others] = needs;
  if (need === undefined) {
    yield base.map((wishes) => [...wishes]);
    return;
  }
  for (let index = below - 1; index >= need.from; index -= 1) {
    const placed = base.map((wishes, at) => (at === index ? [...wishes, ...need.inner] : wishes));
    yield* placings({ base: placed, reach }, others, others[0]?.group === need.group ? index : reach);
  }
}

type Tools = { wishes: Wishes; parts: PartSolver };

/** Two items are the same; behind the reach all are alike, so the first two of those stand for all. */
function solveTwice(placed: readonly Formula[][], reach: number, { wishes, parts }: Tools): Answer {
  let answer: Answer = 'empty';
  const end = Math.min(placed.length, reach + 2);
  for (let a = 0; a < end; a += 1) {
    for (let b = a + 1; b < end; b += 1) {
      const both = [...(placed[a] ?? []), ...(placed[b] ?? [])];
      const own = solveItems(
        placed.map((own, at) => (at === a || at === b ? both : own)),
        wishes,
        parts,
      );
      if (typeof own === 'object') {
        const items = own.found as Json[];
        const value = items.map((item, at) => (at === b ? (items[a] ?? null) : item));
        return { found: value, sure: own.sure };
      }
      answer = better(answer, own);
    }
  }
  return answer;
}

function solveItems(placed: readonly Formula[][], wishes: Wishes, parts: PartSolver): Answer {
  const values: Json[] = [];
  const left = wishes.caps.map((cap) => cap.most);
  const alike = new Set(placed.map(keyOfAll)).size <= 1;
  let sure = true;
  for (const own of placed) {
    const others: Formula[] = wishes.unique && values.length > 0 ? [{ k: 'notValues', values: [...values] }] : [];
    const item = solveCapped([...own, ...others], wishes.caps, left, parts);
    if (item === 'empty' && others.length > 0 && !alike && parts.solve(own) !== 'empty') return 'unknown';
    if (typeof item !== 'object') return item;
    values.push(item.found);
    sure &&= item.sure;
  }
  return { found: values, sure };
}

/** An item that is not counted by a cap where that is possible; where not, the cap has one less left. */
function solveCapped(own: readonly Formula[], caps: readonly Cap[], left: number[], parts: PartSolver): Answer {
  const uncounted = caps.map((cap): Formula => ({ k: 'some', of: deniedAll(cap.inner) }));
  const free = parts.solve([...own, ...uncounted]);
  if (typeof free === 'object' || caps.length === 0) return free;
  const counted = parts.solve(own);
  if (typeof counted !== 'object') return counted;
  for (const [index, cap] of caps.entries()) {
    if (!holdsAll(cap.inner, counted.found)) continue;
    left[index] = (left[index] ?? 0) - 1;
    if ((left[index] ?? 0) < 0) return caps.length === 1 && free === 'empty' ? 'empty' : 'unknown';
  }
  return counted;
}
