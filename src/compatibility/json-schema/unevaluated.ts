import type { RuleName } from '../rules.ts';
import type { Node } from './document.ts';
import { type Grant, grantsOf } from './evaluated.ts';
import type { Formula } from './formula.ts';
import { matches } from './patterns/matches.ts';

const mostPatterns = 4;
const mostItems = 50;

/**
 * `unevaluatedProperties` and `unevaluatedItems` as plain demands: each property or item fulfils the schema, or a part of the
 * schema that evaluates it applies. Where it is too much to say so, it is something that is not reasoned about.
 */
export function unevaluatedDemands(node: Node, known: boolean): [RuleName, Formula][] {
  if (!known || typeof node.json === 'boolean') return [];
  const { unevaluatedProperties, unevaluatedItems } = node.json;
  if (unevaluatedProperties === undefined && unevaluatedItems === undefined) return [];
  const grants = grantsOf(node);
  const inner = (json: unknown): Formula => ({ k: 'accepted', node: node.document.nodeOf(json, node.base) });
  const demands: [RuleName, Formula][] = [];
  const add = (rule: RuleName, keyword: string, formulas: readonly Formula[] | undefined | null) => {
    const opaque: Formula = { k: 'opaque', about: String(node.id), keyword, holds: true };
    for (const formula of formulas ?? [opaque]) demands.push([rule, formula]);
  };
  if (unevaluatedProperties !== undefined)
    add(
      'json-schema-content-closed',
      'unevaluatedProperties',
      grants && propertyDemands(grants, inner(unevaluatedProperties)),
    );
  if (unevaluatedItems !== undefined)
    add('json-schema-items-changed', 'unevaluatedItems', grants && itemDemands(grants, inner(unevaluatedItems)));
  return demands;
}

/** The demand, or one of the grants applies; null where one applies in any case. */
function unless(demand: Formula, grants: readonly Grant[]): Formula | null {
  if (grants.some(({ conditions }) => conditions.length === 0)) return null;
  if (grants.length === 0) return demand;
  return { k: 'some', of: [[demand], ...grants.map(({ conditions }) => conditions)] };
}

function isFormula(formula: Formula | null): formula is Formula {
  return formula !== null;
}

function propertyDemands(grants: readonly Grant[], inner: Formula): Formula[] | null {
  const names = [...new Set(grants.flatMap((grant) => grant.names))].sort();
  const patterns = [...new Set(grants.flatMap((grant) => grant.patterns))].sort();
  const always = new Set(grants.flatMap((grant) => (grant.conditions.length === 0 ? grant.patterns : [])));
  const sometimes = patterns.filter((pattern) => !always.has(pattern));
  if (sometimes.length > mostPatterns) return null;
  const whole = grants.filter((grant) => grant.all);
  const named = names.map((name) => {
    const own = grants.filter(
      (grant) => grant.names.includes(name) || grant.patterns.some((one) => matches(one, name)),
    );
    return unless({ k: 'property', name, inner: [inner] }, [...whole, ...own]);
  });
  // Names that match no pattern beside the chosen ones; what applies for one of these lets all of them be.
  const others = subsets(sometimes).map((chosen) => {
    const own = grants.filter((grant) => grant.patterns.some((one) => chosen.includes(one)));
    const left = patterns.filter((pattern) => !chosen.includes(pattern));
    return unless({ k: 'additional', names, patterns: left, inner: [inner] }, [...whole, ...own]);
  });
  return [...named, ...others].filter(isFormula);
}

/** Each item fulfils the schema, or is one that a `contains` which applies takes, or stands where a grant evaluates it. */
function itemDemands(grants: readonly Grant[], unevaluated: Formula): Formula[] | null {
  const longest = Math.max(0, ...grants.map((grant) => grant.items));
  const sometimes = grants.filter((grant) => grant.contained.length > 0 && grant.conditions.length > 0);
  if (longest > mostItems || sometimes.length > mostPatterns) return null;
  const always = grants.filter((grant) => grant.conditions.length === 0);
  const whole = grants.filter((grant) => grant.allItems);
  const ways = subsets(sometimes).map((chosen) => {
    const contained = [...always, ...chosen].flatMap((grant) => grant.contained);
    const kinds = [unevaluated, ...contained.map((node): Formula => ({ k: 'accepted', node }))];
    const inner: Formula[] = kinds.length === 1 ? kinds : [{ k: 'some', of: kinds.map((one) => [one]) }];
    return { inner, conditions: chosen.flatMap((grant) => grant.conditions) };
  });
  const demand = (of: (inner: readonly Formula[]) => Formula, own: readonly Grant[]): Formula | null => {
    const [only] = ways;
    if (ways.length === 1 && only !== undefined) return unless(of(only.inner), own);
    if (own.some(({ conditions }) => conditions.length === 0)) return null;
    const granted = own.map(({ conditions }) => conditions);
    return { k: 'some', of: [...ways.map(({ inner, conditions }) => [of(inner), ...conditions]), ...granted] };
  };
  const firsts = Array.from({ length: longest }, (_, index) =>
    demand((inner) => ({ k: 'item', index, inner }), [...whole, ...grants.filter((grant) => grant.items > index)]),
  );
  return [...firsts, demand((inner) => ({ k: 'rest', from: longest, inner }), whole)].filter(isFormula);
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  let all: Item[][] = [[]];
  for (const item of items) all = all.concat(all.map((own) => [...own, item]));
  return all;
}
