/** A source of numbers that a seed decides alone (mulberry32). */
export type Random = { next(): number; below(limit: number): number; chance(probability: number): boolean };

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return { next, below: (limit) => Math.floor(next() * limit), chance: (probability) => next() < probability };
}
