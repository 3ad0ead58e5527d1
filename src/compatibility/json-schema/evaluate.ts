import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import { demandsOf } from './demands.ts';
import type { Node } from './document.ts';
import { hasFormat } from './formats.ts';
import type { Claim, Formula } from './formula.ts';
import { kinds } from './formula.ts';
import { isMultiple } from './multiples.ts';

/** Whether a schema accepts a value. What is not reasoned about counts as fulfilled both ways: a validator decides. */
function accepts(node: Node, value: Json): boolean {
  return demandsOf(node).every(({ formula }) => holds(formula, value));
}

export function holdsAll(formulas: readonly Formula[], value: Json): boolean {
  return formulas.every((formula) => holds(formula, value));
}

function holds(formula: Formula, value: Json): boolean {
  switch (formula.k) {
    case 'accepted':
      return accepts(formula.node, value);
    case 'rejected':
      return !accepts(formula.node, value);
    case 'some':
      return formula.of.some((all) => holdsAll(all, value));
    case 'exactlyOne':
      return formula.nodes.filter((node) => accepts(node, value)).length === 1;
    case 'kind':
      return (kindOf(value) & formula.mask) !== 0;
    case 'values':
      return formula.values.some((other) => same(other, value));
    case 'notValues':
      return !formula.values.some((other) => same(other, value));
    case 'opaque':
      return true;
    default:
      return holdsOfKind(formula, value);
  }
}

function holdsOfKind(claim: Claim, value: Json): boolean {
  if (typeof value === 'number') return holdsOfNumber(claim, value);
  if (typeof value === 'string') return holdsOfText(claim, value);
  if (Array.isArray(value)) return holdsOfArray(claim, value);
  return value === null || typeof value === 'boolean' || holdsOfObject(claim, value);
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

function holdsOfArray(claim: Claim, value: readonly Json[]): boolean {
  switch (claim.k) {
    case 'minItems':
      return value.length >= claim.count;
    case 'maxItems':
      return value.length <= claim.count;
    case 'item':
      return claim.index >= value.length || holdsAll(claim.inner, value[claim.index] ?? null);
    case 'rest':
      return value.slice(claim.from).every((item) => holdsAll(claim.inner, item));
    case 'someItem':
      return value.slice(claim.from).some((item) => holdsAll(claim.inner, item));
    case 'contains': {
      const count = value.filter((item) => holdsAll(claim.inner, item)).length;
      return count >= claim.least && count <= claim.most;
    }
    case 'unique':
      return !hasTwice(value);
    case 'notUnique':
      return hasTwice(value);
    default:
      return true;
  }
}

function holdsOfObject(claim: Claim, value: JsonObject): boolean {
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
      return !Object.hasOwn(value, claim.name) || holdsAll(claim.inner, value[claim.name] ?? null);
    case 'patternProperty':
      return names.every((name) => !matches(claim.pattern, name) || holdsAll(claim.inner, value[name] ?? null));
    case 'additional':
      return names.every((name) => !isAdditional(claim, name) || holdsAll(claim.inner, value[name] ?? null));
    case 'names':
      return names.every((name) => holdsAll(claim.inner, name));
    case 'someName':
      return names.some(
        (name) =>
          !claim.choice.notNames.includes(name) &&
          !claim.choice.notPatterns.some((pattern) => matches(pattern, name)) &&
          (claim.choice.pattern === null || matches(claim.choice.pattern, name)) &&
          holdsAll(claim.choice.names, name) &&
          holdsAll(claim.inner, value[name] ?? null),
      );
    default:
      return true;
  }
}

export function isAdditional(claim: { names: readonly string[]; patterns: readonly string[] }, name: string): boolean {
  return !claim.names.includes(name) && !claim.patterns.some((pattern) => matches(pattern, name));
}

const compiled = new Map<string, RegExp | null>();

/** A text that is no regular expression matches nothing. */
export function matches(pattern: string, text: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text) ?? false;
}

function compile(pattern: string): RegExp | null {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Tried again without the flag; then it is no expression at all.
    }
  }
  return null;
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
