import type { Answer } from './answer.ts';
import { holdsAll } from './evaluate.ts';
import type { Claim } from './formula.ts';
import { decimalOf, leastCommon, numberOf, scaled } from './multiples.ts';

const mostTries = 4000;

/** Bounds as decimals in units of 10^-scale, both included; null for none. */
type Grid = { scale: number; step: bigint; low: bigint | null; high: bigint | null };
type Range = { low: number; high: number };

/** A whole number, or one that is not whole, within bounds and on the grid of all multiples. */
export function solveNumber(claims: readonly Claim[], whole: boolean): Answer {
  const range = rangeOf(claims);
  if (range.low > range.high) return 'empty';
  if (whole || claims.some((claim) => claim.k === 'multiple')) return onGrid(claims, whole);
  const [found] = between(range).filter((value) => !Number.isInteger(value) && holdsAll(claims, value));
  if (found !== undefined) return { found, sure: true };
  return range.low === range.high ? 'empty' : 'unknown';
}

function rangeOf(claims: readonly Claim[]): Range {
  let [low, high] = [-Infinity, Infinity];
  for (const claim of claims) {
    if (claim.k === 'minimum') low = Math.max(low, claim.bound);
    if (claim.k === 'maximum') high = Math.min(high, claim.bound);
  }
  return { low, high };
}

/** What is forbidden comes again after a while, so so many points tell for all; single values are forbidden besides. */
function onGrid(claims: readonly Claim[], whole: boolean): Answer {
  const { scale, step, low, high } = gridOf(claims, whole);
  const one = 10n ** BigInt(scale);
  const forbidden = claims.flatMap((claim) => (claim.k === 'notMultiple' ? [scaled(decimalOf(claim.of), scale)] : []));
  if (!whole) forbidden.push(one);
  if (forbidden.some((of) => step % of === 0n)) return 'empty';
  const period = leastCommon([step, ...forbidden]) / step;
  const values = claims.flatMap((claim) => (claim.k === 'notValues' ? claim.values : [])).length;
  const enough = period * BigInt(values + 1);
  const upwards = low !== null || high === null;
  let point = upwards ? ceilTo(low ?? step, step) : floorTo(high ?? 0n, step);
  let inexact = false;
  let odd: number | null = null;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outside = (low !== null && point < low) || (high !== null && point > high);
    const seen = outside || BigInt(tries) >= enough;
    if (seen) return odd !== null ? { found: odd, sure: true } : inexact ? 'unknown' : 'empty';
    if (forbidden.every((of) => point % of !== 0n)) {
      const value = numberOf(point, scale);
      inexact ||= value === null;
      if (value !== null && holdsAll(claims, value)) {
        if (dividesInFloats(claims, value)) return { found: value, sure: true };
        odd ??= value;
      }
    }
    point += upwards ? step : -step;
  }
  return odd === null ? 'unknown' : { found: odd, sure: true };
}

/** Validators divide binary fractions; a value that they judge alike shows more. */
function dividesInFloats(claims: readonly Claim[], value: number): boolean {
  return claims.every((claim) => {
    if (claim.k === 'multiple') return Number.isInteger(value / claim.of);
    return claim.k !== 'notMultiple' || !Number.isInteger(value / claim.of);
  });
}

function gridOf(claims: readonly Claim[], whole: boolean): Grid {
  const decimals = claims.flatMap((claim) => {
    if (claim.k === 'minimum' || claim.k === 'maximum') return [decimalOf(claim.bound)];
    return claim.k === 'multiple' || claim.k === 'notMultiple' ? [decimalOf(claim.of)] : [];
  });
  const scale = Math.max(0, ...decimals.map((decimal) => decimal.scale));
  const steps = claims.flatMap((claim) => (claim.k === 'multiple' ? [scaled(decimalOf(claim.of), scale)] : []));
  const grid: Grid = {
    scale,
    step: leastCommon(whole ? [10n ** BigInt(scale), ...steps] : steps),
    low: null,
    high: null,
  };
  for (const claim of claims) {
    if (claim.k !== 'minimum' && claim.k !== 'maximum') continue;
    const edge = scaled(decimalOf(claim.bound), scale);
    const inside = claim.exclusive ? 1n : 0n;
    if (claim.k === 'minimum') grid.low = grid.low === null || edge + inside > grid.low ? edge + inside : grid.low;
    else grid.high = grid.high === null || edge - inside < grid.high ? edge - inside : grid.high;
  }
  return grid;
}

function floorTo(value: bigint, step: bigint): bigint {
  const rest = value % step;
  return value - (rest < 0n ? rest + step : rest);
}

function ceilTo(value: bigint, step: bigint): bigint {
  const below = floorTo(value, step);
  return below === value ? value : below + step;
}

function between({ low, high }: Range): number[] {
  if (low === high) return [low];
  if (!Number.isFinite(low) && !Number.isFinite(high)) return [0.5, 1.5, -0.5, 2.25, 3.125, 7.0625];
  if (!Number.isFinite(high)) return [0.5, 0.25, 1.5, 1.125, 7.0625].map((more) => low + more);
  if (!Number.isFinite(low)) return [0.5, 0.25, 1.5, 1.125, 7.0625].map((less) => high - less);
  const inside = [0.5, 0.25, 0.75, 0.375, 0.61803, 0.0123].map((part) => low + (high - low) * part);
  return [low, high, ...inside];
}
