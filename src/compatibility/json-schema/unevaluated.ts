import type { RuleName } from '../rules.ts';
import type { Keywords, Node } from './document.ts';
import type { Formula } from './formula.ts';

/** What is evaluated whatever the value: names and patterns of properties, and how many first items; null when all are. */
type Evaluated = { names: Set<string>; patterns: Set<string>; all: boolean; items: number; allItems: boolean };

const conditional = ['anyOf', 'oneOf', 'if', 'dependentSchemas', 'not'];

/**
 * `unevaluatedProperties` and `unevaluatedItems` as plain demands where what is evaluated does not depend on the value; else as
 * something that is not reasoned about.
 */
export function unevaluatedDemands(node: Node, known: boolean): [RuleName, Formula][] {
  if (!known || typeof node.json === 'boolean') return [];
  const { unevaluatedProperties, unevaluatedItems } = node.json;
  const demands: [RuleName, Formula][] = [];
  const evaluated = evaluatedBy(node, new Set());
  const inner = (json: unknown): Formula[] => [{ k: 'accepted', node: node.document.nodeOf(json, node.base) }];
  if (unevaluatedProperties !== undefined && evaluated?.all !== true) {
    demands.push([
      'json-schema-content-closed',
      evaluated === null
        ? { k: 'opaque', node, keyword: 'unevaluatedProperties', holds: true }
        : {
            k: 'additional',
            names: [...evaluated.names].sort(),
            patterns: [...evaluated.patterns].sort(),
            inner: inner(unevaluatedProperties),
          },
    ]);
  }
  if (unevaluatedItems !== undefined && evaluated?.allItems !== true) {
    demands.push([
      'json-schema-items-changed',
      evaluated === null || node.json.contains !== undefined
        ? { k: 'opaque', node, keyword: 'unevaluatedItems', holds: true }
        : { k: 'rest', from: evaluated.items, inner: inner(unevaluatedItems) },
    ]);
  }
  return demands;
}

/** Null when it depends on the value. */
function evaluatedBy(node: Node, seen: Set<number>): Evaluated | null {
  const found: Evaluated = { names: new Set(), patterns: new Set(), all: false, items: 0, allItems: false };
  if (typeof node.json === 'boolean' || seen.has(node.id)) return found;
  if (conditional.some((keyword) => (node.json as Keywords)[keyword] !== undefined)) return null;
  seen.add(node.id);
  readOwn(node.json, found);
  const { allOf, $ref, $dynamicRef, $recursiveRef } = node.json;
  if ($dynamicRef !== undefined || $recursiveRef !== undefined) return null;
  const parts = Array.isArray(allOf) ? allOf.map((json: unknown) => node.document.nodeOf(json, node.base)) : [];
  if (typeof $ref === 'string') parts.push(node.document.resolve($ref, node.base));
  for (const part of parts) {
    const own = evaluatedBy(part, seen);
    if (own === null) return null;
    readUnevaluated(part, own);
    for (const name of own.names) found.names.add(name);
    for (const pattern of own.patterns) found.patterns.add(pattern);
    found.all ||= own.all;
    found.items = Math.max(found.items, own.items);
    found.allItems ||= own.allItems;
  }
  return found;
}

/** A part that has the keyword itself evaluates all. */
function readUnevaluated(part: Node, own: Evaluated): void {
  if (typeof part.json === 'boolean') return;
  if (part.json.unevaluatedProperties !== undefined) own.all = true;
  if (part.json.unevaluatedItems !== undefined) own.allItems = true;
}

function readOwn(json: Keywords, found: Evaluated): void {
  const { properties, patternProperties, additionalProperties, prefixItems, items, additionalItems } = json;
  for (const name of Object.keys((properties ?? {}) as object)) found.names.add(name);
  for (const pattern of Object.keys((patternProperties ?? {}) as object)) found.patterns.add(pattern);
  if (additionalProperties !== undefined) found.all = true;
  const firsts = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  found.items = firsts.length;
  const rest = Array.isArray(items) ? additionalItems : items;
  if (rest !== undefined) found.allItems = true;
}
