import type { Json } from '../../model/json.ts';
import type { Answer, PartSolver } from './answer.ts';
import { holdsAll, kindOf, surelyHoldsAll } from './evaluate.ts';
import { type Claim, type Kind, kinds } from './formula.ts';
import { solveArray } from './solve-array.ts';
import { solveNumber } from './solve-number.ts';
import { solveObject } from './solve-object.ts';
import { solveText } from './solve-text.ts';

/** A value of one kind that fulfils all claims, or the proof that there is none. */
export function solveKind(kind: Kind, claims: readonly Claim[], parts: PartSolver): Answer {
  const listed = claims.filter((claim) => claim.k === 'values');
  const [first] = listed;
  if (first !== undefined) {
    const found = first.values.find((value) => isOfKind(kind, value) && holdsAll(claims, value));
    return found === undefined ? 'empty' : { found, sure: surelyHoldsAll(claims, found) };
  }
  const answer = solveOpen(kind, claims, parts);
  if (typeof answer !== 'object') return answer;
  if (!holdsAll(claims, answer.found)) return 'unknown';
  return { found: answer.found, sure: answer.sure && surelyHoldsAll(claims, answer.found) };
}

function isOfKind(kind: Kind, value: Json): boolean {
  return kindOf(value) === kinds[kind];
}

function solveOpen(kind: Kind, claims: readonly Claim[], parts: PartSolver): Answer {
  switch (kind) {
    case 'null':
      return firstOf([null], claims);
    case 'boolean':
      return firstOf([true, false], claims);
    case 'integer':
      return solveNumber(claims, true);
    case 'fraction':
      return solveNumber(claims, false);
    case 'string':
      return solveText(claims);
    case 'array':
      return solveArray(claims, parts);
    case 'object':
      return solveObject(claims, parts);
  }
}

function firstOf(values: readonly Json[], claims: readonly Claim[]): Answer {
  const found = values.find((value) => holdsAll(claims, value));
  return found === undefined ? 'empty' : { found, sure: true };
}
