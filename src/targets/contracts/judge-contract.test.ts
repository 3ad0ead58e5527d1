import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { readYaml } from '../../base/yaml/yaml-document.ts';
import { judgeContract } from './judge-contract.ts';

/** A small schema in the manner of the standard's. */
const SCHEMA = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string' },
    kind: {},
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, logicalType: { enum: ['string', 'date'] } },
        unevaluatedProperties: false,
      },
    },
  },
};

function told(text: string): string[] {
  const validate = new Ajv2019({ allErrors: true, strict: false }).compile(SCHEMA);
  const yaml = readYaml(text);
  validate(yaml.value);
  return judgeContract('c.yaml', yaml, validate.errors ?? []).map(({ line, message }) => `${line} ${message}`);
}

test('each fault is told once, with the line of its field', () => {
  const text = 'kind: DataContract\nschema:\n  - name: a\n    logicalType: strnig\n    nmae: b\n';
  assert.deepEqual(told(text), [
    '1 The Open Data Contract Standard does not allow this: the contract lacks `id`.',
    '4 The Open Data Contract Standard does not allow this: `schema.0.logicalType` must be one of string, date.',
    '5 The Open Data Contract Standard does not allow this: `schema.0` has no field `nmae`.',
  ]);
});
