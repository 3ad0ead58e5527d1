import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import { demandsOf } from './demands.ts';
import type { Node } from './document.ts';
import { hasFormat } from './formats.ts';
import type { Claim, Formula } from './formula.ts';
import { kinds } from './formula.ts';
import { isMultiple } from './multiples.ts';
import { matches } from './patterns/matches.ts';

/**
 * What is not reasoned about counts as fulfilled when `lenient`, else as not: so a value may fulfil something, or surely does.
 */
function accepts(node: Node, value: Json, lenient: boolean): boolean {
  return demandsOf(node).every(({ formula }) => holds(formula, value, lenient));
}

/** Whether a value may fulfil all of these. */
export function holdsAll(formulas: readonly Formula[], value: Json): boolean {
  return allHold(formulas, value, true);
}

/** Whether a value fulfils all of these, whatever comes of what is not reasoned about. */
export function surelyHoldsAll(formulas: readonly Formula[], value: Json): boolean {
  return allHold(formulas, value, false);
}

function allHold(formulas: readonly Formula[], value: Json, lenient: boolean): boolean {
  return formulas.every((formula) => holds(formula, value, lenient));
}

function holds(formula: Formula, value: Json, lenient: boolean): boolean {
  switch (formula.k) {
    case 'accepted':
      return accepts(formula.node, value, lenient);
    case 'rejected':
      return !accepts(formula.node, value, !lenient);
    case 'some':
      return formula.of.some((all) => allHold(all, value, lenient));
    case 'exactlyOne':
      return isBetween(
        [1, 1],
        lenient,
        (inside) => formula.nodes.filter((node) => accepts(node, value, inside)).length,
      );
    case 'kind':
      return (kindOf(value) & formula.mask) !== 0;
    case 'values':
      return formula.values.some((other) => same(other, value));
    case 'notValues':
      return !formula.values.some((other) => same(other, value));
    case 'opaque':
      return lenient;
    default:
      return holdsOfKind(formula, value, lenient);
  }
}

/** A count that is no less for a lenient judge: it may be within bounds, or surely is. */
function isBetween(
  [least, most]: readonly [number, number],
  lenient: boolean,
  count: (lenient: boolean) => number,
): boolean {
  return count(lenient) >= least && count(!lenient) <= most;
}

function holdsOfKind(claim: Claim, value: Json, lenient: boolean): boolean {
  if (typeof value === 'number') return holdsOfNumber(claim, value);
  if (typeof value === 'string') return holdsOfText(claim, value);
  if (Array.isArray(value)) return holdsOfArray(claim, value, lenient);
  return value === null || typeof value === 'boolean' || holdsOfObject(claim, value, lenient);
}

function holdsOfNumber(claim: Claim, value: number): boolean {
  switch (claim.k) {
    case 'minimum':
      return claim.exclusive ? value > claim.bound : value >= claim.bound;
    case 'maximum':
      return claim.exclusive ? value < claim.bound : value <= claim.bound;
    case 'multiple':
      return isMultiple(value, claim.of);
    case 'notMultiple':
      return !isMultiple(value, claim.of);
    default:
      return true;
  }
}

function holdsOfText(claim: Claim, value: string): boolean {
  switch (claim.k) {
    case 'minLength':
      return [...value].length >= claim.count;
    case 'maxLength':
      return [...value].length <= claim.count;
    case 'pattern':
      return matches(claim.pattern, value);
    case 'notPattern':
      return !matches(claim.pattern, value);
    case 'format':
      return hasFormat(claim.format, value);
    case 'notFormat':
      return !hasFormat(claim.format, value);
    default:
      return true;
  }
}

function holdsOfArray(claim: Claim, value: readonly Json[], lenient: boolean): boolean {
  switch (claim.k) {
    case 'minItems':
      return value.length >= claim.count;
    case 'maxItems':
      return value.length <= claim.count;
    case 'item':
      return claim.index >= value.length || allHold(claim.inner, value[claim.index] ?? null, lenient);
    case 'rest':
      return value.slice(claim.from).every((item) => allHold(claim.inner, item, lenient));
    case 'someItem':
      return value.slice(claim.from).some((item) => allHold(claim.inner, item, lenient));
    case 'contains':
      return isBetween(
        [claim.least, claim.most],
        lenient,
        (inside) => value.filter((item) => allHold(claim.inner, item, inside)).length,
      );
    case 'unique':
      return !hasTwice(value);
    case 'notUnique':
      return hasTwice(value);
    default:
      return true;
  }
}

function holdsOfObject(claim: Claim, value: JsonObject, lenient: boolean): boolean {
  const names = Object.keys(value);
  switch (claim.k) {
    case 'minProperties':
      return names.length >= claim.count;
    case 'maxProperties':
      return names.length <= claim.count;
    case 'required':
      return Object.hasOwn(value, claim.name);
    case 'absent':
      return !Object.hasOwn(value, claim.name);
    case 'property':
      return !Object.hasOwn(value, claim.name) || allHold(claim.inner, value[claim.name] ?? null, lenient);
    case 'patternProperty':
      return names.every((name) => !matches(claim.pattern, name) || allHold(claim.inner, value[name] ?? null, lenient));
    case 'additional':
      return names.every((name) => !isAdditional(claim, name) || allHold(claim.inner, value[name] ?? null, lenient));
    case 'names':
      return names.every((name) => allHold(claim.inner, name, lenient));
    case 'someName':
      return names.some(
        (name) =>
          !claim.choice.notNames.includes(name) &&
          !claim.choice.notPatterns.some((pattern) => matches(pattern, name)) &&
          (claim.choice.pattern === null || matches(claim.choice.pattern, name)) &&
          allHold(claim.choice.names, name, lenient) &&
          allHold(claim.inner, value[name] ?? null, lenient),
      );
    default:
      return true;
  }
}

export function isAdditional(claim: { names: readonly string[]; patterns: readonly string[] }, name: string): boolean {
  return !claim.names.includes(name) && !claim.patterns.some((pattern) => matches(pattern, name));
}

export function kindOf(value: Json): number {
  if (value === null) return kinds.null;
  if (typeof value === 'boolean') return kinds.boolean;
  if (typeof value === 'number') return Number.isInteger(value) ? kinds.integer : kinds.fraction;
  if (typeof value === 'string') return kinds.string;
  return Array.isArray(value) ? kinds.array : kinds.object;
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b));
}

function hasTwice(values: readonly Json[]): boolean {
  return new Set(values.map((value) => canonicalJson(value))).size < values.length;
}
