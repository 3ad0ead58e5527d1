import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Chance } from './random.ts';

const drafts = [
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2019-09/schema',
  'https://json-schema.org/draft/2020-12/schema',
];
const patterns = ['^a', 'b$', '^[ab]*$', '^(a|b){2,3}$', 'c'];
const names = ['a', 'b', 'x_1', 'x_2'];
const constants: Json[] = [0, 1, 2, 1.5, 'a', 'ab', '', true, null, [], [1], {}, { a: 1 }];

/** A writer's schema and another one: mostly the same with a few changes, sometimes a new one. */
export function jsonSchemaPair(chance: Chance): { reader: string; writer: string } {
  const draft = chance.pick(drafts);
  const writer = schema(chance, 3);
  const reader = chance.often(0.75) ? changed(chance, writer) : schema(chance, 2);
  const dressed = (one: Json) => JSON.stringify(dress(one, draft));
  return chance.often(0.5)
    ? { reader: dressed(reader), writer: dressed(writer) }
    : { reader: dressed(writer), writer: dressed(reader) };
}

/** Tuples are written with `items` before 2020-12 and with `prefixItems` since. */
function dress(one: Json, draft: string): Json {
  const tuple = draft.includes('2020');
  const turned = (json: Json): Json => {
    if (Array.isArray(json)) return json.map(turned);
    if (json === null || typeof json !== 'object') return json;
    const entries = Object.entries(json).map(([key, value]): [string, Json] => {
      if (key === 'enum' || key === 'const') return [key, value];
      if (key === 'firsts') return [tuple ? 'prefixItems' : 'items', turned(value)];
      if (key === 'others') return [tuple ? 'items' : 'additionalItems', turned(value)];
      return [key, turned(value)];
    });
    return Object.fromEntries(entries);
  };
  const body = turned(one);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { $schema: draft, ...body } : body;
}

function schema(chance: Chance, depth: number): Json {
  const kind = chance.below(depth > 0 ? 14 : 7);
  if (kind === 0) return chance.often(0.8) ? {} : chance.often(0.5);
  if (kind === 1) return { enum: Array.from({ length: 1 + chance.below(3) }, () => chance.pick(constants)) };
  if (kind === 2) return { const: chance.pick(constants) };
  if (kind < 5) return number(chance);
  if (kind < 7) return string(chance);
  if (kind < 9) return array(chance, depth - 1);
  if (kind < 12) return object(chance, depth - 1);
  if (kind === 12) return combined(chance, depth - 1);
  return {
    type: chance.pick([
      ['string', 'null'],
      ['integer', 'boolean'],
      ['object', 'array', 'null'],
      ['number', 'string'],
    ]),
  };
}

function some(chance: Chance, share: number, make: () => JsonObject): JsonObject {
  return chance.often(share) ? make() : {};
}

function number(chance: Chance): JsonObject {
  return {
    type: chance.pick(['number', 'integer']),
    ...some(chance, 0.4, () => ({ [chance.pick(['minimum', 'exclusiveMinimum'])]: chance.below(4) })),
    ...some(chance, 0.4, () => ({ [chance.pick(['maximum', 'exclusiveMaximum'])]: 3 + chance.below(4) })),
    ...some(chance, 0.2, () => ({ multipleOf: chance.pick([1, 2, 3, 0.5]) })),
  };
}

function string(chance: Chance): JsonObject {
  return {
    type: 'string',
    ...some(chance, 0.3, () => ({ minLength: chance.below(3) })),
    ...some(chance, 0.3, () => ({ maxLength: 2 + chance.below(3) })),
    ...some(chance, 0.3, () => ({ pattern: chance.pick(patterns) })),
    ...some(chance, 0.1, () => ({ format: chance.pick(['date', 'ipv4', 'uuid']) })),
  };
}

function array(chance: Chance, depth: number): JsonObject {
  return {
    ...some(chance, 0.8, () => ({ type: 'array' })),
    ...(chance.often(0.5)
      ? { items: schema(chance, depth) }
      : {
          firsts: [schema(chance, depth)],
          ...some(chance, 0.4, () => ({ others: chance.often(0.5) ? false : schema(chance, depth) })),
        }),
    ...some(chance, 0.3, () => ({ minItems: chance.below(3) })),
    ...some(chance, 0.3, () => ({ maxItems: 1 + chance.below(3) })),
    ...some(chance, 0.15, () => ({ uniqueItems: true })),
    ...some(chance, 0.15, () => ({ contains: schema(chance, 0) })),
  };
}

function object(chance: Chance, depth: number): JsonObject {
  const properties = Object.fromEntries(names.slice(0, chance.below(4)).map((name) => [name, schema(chance, depth)]));
  return {
    ...some(chance, 0.8, () => ({ type: 'object' })),
    properties,
    ...some(chance, 0.4, () => ({ required: [chance.pick(names)] })),
    ...some(chance, 0.5, () => ({ additionalProperties: chance.often(0.6) ? false : schema(chance, depth) })),
    ...some(chance, 0.2, () => ({ patternProperties: { '^x_': schema(chance, depth) } })),
    ...some(chance, 0.1, () => ({ propertyNames: { maxLength: 1 + chance.below(3) } })),
    ...some(chance, 0.15, () => ({ minProperties: chance.below(3) })),
    ...some(chance, 0.15, () => ({ maxProperties: 1 + chance.below(3) })),
    ...some(chance, 0.1, () => ({ dependencies: { a: chance.often(0.5) ? ['b'] : schema(chance, 0) } })),
  };
}

function combined(chance: Chance, depth: number): JsonObject {
  const parts = Array.from({ length: 1 + chance.below(3) }, () => schema(chance, depth));
  const kind = chance.below(5);
  if (kind === 0) return { not: schema(chance, depth) };
  if (kind === 1)
    return Object.fromEntries([
      ['if', schema(chance, 0)],
      ['then', schema(chance, depth)],
      ['else', schema(chance, depth)],
    ]);
  return { [chance.pick(['anyOf', 'oneOf', 'allOf'])]: parts };
}

/** Changes keywords here and there. */
function changed(chance: Chance, json: Json): Json {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    return chance.often(0.1) ? schema(chance, 1) : json;
  if (chance.often(0.04)) return schema(chance, 2);
  if (chance.often(0.04)) return { anyOf: [json, schema(chance, 1)] };
  const entries = Object.entries(json).flatMap(([key, value]): [string, Json][] => {
    if (chance.often(0.06)) return [];
    return [[key, changedKeyword(chance, key, value)]];
  });
  const copy: JsonObject = Object.fromEntries(entries);
  if (copy.type === 'object' && chance.often(0.1))
    copy.properties = { ...(copy.properties as JsonObject), c: schema(chance, 1) };
  return copy;
}

function changedKeyword(chance: Chance, key: string, value: Json): Json {
  if (typeof value === 'number' && key !== 'const')
    return chance.often(0.15) && key !== 'multipleOf' ? Math.max(0, value + chance.pick([-1, 1])) : value;
  if (key === 'enum' && Array.isArray(value)) return chance.often(0.2) ? [...value, chance.pick(constants)] : value;
  if (key === 'type') return chance.often(0.05) ? chance.pick(['string', 'number', 'object']) : value;
  if (key === 'required') return chance.often(0.1) ? [chance.pick(names)] : value;
  if (key === 'pattern') return chance.often(0.2) ? chance.pick(patterns) : value;
  if (key === 'properties' || key === 'patternProperties')
    return Object.fromEntries(
      Object.entries(value as JsonObject).flatMap(([name, inner]): [string, Json][] =>
        chance.often(0.06) ? [] : [[name, changed(chance, inner)]],
      ),
    );
  if (Array.isArray(value) && ['anyOf', 'oneOf', 'allOf', 'firsts'].includes(key))
    return value.map((inner) => changed(chance, inner));
  if (
    ['items', 'others', 'additionalProperties', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'].includes(key)
  )
    return changed(chance, value);
  return value;
}

/** A value such as the schemas speak of. */
export function jsonValue(chance: Chance, depth = 2): Json {
  const kind = chance.below(depth > 0 ? 9 : 6);
  if (kind === 0) return chance.pick(constants);
  if (kind === 1) return chance.below(9) - 1;
  if (kind === 2) return chance.below(12) / 2;
  if (kind < 5) return Array.from({ length: chance.below(5) }, () => chance.pick(['a', 'b', 'c'])).join('');
  if (kind === 5) return chance.pick([true, false, null, '2026-01-31', '192.0.2.1']);
  if (kind === 6) return Array.from({ length: chance.below(4) }, () => jsonValue(chance, depth - 1));
  const own = [...names, 'c', 'd'].filter(() => chance.often(0.35));
  return Object.fromEntries(own.map((name) => [name, jsonValue(chance, depth - 1)]));
}
