import type { Node } from './document.ts';
import type { Formula } from './formula.ts';

/**
 * What one part of a schema evaluates when its conditions hold: properties by name and pattern, or all; the first items, or all,
 * or those that `contains` takes.
 */
export type Grant = {
  conditions: readonly Formula[];
  names: readonly string[];
  patterns: readonly string[];
  all: boolean;
  items: number;
  allItems: boolean;
  contained: readonly Node[];
};

/** Thrown where references lead back to where they came from. */
class Endless extends Error {}

/** All parts that evaluate something of a value that a schema is held against; null where it could not be told. */
export function grantsOf(node: Node): Grant[] | null {
  try {
    return new GrantReader().of(node, false);
  } catch (error) {
    if (error instanceof Endless) return null;
    throw error;
  }
}

class GrantReader {
  private readonly open = new Set<Node>();

  /** `inner`: a part of the schema that asks, whose own `unevaluated…` evaluates all that is left. */
  of(node: Node, inner: boolean): Grant[] {
    if (typeof node.json === 'boolean') return [];
    if (this.open.has(node) || this.open.size > 100) throw new Endless();
    this.open.add(node);
    const grants = [readOwn(node, inner), ...this.applied(node), ...this.chosen(node)];
    this.open.delete(node);
    return grants;
  }

  /** What applies in any case. */
  private applied(node: Node): Grant[] {
    if (typeof node.json === 'boolean') return [];
    const { allOf, $ref } = node.json;
    const parts = list(allOf).map((json) => node.document.nodeOf(json, node.base));
    if (typeof $ref === 'string') parts.push(node.document.resolve($ref, node.base));
    const dynamic = node.document.dynamicTarget(node);
    if (dynamic === 'unknown') throw new Endless();
    if (dynamic !== null) parts.push(dynamic);
    return parts.flatMap((part) => this.of(part, true));
  }

  /** What applies under a condition. */
  private chosen(node: Node): Grant[] {
    if (typeof node.json === 'boolean') return [];
    const { anyOf, oneOf, if: condition, then, else: otherwise, dependentSchemas } = node.json;
    const schema = (json: unknown) => node.document.nodeOf(json, node.base);
    const when = (conditions: readonly Formula[], json: unknown) =>
      json === undefined
        ? []
        : this.of(schema(json), true).map((one) => ({ ...one, conditions: [...conditions, ...one.conditions] }));
    const found = [...list(anyOf), ...list(oneOf)].flatMap((json) => when([accepted(schema(json))], json));
    for (const [name, json] of Object.entries((dependentSchemas ?? {}) as object))
      found.push(...when([{ k: 'required', name }], json));
    if (condition === undefined) return found;
    const fulfilled = accepted(schema(condition));
    return [
      ...found,
      ...when([fulfilled], condition),
      ...when([fulfilled], then),
      ...when([{ k: 'rejected', node: schema(condition) }], otherwise),
    ];
  }
}

function accepted(node: Node): Formula {
  return { k: 'accepted', node };
}

/** What the keywords of the schema itself evaluate, whatever the value. */
function readOwn(node: Node, inner: boolean): Grant {
  const keywords = typeof node.json === 'boolean' ? {} : node.json;
  const { properties, patternProperties, additionalProperties, prefixItems, items, additionalItems, contains } =
    keywords;
  const modern = node.document.draft === '2020-12';
  const firsts = list(modern ? prefixItems : items);
  const rest = modern || !Array.isArray(items) ? items : additionalItems;
  return {
    conditions: [],
    names: Object.keys((properties ?? {}) as object),
    patterns: Object.keys((patternProperties ?? {}) as object),
    all: additionalProperties !== undefined || (inner && keywords.unevaluatedProperties !== undefined),
    items: firsts.length,
    allItems: rest !== undefined || (inner && keywords.unevaluatedItems !== undefined),
    contained: modern && contains !== undefined ? [node.document.nodeOf(contains, node.base)] : [],
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
