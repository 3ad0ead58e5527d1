import type { Json } from '../../model/json.ts';
import type { Formula } from './formula.ts';

/**
 * `found`: such a value, `sure` unless something was left out of account. `empty`: there is none, proven. `unknown`: neither.
 */
export type Answer = { found: Json; sure: boolean } | 'empty' | 'unknown';

/** The answer that says more about whether there is a value. */
export function better(a: Answer, b: Answer): Answer {
  if (typeof a === 'object') return a;
  return typeof b === 'object' || b === 'unknown' ? b : a;
}

/** What solving a value needs to solve its parts. */
export type PartSolver = { solve(formulas: readonly Formula[]): Answer };
