import { closest, distance } from 'fastest-levenshtein';

/** The candidate a person most likely meant, or null when none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const best = closest(word.toLowerCase(), [...candidates]);
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3)) ? best : null;
}
