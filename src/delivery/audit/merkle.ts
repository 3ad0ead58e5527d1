import { createHash } from 'node:crypto';

/** A 32-byte SHA-256 hash. */
export type Hash = Buffer;

/**
 * Merkle trees as RFC 6962 defines them: leaves are hashed with a leading 0, inner nodes with a leading 1, and a tree
 * of n leaves splits at the largest power of two below n.
 */
export function leafHash(bytes: Uint8Array | string): Hash {
  return createHash('sha256').update(Buffer.of(0)).update(bytes).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** The root of no leaves. */
export const emptyRoot: Hash = createHash('sha256').digest();

/**
 * What is kept of a tree so that it can grow: the roots of its perfect subtrees, the largest first. A tree of `size`
 * leaves has one for each binary 1 of `size`.
 */
export type Frontier = { size: number; peaks: Hash[] };

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** The frontier with one leaf more. The given one is left as it is. */
export function grow({ size, peaks }: Frontier, leaf: Hash): Frontier {
  const grown = [...peaks];
  let right = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = grown.pop();
    if (left === undefined) throw new Error(`grow: a tree of ${size} leaves lacks a peak`);
    right = nodeHash(left, right);
  }
  return { size: size + 1, peaks: [...grown, right] };
}

/** The root of the tree that a frontier stands for. */
export function rootOf({ peaks }: Frontier): Hash {
  const [last, ...others] = peaks.toReversed();
  if (last === undefined) return emptyRoot;
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/** The root over all leaves, in order. */
export function treeRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return emptyRoot;
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split)));
}

/** The audit path of the leaf at `index`: the siblings from the leaf up. */
export function inclusionPath(leaves: readonly Hash[], index: number): Hash[] {
  if (index < 0 || index >= leaves.length) throw new RangeError(`inclusionPath: no leaf ${index} of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionPath(left, index), treeRoot(right)]
    : [...inclusionPath(right, index - split), treeRoot(left)];
}

/** The root that the leaf and its path lead to, or null when the path does not fit a tree of that size. */
export function rootFromPath(input: { leaf: Hash; index: number; size: number; path: readonly Hash[] }): Hash | null {
  const { index, size, path } = input;
  if (index < 0 || index >= size) return null;
  let at = index;
  let last = size - 1;
  let hash = input.leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

/** The largest power of two below `size`, for `size` of 2 and more. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
