import { didYouMean } from '../../base/did-you-mean.ts';
import { fail } from '../../base/errors.ts';

/**
 * The checks of these names, or all when no name is given. A trailing `*` takes all that begin so. Slow ones are taken when
 * they are named in full, or when `slow` is asked for. Throws `check-unknown`.
 */
export function selectChecks<Check extends { name: string; slow: boolean }>(
  checks: readonly Check[],
  only: readonly string[],
  slow: boolean,
): Check[] {
  const known = [...new Set(checks.map(({ name }) => name))].sort();
  for (const wanted of only) {
    if (!known.some((name) => isMeant(name, wanted))) {
      throw fail('check-unknown', { name: wanted, nearest: didYouMean(wanted, known), known: known.join(', ') });
    }
  }
  const quick = checks.filter((check) => slow || !check.slow || only.includes(check.name));
  return only.length === 0 ? quick : quick.filter(({ name }) => only.some((wanted) => isMeant(name, wanted)));
}

function isMeant(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}
