import type { Keywords, Node } from './document.ts';

/** Keywords that hold values, in which a reference is none. */
const values = new Set(['enum', 'const', 'default', 'examples']);
const inPlaceLists = ['allOf', 'anyOf', 'oneOf'] as const;
const inPlaceSingle = ['not', 'if', 'then', 'else'] as const;

/**
 * Throws `schema-invalid` where a schema leads back to itself before any part of a value is looked at: such a one accepts nothing
 * and everything alike, and validators never come to an end.
 */
export function checkGrounded(root: Node): void {
  const done = new Set<Node>();
  const open = new Set<Node>();
  const visit = (node: Node): void => {
    if (typeof node.json === 'boolean' || done.has(node)) return;
    if (open.has(node))
      throw node.document.invalidIn(node, '$ref', 'it leads back to itself without looking at a part.');
    open.add(node);
    for (const inner of inPlace(node, node.json)) visit(inner);
    open.delete(node);
    done.add(node);
  };
  const walk = (json: unknown, base: string): void => {
    if (typeof json !== 'object' || json === null) return;
    if ('$ref' in json && typeof json.$ref === 'string') visit(root.document.nodeOf(json, base));
    for (const [keyword, inner] of Object.entries(json)) if (!values.has(keyword)) walk(inner, base);
  };
  visit(root);
  walk(root.json, root.base);
}

/** The schemas that the same value is held against. */
function inPlace(node: Node, keywords: Keywords): Node[] {
  const schema = (json: unknown) => node.document.nodeOf(json, node.base);
  const { $ref, dependentSchemas } = keywords;
  const dynamic = node.document.dynamicTarget(node);
  return [
    ...(typeof $ref === 'string' ? [node.document.resolve($ref, node.base)] : []),
    ...(dynamic === null || dynamic === 'unknown' ? [] : [dynamic]),
    ...inPlaceLists.flatMap((keyword) => {
      const list = keywords[keyword];
      return Array.isArray(list) ? list.map(schema) : [];
    }),
    ...inPlaceSingle.flatMap((keyword) => (keywords[keyword] === undefined ? [] : [schema(keywords[keyword])])),
    ...Object.values((dependentSchemas ?? {}) as object).map(schema),
  ];
}
