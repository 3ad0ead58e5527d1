import type { Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { Case } from './case.ts';
import { jsonSchemaEdgeCases } from './json-schema-edge-cases.ts';

type Schema = boolean | { [keyword: string]: Json };

const draft = (year: string): { $schema: string } => ({ $schema: `https://json-schema.org/draft/${year}/schema` });
const object = (properties: { [name: string]: Json }, more: { [keyword: string]: Json } = {}): Schema => ({
  type: 'object',
  properties,
  ...more,
});
const closed = { additionalProperties: false };
const tree = (leaf: Json): Schema => ({
  definitions: {
    tree: object({ leaf, left: { $ref: '#/definitions/tree' }, right: { $ref: '#/definitions/tree' } }, closed) as Json,
  },
  $ref: '#/definitions/tree',
});
const shape = (kind: string, size: Json): Json =>
  object({ kind: { const: kind }, size }, { required: ['kind'] }) as Json;

/** A condition on `a`; as text, because an object with a `then` looks like a promise. */
function whenOne(consequence: string): { [keyword: string]: Json } {
  return JSON.parse(`{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":${consequence}}`);
}

/** [what it shows, the reader's schema, the writer's schema, the rules that the pair breaks]. */
const pairs: [name: string, reader: Schema, writer: Schema, rules: RuleName[]][] = [
  ['everything is accepted by true', true, { type: 'string' }, []],
  ['nothing is accepted by false', false, { type: 'string' }, ['json-schema-forbidden']],
  ['what writes nothing is read by anyone', { type: 'string' }, false, []],
  ['an integer is a number', { type: 'number' }, { type: 'integer' }, []],
  ['a number may be no integer', { type: 'integer' }, { type: 'number' }, ['json-schema-type-narrowed']],
  ['unless all of them are', { type: 'integer' }, { type: 'number', multipleOf: 2 }, []],
  ['a type may be added', { type: ['string', 'null'] }, { type: 'string' }, []],
  ['annotations are no change', { type: 'string', title: 'A', default: 'x' }, { type: 'string', description: 'b' }, []],
  ['a listed value may be added', { enum: [1, 2, 3] }, { enum: [1, 2] }, []],
  ['but not removed', { enum: [1, 2] }, { enum: [1, 2, 3] }, ['json-schema-enum-value-removed']],
  ['a list of all booleans is the type', { enum: [true, false] }, { type: 'boolean' }, []],
  ['a constant of the list is in it', { enum: ['a', 'b'] }, { const: 'a' }, []],
  ['a list fits a bound', { minimum: 1 }, { enum: [1, 2] }, []],
  ['a bound may be loosened', { type: 'number', minimum: 1 }, { type: 'number', minimum: 2 }, []],
  ['but not tightened', { type: 'number', maximum: 1 }, { type: 'number', maximum: 2 }, ['json-schema-range-narrowed']],
  [
    'an exclusive bound is tighter',
    { type: 'number', exclusiveMinimum: 1 },
    { type: 'number', minimum: 1 },
    ['json-schema-range-narrowed'],
  ],
  [
    'between whole numbers it need not be',
    { type: 'integer', exclusiveMinimum: 1 },
    { type: 'integer', minimum: 2 },
    [],
  ],
  [
    'multiples of six are multiples of three',
    { type: 'integer', multipleOf: 3 },
    { type: 'integer', multipleOf: 6 },
    [],
  ],
  [
    'but not the other way round',
    { type: 'integer', multipleOf: 6 },
    { type: 'integer', multipleOf: 3 },
    ['json-schema-multiple-of-changed'],
  ],
  ['hundredths are exact', { type: 'number', multipleOf: 0.01 }, { type: 'number', multipleOf: 0.1 }, []],
  ['a length may grow', { type: 'string', maxLength: 5 }, { type: 'string', maxLength: 4 }, []],
  [
    'but not shrink',
    { type: 'string', maxLength: 4 },
    { type: 'string', maxLength: 5 },
    ['json-schema-length-narrowed'],
  ],
  ['a pattern bounds the length', { type: 'string', maxLength: 3 }, { type: 'string', pattern: '^[a-z]{2,3}$' }, []],
  [
    'another spelling of a pattern',
    { type: 'string', pattern: '^(a|b)+$' },
    { type: 'string', pattern: '^[ab]+$' },
    [],
  ],
  [
    'a pattern that finds fewer texts',
    { type: 'string', pattern: '^a+$' },
    { type: 'string', pattern: '^a*$' },
    ['json-schema-pattern-changed'],
  ],
  [
    'a back reference cannot be decided',
    { type: 'string', pattern: '^(?:aa|bb)$' },
    { type: 'string', pattern: '^([ab])\\1$' },
    ['json-schema-undecided'],
  ],
  ['a format that is new', { type: 'string', format: 'date' }, { type: 'string' }, ['json-schema-format-changed']],
  ['a format that is gone', { type: 'string' }, { type: 'string', format: 'date' }, []],
  ['items may be widened', { items: { type: 'number' } }, { items: { type: 'integer' } }, []],
  ['but not narrowed', { items: { type: 'integer' } }, { items: { type: 'number' } }, ['json-schema-type-narrowed']],
  [
    'a tuple that was longer',
    { type: 'array', items: [{}], additionalItems: false },
    { type: 'array', items: [{}, {}], additionalItems: false },
    ['json-schema-items-changed'],
  ],
  [
    'a tuple that was shorter',
    { type: 'array', items: [{}, {}], additionalItems: false },
    { type: 'array', items: [{}], additionalItems: false },
    [],
  ],
  [
    'first items in 2020-12',
    { ...draft('2020-12'), prefixItems: [{ type: 'string' }], items: false },
    { ...draft('2020-12'), prefixItems: [{ type: 'string' }] },
    ['json-schema-items-changed'],
  ],
  ['items may be more', { type: 'array', maxItems: 3 }, { type: 'array', maxItems: 2 }, []],
  [
    'but not fewer',
    { type: 'array', minItems: 3 },
    { type: 'array', minItems: 2 },
    ['json-schema-array-length-narrowed'],
  ],
  [
    'an item that must be there',
    { type: 'array', contains: { type: 'string' } },
    { type: 'array' },
    ['json-schema-contains-changed'],
  ],
  [
    'is there when all are of that kind',
    { contains: { type: 'string' } },
    { type: 'array', items: { type: 'string' }, minItems: 1 },
    [],
  ],
  [
    'no more of them than before',
    { ...draft('2019-09'), contains: { const: 1 }, maxContains: 1 },
    { ...draft('2019-09'), type: 'array', contains: { const: 1 }, maxContains: 2 },
    ['json-schema-contains-changed'],
  ],
  [
    'items that must differ',
    { type: 'array', uniqueItems: true },
    { type: 'array' },
    ['json-schema-unique-items-added'],
  ],
  ['one item differs from all others', { uniqueItems: true }, { type: 'array', maxItems: 1 }, []],
  [
    'a property that is required now',
    object({ a: {} }, { required: ['a'] }),
    object({ a: {} }),
    ['json-schema-required-added'],
  ],
  ['a property that is no longer required', object({ a: {} }), object({ a: {} }, { required: ['a'] }), []],
  [
    'a default does not fill in',
    object({ a: { default: 1 } }, { required: ['a'] }),
    object({ a: {} }),
    ['json-schema-required-added'],
  ],
  [
    'a property that is described in a closed object',
    object({ a: {}, b: { type: 'string' } }, closed),
    object({ a: {} }, closed),
    [],
  ],
  [
    'a property that is described in an open object',
    object({ a: {}, b: { type: 'string' } }),
    object({ a: {} }),
    ['json-schema-property-added-to-open-content'],
  ],
  ['unless it may be anything', object({ a: {}, b: {} }), object({ a: {} }), []],
  [
    'a property that a closed object lost',
    object({ a: {} }, closed),
    object({ a: {}, b: {} }, closed),
    ['json-schema-content-closed'],
  ],
  ['an open object lost nothing', object({ a: {} }), object({ a: {}, b: {} }), []],
  ['an object that was closed', object({ a: {} }, closed), object({ a: {} }), ['json-schema-content-closed']],
  [
    'others may be of a wider type',
    object({}, { additionalProperties: { type: 'number' } }),
    object({}, { additionalProperties: { type: 'integer' } }),
    [],
  ],
  [
    'others of a type, where there were others of any',
    object({}, { additionalProperties: { type: 'number' } }),
    object({}),
    ['json-schema-property-narrowed'],
  ],
  [
    'a property that a pattern described',
    object({ x_a: { type: 'integer' } }),
    { type: 'object', patternProperties: { '^x_': { type: 'number' } }, additionalProperties: false },
    ['json-schema-type-narrowed'],
  ],
  [
    'a pattern for names that were free',
    { type: 'object', patternProperties: { '^x_': { type: 'number' } } },
    { type: 'object', patternProperties: { '^x_[0-9]+$': { type: 'number' } } },
    ['json-schema-property-narrowed'],
  ],
  [
    'names that were longer',
    { type: 'object', propertyNames: { maxLength: 2 } },
    { type: 'object' },
    ['json-schema-property-names-narrowed'],
  ],
  [
    'more properties than before',
    { type: 'object', maxProperties: 1 },
    object({ a: {}, b: {} }, closed),
    ['json-schema-property-count-narrowed'],
  ],
  ['no more than there can be', { type: 'object', maxProperties: 2 }, object({ a: {}, b: {} }, closed), []],
  [
    'a dependency that is new',
    object({ a: {}, b: {} }, { dependencies: { a: ['b'] } }),
    object({ a: {}, b: {} }),
    ['json-schema-dependency-added'],
  ],
  [
    'a dependency that always holds',
    object({ a: {}, b: {} }, { dependencies: { a: ['b'] } }),
    object({ a: {}, b: {} }, { required: ['b'] }),
    [],
  ],
  [
    'a dependency of 2019-09',
    { ...draft('2019-09'), type: 'object', dependentSchemas: { a: { minProperties: 2 } } },
    { ...draft('2019-09'), type: 'object' },
    ['json-schema-dependency-added'],
  ],
  ['an alternative may be added', { anyOf: [{ type: 'string' }, { type: 'number' }] }, { type: 'string' }, []],
  [
    'but not removed',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { anyOf: [{ type: 'string' }, { type: 'number' }] },
    ['json-schema-alternatives-narrowed'],
  ],
  [
    'two alternatives share the values',
    {
      anyOf: [
        { type: 'integer', maximum: 0 },
        { type: 'integer', minimum: 1 },
      ],
    },
    { type: 'integer' },
    [],
  ],
  [
    'an alternative that overlaps',
    { oneOf: [{ type: 'number' }, { type: 'integer' }] },
    { type: 'integer' },
    ['json-schema-alternatives-narrowed'],
  ],
  [
    'alternatives that are told apart',
    { oneOf: [shape('a', {}), shape('b', {})] },
    { oneOf: [shape('b', { type: 'string' }), shape('a', {})] },
    [],
  ],
  [
    'an alternative that was narrowed',
    { oneOf: [shape('a', {}), shape('b', { type: 'string' })] },
    { oneOf: [shape('a', {}), shape('b', {})] },
    ['json-schema-alternatives-narrowed'],
  ],
  [
    'all of several is each of them',
    { type: 'integer', minimum: 1 },
    { allOf: [{ type: 'integer' }, { minimum: 1 }] },
    [],
  ],
  [
    'one more of all',
    { allOf: [{ type: 'integer' }, { minimum: 1 }] },
    { allOf: [{ type: 'integer' }] },
    ['json-schema-range-narrowed'],
  ],
  ['what is excluded now', { not: { type: 'string' } }, {}, ['json-schema-not-extended']],
  ['what was excluded already', { not: { type: 'string', maxLength: 2 } }, { not: { type: 'string' } }, []],
  [
    'a condition that is new',
    object({ a: {} }, whenOne('{"required":["b"]}')),
    object({ a: {} }),
    ['json-schema-condition-changed'],
  ],
  ['a condition that never holds', object({ a: {} }, whenOne('false')), object({ a: { type: 'string' } }), []],
  ['a recursive schema accepts itself', tree({ type: 'number' }), tree({ type: 'integer' }), []],
  ['and fails by what is in it', tree({ type: 'integer' }), tree({ type: 'number' }), ['json-schema-type-narrowed']],
  [
    'unevaluated properties through allOf',
    { ...draft('2019-09'), allOf: [object({ a: {} }) as Json], unevaluatedProperties: false },
    { ...draft('2019-09'), ...(object({ a: {} }, closed) as object) },
    [],
  ],
  [
    'an unevaluated property that was open',
    { ...draft('2019-09'), allOf: [object({ a: {} }) as Json], unevaluatedProperties: false },
    { ...draft('2019-09'), ...(object({ a: {} }) as object) },
    ['json-schema-content-closed'],
  ],
  [
    'draft 04 writes exclusive bounds as flags',
    { $schema: 'http://json-schema.org/draft-04/schema#', type: 'number', minimum: 1 },
    { $schema: 'http://json-schema.org/draft-04/schema#', type: 'number', minimum: 1, exclusiveMinimum: true },
    [],
  ],
];

const unconfirmed = ['a back reference cannot be decided'];

export const jsonSchemaCases: readonly Case[] = [
  ...pairs.map(([name, reader, writer, rules]) => ({
    name,
    ...(unconfirmed.includes(name) ? { unconfirmed: true as const } : {}),
    reader: JSON.stringify(reader),
    writer: JSON.stringify(writer),
    rules,
  })),
  ...jsonSchemaEdgeCases,
];
