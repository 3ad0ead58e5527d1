import type { Answer } from './answer.ts';
import { holdsAll } from './evaluate.ts';
import type { Claim } from './formula.ts';
import { isMultiple, leastCommon } from './multiples.ts';

const mostTries = 400;

/** A whole number, or one that is not whole, within bounds and on the grid of all multiples. */
export function solveNumber(claims: readonly Claim[], whole: boolean): Answer {
  const of = claims.flatMap((claim) => (claim.k === 'multiple' ? [claim.of] : []));
  const step = leastCommon(whole ? [1, ...of] : of);
  if (step !== null && !Number.isFinite(step)) return 'unknown';
  const range = rangeOf(claims);
  if (range.low > range.high) return 'empty';
  if (step !== null && step > 0) return onGrid(claims, step, range, whole);
  const tries = between(range).filter((value) => !Number.isInteger(value) && holdsAll(claims, value));
  const [found] = tries;
  if (found !== undefined) return { found, sure: true };
  return range.low === range.high ? 'empty' : 'unknown';
}

type Range = { low: number; high: number };

function rangeOf(claims: readonly Claim[]): Range {
  let [low, high] = [-Infinity, Infinity];
  for (const claim of claims) {
    if (claim.k === 'minimum') low = Math.max(low, claim.bound);
    if (claim.k === 'maximum') high = Math.min(high, claim.bound);
  }
  return { low, high };
}

/** All points of the grid are tried where they are few; none fits when all of them are forbidden multiples. */
function onGrid(claims: readonly Claim[], step: number, { low, high }: Range, whole: boolean): Answer {
  const forbidden = claims.some((claim) => claim.k === 'notMultiple' && isMultiple(step, claim.of));
  if (forbidden || (!whole && Number.isInteger(step))) return 'empty';
  const begin = Number.isFinite(low)
    ? Math.ceil(low / step) - 1
    : Number.isFinite(high)
      ? Math.floor(high / step) + 1
      : 1;
  const direction = Number.isFinite(low) || !Number.isFinite(high) ? 1 : -1;
  const fits = (value: number) =>
    Number.isInteger(value) === whole &&
    value >= low &&
    value <= high &&
    isMultiple(value, step) &&
    holdsAll(claims, value);
  for (let index = 0; index < mostTries; index += 1) {
    const value = pointOf(begin + direction * index, step);
    if (fits(value)) return { found: value, sure: true };
    if (direction > 0 ? value > high : value < low) return 'empty';
  }
  return 'unknown';
}

/** `count * step` without the errors of binary fractions. */
function pointOf(count: number, step: number): number {
  const digits = (String(step).split('.')[1] ?? '').length;
  return Number((count * step).toFixed(Math.min(digits, 20)));
}

function between({ low, high }: Range): number[] {
  if (low === high) return [low];
  if (!Number.isFinite(low) && !Number.isFinite(high)) return [0.5, 1.5, -0.5, 2.25, 3.125, 7.0625];
  if (!Number.isFinite(high)) return [0.5, 0.25, 1.5, 1.125, 7.0625].map((more) => low + more);
  if (!Number.isFinite(low)) return [0.5, 0.25, 1.5, 1.125, 7.0625].map((less) => high - less);
  const inside = [0.5, 0.25, 0.75, 0.375, 0.61803, 0.0123].map((part) => low + (high - low) * part);
  return [low, high, ...inside];
}
