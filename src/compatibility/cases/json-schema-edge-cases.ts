import type { Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { Case } from './case.ts';

type Schema = { [keyword: string]: Json };

/** [what it shows, the reader's schema, the writer's schema, the rules that the pair breaks]: patterns, sizes and steps. */
const pairs: [name: string, reader: Schema, writer: Schema, rules: RuleName[]][] = [
  [
    'looking ahead from the start is another pattern of the whole text',
    { type: 'string', pattern: '^[a-z0-9]{8,}$' },
    { type: 'string', pattern: '^(?=.*[0-9])(?!.*[^a-z0-9]).{8,12}$(?<!0)$' },
    [],
  ],
  [
    'what it asks for may be missing',
    { type: 'string', pattern: '^(?=.*[0-9])(?=.*[a-z]).+$' },
    { type: 'string', pattern: '^(?=.*[0-9]).+$' },
    ['json-schema-pattern-changed'],
  ],
  [
    'what it excludes may be there',
    { type: 'string', pattern: '^(?!tmp_)\\w+(?<!_)$' },
    { type: 'string', pattern: '^\\w+(?<!_)$' },
    ['json-schema-pattern-changed'],
  ],
  [
    'letters by their property',
    { type: 'string', pattern: '^\\p{L}+$' },
    { type: 'string', pattern: '^[a-zäöü]+$' },
    [],
  ],
  [
    'a pattern that is one without the flag for Unicode only',
    { type: 'string', pattern: '^[\\w\\-.]+\\-[0-9]$' },
    { type: 'string', pattern: '^[a-z.]*\\-[0-9]$' },
    ['json-schema-pattern-changed'],
  ],
  [
    'long texts',
    { type: 'string', maxLength: 4096 },
    { type: 'string', maxLength: 65_535 },
    ['json-schema-length-narrowed'],
  ],
  [
    'long texts of a pattern',
    { type: 'string', maxLength: 2000 },
    { type: 'string', pattern: '^([a-z]{3}-)*$' },
    ['json-schema-length-narrowed'],
  ],
  [
    'an exclusive bound of draft 04 without its name',
    { minimum: 3, exclusiveMinimum: true },
    { type: 'integer', minimum: 4 },
    [],
  ],
  [
    'and what it leaves out',
    { minimum: 3, exclusiveMinimum: true },
    { type: 'integer', minimum: 3 },
    ['json-schema-range-narrowed'],
  ],
  ['a value that looks like a reference', { type: 'object' }, { const: { $ref: 'a' } }, []],
  ['tiny steps', { multipleOf: 1e-7 }, { type: 'number', multipleOf: 3e-7, minimum: 0.5, maximum: 0.6 }, []],
  [
    'tiny steps that are no steps of the reader',
    { multipleOf: 2e-7 },
    { type: 'number', multipleOf: 1e-7, minimum: 0.5, maximum: 0.6 },
    ['json-schema-multiple-of-changed'],
  ],
  [
    'a property that is no longer described is one of the others',
    { additionalProperties: { const: 1 } },
    { properties: { a: { type: 'number' } }, additionalProperties: { const: 1 } },
    ['json-schema-property-narrowed'],
  ],
  [
    'a first item that is no longer described is one of the others',
    { items: { const: 1 } },
    { items: [{ const: 1 }, { type: 'number' }], additionalItems: { const: 1 } },
    ['json-schema-items-changed'],
  ],
  ['bounds of 64 bits that stay', { maximum: 2 ** 63, minimum: 0 }, { maximum: 2 ** 63, minimum: 1 }, []],
  [
    'many items, one of them odd',
    { items: { type: 'integer' } },
    { type: 'array', items: { type: 'number' }, minItems: 150 },
    ['json-schema-type-narrowed'],
  ],
];

/** Numbers that a double rounds, as texts: these would be rounded here as well. */
const written: Case[] = [
  {
    name: 'numbers that no double holds',
    reader: '{"const":9007199254740993}',
    writer: '{"const":9007199254740992}',
    rules: ['json-schema-undecided'],
    unconfirmed: true,
  },
  {
    name: 'the same numbers that no double holds',
    reader: '{"maximum":9223372036854775807}',
    writer: '{"type":"integer","maximum":9223372036854775807}',
    rules: [],
  },
];

export const jsonSchemaEdgeCases: readonly Case[] = [
  ...pairs.map(([name, reader, writer, rules]) => ({
    name,
    reader: JSON.stringify(reader),
    writer: JSON.stringify(writer),
    rules,
  })),
  ...written,
];
