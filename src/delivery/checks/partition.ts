import { digestOf } from '../../model/identifiers.ts';

/** `i/n` of the command line: the i-th of n machines, from 1. */
export type Shard = { index: number; of: number };

/** One thing to carry out and how long that is expected to take. `key` is unique and the same on every machine. */
export type Load = { key: string; seconds: number };

/** The shard that a text such as `2/4` names; null when it names none. */
export function parseShard(text: string): Shard | null {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && index >= 1 && index <= of ? { index, of } : null;
}

/**
 * The keys of each shard: longest first, each to the shard that has least so far. Every key is in exactly one of them. It
 * depends on nothing but the loads, so machines that are given the same times cut alike; `cut` shows whether they were.
 */
export function partition(loads: readonly Load[], of: number): { shards: Set<string>[]; cut: string } {
  const shards = Array.from({ length: of }, () => ({ seconds: 0, keys: new Set<string>() }));
  for (const { key, seconds } of [...loads].sort(longestFirst)) {
    const least = shards.reduce((best, shard) => (shard.seconds < best.seconds ? shard : best));
    least.seconds += seconds;
    least.keys.add(key);
  }
  const keys = shards.map((shard) => [...shard.keys].sort());
  return { shards: shards.map((shard) => shard.keys), cut: digestOf(JSON.stringify(keys)).slice(7, 19) };
}

function longestFirst(a: Load, b: Load): number {
  return b.seconds - a.seconds || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
