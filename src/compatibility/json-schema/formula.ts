import type { Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { Node } from './document.ts';

/** Kinds of JSON values as bits; whole numbers and others apart. */
export const kinds = { null: 1, boolean: 2, integer: 4, fraction: 8, string: 16, array: 32, object: 64 } as const;
export type Kind = keyof typeof kinds;
export const anyKind = 127;
export const numeric = kinds.integer | kinds.fraction;

/** Which names of properties are meant: not these, matching none of these, matching this one, and accepted by `names`. */
export type NameChoice = {
  notNames: readonly string[];
  notPatterns: readonly string[];
  pattern: string | null;
  names: readonly Formula[];
};

/**
 * What a value must fulfil. All but `kind`, `values` and `notValues` hold by themselves for values of another kind than the one
 * they speak of, as keywords do. `someItem` and `someName` are what is left when a rule for all items or properties is denied.
 * `opaque` stands for a keyword that is not reasoned about: `holds` as written, or denied; `about` tells those of one keyword apart.
 */
export type Claim =
  | { k: 'kind'; mask: number }
  | { k: 'values'; values: readonly Json[] }
  | { k: 'notValues'; values: readonly Json[] }
  | { k: 'minimum'; bound: number; exclusive: boolean }
  | { k: 'maximum'; bound: number; exclusive: boolean }
  | { k: 'multiple'; of: number }
  | { k: 'notMultiple'; of: number }
  | { k: 'minLength'; count: number }
  | { k: 'maxLength'; count: number }
  | { k: 'pattern'; pattern: string }
  | { k: 'notPattern'; pattern: string }
  | { k: 'format'; format: string }
  | { k: 'notFormat'; format: string }
  | { k: 'minItems'; count: number }
  | { k: 'maxItems'; count: number }
  | { k: 'item'; index: number; inner: readonly Formula[] }
  | { k: 'rest'; from: number; inner: readonly Formula[] }
  | { k: 'someItem'; from: number; inner: readonly Formula[] }
  | { k: 'contains'; inner: readonly Formula[]; least: number; most: number }
  | { k: 'unique' }
  | { k: 'notUnique' }
  | { k: 'minProperties'; count: number }
  | { k: 'maxProperties'; count: number }
  | { k: 'required'; name: string }
  | { k: 'absent'; name: string }
  | { k: 'property'; name: string; inner: readonly Formula[] }
  | { k: 'patternProperty'; pattern: string; inner: readonly Formula[] }
  | { k: 'additional'; names: readonly string[]; patterns: readonly string[]; inner: readonly Formula[] }
  | { k: 'names'; inner: readonly Formula[] }
  | { k: 'someName'; choice: NameChoice; inner: readonly Formula[] }
  | { k: 'opaque'; about: string; keyword: string; holds: boolean };

export type Formula =
  | Claim
  | { k: 'accepted'; node: Node }
  | { k: 'rejected'; node: Node }
  | { k: 'some'; of: readonly (readonly Formula[])[] }
  | { k: 'exactlyOne'; nodes: readonly Node[] };

/** One thing that a schema demands, with the rule that a reader breaks by when a writer does not keep it. */
export type Demand = { formula: Formula; rule: RuleName; key: string };

const keys = new WeakMap<Formula, string>();

/** Equal for formulas that say the same. */
export function keyOf(formula: Formula): string {
  if (formula.k === 'accepted') return `+${formula.node.id}`;
  const known = keys.get(formula);
  if (known !== undefined) return known;
  const key = keyMade(formula);
  keys.set(formula, key);
  return key;
}

function keyMade(formula: Formula): string {
  switch (formula.k) {
    case 'accepted':
      return `+${formula.node.id}`;
    case 'rejected':
      return `-${formula.node.id}`;
    case 'exactlyOne':
      return `one(${formula.nodes.map((node) => node.id).join()})`;
    case 'some':
      return `some(${formula.of.map(keyOfAll).join('|')})`;
    case 'opaque':
      return `${formula.holds ? '' : '!'}${formula.keyword}:${formula.about}`;
    case 'someName':
      return `someName(${JSON.stringify([formula.choice.notNames, formula.choice.notPatterns, formula.choice.pattern])}${keyOfAll(formula.choice.names)}:${keyOfAll(formula.inner)})`;
    default: {
      const { k, ...rest } = formula;
      if (!('inner' in rest)) return `${k}${JSON.stringify(rest)}`;
      const { inner, ...plain } = rest;
      return `${k}${JSON.stringify(plain)}(${keyOfAll(inner)})`;
    }
  }
}

export function keyOfAll(formulas: readonly Formula[]): string {
  return formulas.map(keyOf).sort().join('&');
}

const only = (kind: Kind | 'number'): Formula => ({ k: 'kind', mask: kind === 'number' ? numeric : kinds[kind] });

/** What is left when a formula is denied: one of these lists holds, each as a whole. */
export function denied(formula: Formula): Formula[][] {
  switch (formula.k) {
    case 'accepted':
      return [[{ k: 'rejected', node: formula.node }]];
    case 'rejected':
      return [[{ k: 'accepted', node: formula.node }]];
    case 'some':
      return [formula.of.map((all): Formula => ({ k: 'some', of: deniedAll(all) }))];
    case 'exactlyOne':
      return deniedOne(formula.nodes);
    case 'kind':
      return [[{ k: 'kind', mask: anyKind & ~formula.mask }]];
    case 'values':
      return [[{ k: 'notValues', values: formula.values }]];
    case 'notValues':
      return [[{ k: 'values', values: formula.values }]];
    case 'opaque':
      return [[{ ...formula, holds: !formula.holds }]];
    default:
      return deniedScalar(formula) ?? deniedStructure(formula);
  }
}

/** What is left when not all of them hold. */
export function deniedAll(formulas: readonly Formula[]): Formula[][] {
  return formulas.flatMap(denied);
}

/** None accepts, or two do. */
function deniedOne(nodes: readonly Node[]): Formula[][] {
  const pairs = nodes.flatMap((a, index) =>
    nodes.slice(index + 1).map((b): Formula[] => [
      { k: 'accepted', node: a },
      { k: 'accepted', node: b },
    ]),
  );
  return [nodes.map((node): Formula => ({ k: 'rejected', node })), ...pairs];
}

function atMost(k: 'maxLength' | 'maxItems' | 'maxProperties', kind: Kind, count: number): Formula[][] {
  return count < 0 ? [] : [[only(kind), { k, count }]];
}

function deniedScalar(formula: Formula): Formula[][] | null {
  switch (formula.k) {
    case 'minimum':
      return [[only('number'), { ...formula, k: 'maximum', exclusive: !formula.exclusive }]];
    case 'maximum':
      return [[only('number'), { ...formula, k: 'minimum', exclusive: !formula.exclusive }]];
    case 'multiple':
      return [[only('number'), { k: 'notMultiple', of: formula.of }]];
    case 'notMultiple':
      return [[only('number'), { k: 'multiple', of: formula.of }]];
    case 'minLength':
      return atMost('maxLength', 'string', formula.count - 1);
    case 'maxLength':
      return [[only('string'), { k: 'minLength', count: formula.count + 1 }]];
    case 'pattern':
      return [[only('string'), { k: 'notPattern', pattern: formula.pattern }]];
    case 'notPattern':
      return [[only('string'), { k: 'pattern', pattern: formula.pattern }]];
    case 'format':
      return [[only('string'), { k: 'notFormat', format: formula.format }]];
    case 'notFormat':
      return [[only('string'), { k: 'format', format: formula.format }]];
    case 'minItems':
      return atMost('maxItems', 'array', formula.count - 1);
    case 'maxItems':
      return [[only('array'), { k: 'minItems', count: formula.count + 1 }]];
    case 'minProperties':
      return atMost('maxProperties', 'object', formula.count - 1);
    case 'maxProperties':
      return [[only('object'), { k: 'minProperties', count: formula.count + 1 }]];
    case 'unique':
      return [[only('array'), { k: 'notUnique' }]];
    case 'notUnique':
      return [[only('array'), { k: 'unique' }]];
    case 'required':
      return [[only('object'), { k: 'absent', name: formula.name }]];
    case 'absent':
      return [[only('object'), { k: 'required', name: formula.name }]];
    default:
      return null;
  }
}

function deniedStructure(formula: Formula): Formula[][] {
  const not = (inner: readonly Formula[]): Formula => ({ k: 'some', of: deniedAll(inner) });
  switch (formula.k) {
    case 'item':
      return [
        [only('array'), { k: 'minItems', count: formula.index + 1 }, { ...formula, inner: [not(formula.inner)] }],
      ];
    case 'rest':
      return [[only('array'), { k: 'someItem', from: formula.from, inner: [not(formula.inner)] }]];
    case 'someItem':
      return [[only('array'), { k: 'rest', from: formula.from, inner: [not(formula.inner)] }]];
    case 'contains':
      return [
        ...(formula.least > 0 ? [[only('array'), { ...formula, least: 0, most: formula.least - 1 }]] : []),
        ...(formula.most < Infinity ? [[only('array'), { ...formula, least: formula.most + 1, most: Infinity }]] : []),
      ];
    case 'property':
      return [[only('object'), { k: 'required', name: formula.name }, { ...formula, inner: [not(formula.inner)] }]];
    case 'patternProperty': {
      const choice = { notNames: [], notPatterns: [], pattern: formula.pattern, names: [] };
      return [[only('object'), { k: 'someName', choice, inner: [not(formula.inner)] }]];
    }
    case 'additional': {
      const choice = { notNames: formula.names, notPatterns: formula.patterns, pattern: null, names: [] };
      return [[only('object'), { k: 'someName', choice, inner: [not(formula.inner)] }]];
    }
    case 'names': {
      const choice = { notNames: [], notPatterns: [], pattern: null, names: [not(formula.inner)] };
      return [[only('object'), { k: 'someName', choice, inner: [] }]];
    }
    default:
      throw new Error(`${formula.k} cannot be denied here`);
  }
}
