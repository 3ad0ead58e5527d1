import { compareSchemas } from '../src/compatibility/compare-schemas.ts';
import type { FormatName } from '../src/compatibility/rule.ts';
import { type Figure, medianOf, milliseconds } from './measure.ts';

const versions = 10_000;
const fields = Array.from({ length: 20 }, (_, index) => `field_${index}`);

/** Version `index` of a schema with twenty fields and one of its own: no two versions are equal, each reads all others. */
const makers: { [Format in FormatName]?: (index: number) => string } = {
  avro: (index) =>
    JSON.stringify({
      type: 'record',
      name: 'Order',
      namespace: 'shop',
      fields: [
        { name: 'id', type: 'string' },
        ...fields.map((name) => ({ name, type: ['null', 'string'], default: null })),
        { name: `own_${index}`, type: 'long', default: 0 },
      ],
    }),
  'json-schema': (index) =>
    JSON.stringify({
      type: 'object',
      properties: Object.fromEntries([
        ['id', { type: 'string' }],
        ...fields.map((name) => [name, { type: ['null', 'string'], maxLength: 100 }]),
        [`own_${index}`, {}],
      ]),
      required: ['id'],
    }),
  protobuf: (index) =>
    [
      'syntax = "proto3"; package shop;',
      'message Order {',
      '  string id = 1;',
      ...fields.map((name, at) => `  string ${name} = ${at + 2};`),
      `  int64 own_${index} = ${100 + index};`,
      '}',
    ].join('\n'),
};

/** A new version against all versions of its subject, in both directions. */
export async function compatibilityFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, make] of Object.entries(makers)) {
    const olds = Array.from({ length: versions }, (_, index) => ({ name: `v${index}`, text: make(index) }));
    const format = name === 'avro' || name === 'protobuf' ? name : 'json-schema';
    const fresh = { name: 'new', text: make(versions) };
    const spent = await medianOf(3, async () => {
      const answer = await compareSchemas({ format, olds, new: fresh, mode: 'full_transitive' });
      if (!answer.compatible) throw new Error(`${name}: ${JSON.stringify(answer.problems[0])}`);
    });
    figures.push({
      what: `compat: a new ${name} version against ${versions.toLocaleString('en')} different ones, both ways`,
      value: milliseconds(spent),
      beside: '',
    });
  }
  return figures;
}
