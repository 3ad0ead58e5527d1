import { canonicalJson } from '../../model/json.ts';

/** Keywords that say nothing about which values are accepted. */
const annotations = new Set(
  '$schema $id id $comment title description default examples example deprecated readOnly writeOnly $anchor contentEncoding contentMediaType contentSchema'.split(
    ' ',
  ),
);
/** What references go by. */
const names = new Set(['$id', 'id', '$anchor']);
const definitions = new Set(['$defs', 'definitions']);
const maps = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', ...definitions]);
const lists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']);
const single = new Set(
  'not if then else items additionalItems additionalProperties contains propertyNames unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
);

/**
 * The text of a schema without annotations, keys in order; `true` for one that accepts everything. `whole` keeps definitions and
 * what references go by.
 * Equal texts accept the same values, as far as they hold no reference.
 */
export function canonicalSchema(json: unknown, whole: boolean): string {
  if (typeof json !== 'object' || json === null) return canonicalJson(json);
  if (whole) return written(json, true);
  const known = meanings.get(json) ?? written(json, false);
  meanings.set(json, known);
  return known;
}

const meanings = new WeakMap<object, string>();

function written(json: object, whole: boolean): string {
  const parts = Object.entries(json)
    .filter(([keyword]) => !annotations.has(keyword) || (whole && names.has(keyword)))
    .filter(([keyword]) => whole || !definitions.has(keyword))
    .filter(([keyword]) => !keyword.startsWith('x-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([keyword, value]) => `${JSON.stringify(keyword)}:${canonicalPart(keyword, value, whole)}`);
  return parts.length === 0 ? 'true' : `{${parts.join(',')}}`;
}

function canonicalPart(keyword: string, value: unknown, whole: boolean): string {
  if (maps.has(keyword) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${parts.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalSchemaOrList(inner, whole)}`).join(',')}}`;
  }
  if (lists.has(keyword) && Array.isArray(value))
    return `[${value.map((inner) => canonicalSchema(inner, whole)).join(',')}]`;
  if (single.has(keyword)) return canonicalSchema(value, whole);
  if (keyword === 'required' && Array.isArray(value)) return canonicalJson([...value].sort());
  return canonicalJson(value ?? null);
}

function canonicalSchemaOrList(value: unknown, whole: boolean): string {
  return Array.isArray(value) ? canonicalJson(value) : canonicalSchema(value, whole);
}

const referring = new WeakMap<object, boolean>();

/** Whether a reference stands anywhere in it, so that its meaning depends on its document. */
export function holdsReference(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const known = referring.get(json);
  if (known !== undefined) return known;
  const found = Object.entries(json).some(
    ([keyword, value]) => ['$ref', '$dynamicRef', '$recursiveRef'].includes(keyword) || holdsReference(value),
  );
  referring.set(json, found);
  return found;
}
