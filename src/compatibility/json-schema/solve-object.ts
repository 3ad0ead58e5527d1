import type { Json, JsonObject } from '../../model/json.ts';
import { type Answer, better, type PartSolver } from './answer.ts';
import { holdsAll, isAdditional } from './evaluate.ts';
import { type Claim, type Formula, kinds, type NameChoice } from './formula.ts';
import { matches } from './patterns/matches.ts';

type Some = Extract<Claim, { k: 'someName' }>;
type Given = Map<string, Formula[]>;

const mostPatterns = 6;
const mostNames = 200;
const anyName: NameChoice = { notNames: [], notPatterns: [], pattern: null, names: [] };

/** An object that fulfils all claims: what is required first, then one property for each `someName`, then more up to the least count. */
export function solveObject(claims: readonly Claim[], parts: PartSolver): Answer {
  const answer = new ObjectSearch(claims, parts).solve();
  if (typeof answer !== 'object' || holdsAll(claims, answer.found)) return answer;
  // The value is a forbidden one: another has more properties.
  const count = Object.keys(answer.found ?? {}).length + 1;
  const larger = new ObjectSearch([...claims, { k: 'minProperties', count }], parts).solve();
  return typeof larger === 'object' ? larger : 'unknown';
}

class ObjectSearch {
  private readonly claims: readonly Claim[];
  private readonly parts: PartSolver;
  private readonly known: string[];
  private readonly absent: Set<string>;
  private readonly patterns: string[];
  private readonly least: number;
  private readonly most: number;

  constructor(claims: readonly Claim[], parts: PartSolver) {
    this.claims = claims;
    this.parts = parts;
    this.absent = new Set(claims.flatMap((claim) => (claim.k === 'absent' ? [claim.name] : [])));
    this.known = [...new Set(claims.flatMap(namesIn))];
    this.patterns = [...new Set(claims.flatMap(patternsIn))].sort();
    this.least = Math.max(0, ...claims.map((claim) => (claim.k === 'minProperties' ? claim.count : 0)));
    this.most = Math.min(...claims.map((claim) => (claim.k === 'maxProperties' ? claim.count : Infinity)), Infinity);
  }

  solve(): Answer {
    if (this.least > this.most) return 'empty';
    if (this.least > mostNames) return 'unknown';
    const given: Given = new Map();
    for (const claim of this.claims) {
      if (claim.k !== 'required') continue;
      if (this.absent.has(claim.name) || !this.isAllowed(claim.name)) return 'empty';
      given.set(claim.name, this.wishesFor(claim.name));
    }
    let answer: Answer = { found: null, sure: true };
    for (const wishes of given.values()) {
      const own = this.parts.solve(wishes);
      if (own === 'empty') return 'empty';
      answer = own === 'unknown' ? 'unknown' : answer;
    }
    if (answer === 'unknown') return 'unknown';
    const some = this.claims.filter((claim) => claim.k === 'someName');
    return this.place(some, given);
  }

  /** Gives each `someName` a property, in every way. */
  private place(some: readonly Some[], given: Given): Answer {
    const [first, ...others] = some;
    if (first === undefined) return this.fill(given);
    let answer: Answer = 'empty';
    for (const name of this.candidates(first.choice, [...given.keys()])) {
      if (name === null) {
        answer = better(answer, 'unknown');
        continue;
      }
      const wishes = [...(given.get(name) ?? this.wishesFor(name)), ...first.inner];
      const own = this.parts.solve(wishes);
      const whole = typeof own === 'object' ? this.place(others, new Map(given).set(name, wishes)) : own;
      if (typeof whole === 'object' && whole.sure) return whole;
      answer = better(answer, whole);
    }
    return answer;
  }

  /** Adds properties up to the least count, and makes the value. */
  private fill(given: Given): Answer {
    if (given.size > this.most) return 'empty';
    const all: Given = new Map(given);
    let unknown = false;
    while (all.size < this.least) {
      const added = this.addOne(all);
      if (added === 'unknown') unknown = true;
      if (added !== 'added') return unknown ? 'unknown' : 'empty';
    }
    const value: JsonObject = {};
    let sure = true;
    for (const [name, wishes] of all) {
      const own = this.parts.solve(wishes);
      if (typeof own !== 'object') return own;
      Object.defineProperty(value, name, {
        value: own.found as Json,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      sure &&= own.sure;
    }
    return { found: value, sure };
  }

  private addOne(all: Given): 'added' | 'none' | 'unknown' {
    let unknown = false;
    for (const name of this.candidates(anyName, [...all.keys()])) {
      if (name === null) unknown = true;
      if (name === null || all.has(name)) continue;
      const wishes = this.wishesFor(name);
      const own = this.parts.solve(wishes);
      if (own === 'unknown') unknown = true;
      if (typeof own !== 'object') continue;
      all.set(name, wishes);
      return 'added';
    }
    return unknown ? 'unknown' : 'none';
  }

  /** Names that may be chosen: those that are spoken of, then a new one of each kind; null where it could not be told. */
  private *candidates(choice: NameChoice, taken: readonly string[]): Generator<string | null> {
    const spoken = [...new Set([...this.known, ...taken])];
    yield* spoken.filter((name) => !this.absent.has(name) && this.isAllowed(name) && isChosen(choice, name));
    const free = this.patterns.filter((pattern) => pattern !== choice.pattern && !choice.notPatterns.includes(pattern));
    if (free.length > mostPatterns) yield null;
    for (const matching of subsets(free.slice(0, mostPatterns))) {
      const name = this.parts.solve(this.freshName(choice, matching, [...spoken, ...this.absent]));
      if (name === 'unknown') yield null;
      if (typeof name === 'object' && typeof name.found === 'string') yield name.found;
    }
  }

  /** What a name must be like that is none of `spoken` and matches exactly these patterns. */
  private freshName(choice: NameChoice, matching: readonly string[], spoken: readonly string[]): Formula[] {
    const wanted = choice.pattern === null ? matching : [...matching, choice.pattern];
    const unwanted = this.patterns.filter((pattern) => !wanted.includes(pattern));
    return [
      { k: 'kind', mask: kinds.string },
      ...[...wanted].map((pattern): Formula => ({ k: 'pattern', pattern })),
      ...[...new Set([...unwanted, ...choice.notPatterns])].map((pattern): Formula => ({ k: 'notPattern', pattern })),
      { k: 'notValues', values: [...new Set([...spoken, ...choice.notNames])] },
      ...choice.names,
      ...this.claims.flatMap((claim) => (claim.k === 'names' ? claim.inner : [])),
    ];
  }

  private isAllowed(name: string): boolean {
    return this.claims.every((claim) => claim.k !== 'names' || holdsAll(claim.inner, name));
  }

  /** What the value of a property with this name must fulfil. */
  private wishesFor(name: string): Formula[] {
    return this.claims.flatMap((claim): readonly Formula[] => {
      if (claim.k === 'property') return claim.name === name ? claim.inner : [];
      if (claim.k === 'patternProperty') return matches(claim.pattern, name) ? claim.inner : [];
      return claim.k === 'additional' && isAdditional(claim, name) ? claim.inner : [];
    });
  }
}

function isChosen(choice: NameChoice, name: string): boolean {
  return (
    !choice.notNames.includes(name) &&
    !choice.notPatterns.some((pattern) => matches(pattern, name)) &&
    (choice.pattern === null || matches(choice.pattern, name)) &&
    holdsAll(choice.names, name)
  );
}

function namesIn(claim: Claim): readonly string[] {
  if (claim.k === 'required' || claim.k === 'property') return [claim.name];
  if (claim.k === 'additional') return claim.names;
  return claim.k === 'someName' ? claim.choice.notNames : [];
}

function patternsIn(claim: Claim): readonly string[] {
  if (claim.k === 'patternProperty') return [claim.pattern];
  if (claim.k === 'additional') return claim.patterns;
  if (claim.k !== 'someName') return [];
  return [...claim.choice.notPatterns, ...(claim.choice.pattern === null ? [] : [claim.choice.pattern])];
}

/** Every subset, the empty one first. */
function subsets(items: readonly string[]): string[][] {
  let all: string[][] = [[]];
  for (const item of items) all = all.concat(all.map((own) => [...own, item]));
  return all;
}
