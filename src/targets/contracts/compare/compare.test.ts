import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts } from '../../compare-texts.ts';
import { contracts } from '../index.ts';

const before = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
description: { purpose: To settle. }
servers:
  - { server: lake, type: postgres, schema: marts }
schema:
  - name: orders
    description: One row an order.
    properties:
      - { name: id, logicalType: string, required: true }
      - name: amount
        logicalType: integer
        quality: [{ type: sql, query: select 1, mustBe: 0 }]
slaProperties:
  - { property: latency, value: 2, unit: h }
  - { property: retention, value: 1, unit: y }
`;

async function compared(after: string) {
  const texts = (text: string) => ({ texts: { 'c/orders.odcs.yaml': text } });
  const [change] = await compareTexts(contracts, { path: 'c' }, { base: texts(before), head: texts(after) });
  return change;
}

for (const [what, from, to, expected] of [
  ['another description', 'To settle.', 'To settle and report.', 'none'],
  ['another description of an object', 'One row an order.', 'One row for each order.', 'none'],
  ['another spelling of the same service', 'value: 2, unit: h', 'value: 120, unit: min', 'none'],
  ['another version', '1.0.0', '1.1.0', 'compatible'],
  ['faster data', 'value: 2, unit: h', 'value: 1, unit: h', 'compatible'],
  ['later data', 'value: 2, unit: h', 'value: 1, unit: d', 'breaking'],
  ['shorter retention', 'value: 1, unit: y', 'value: 30, unit: d', 'breaking'],
  ['data in another place', 'schema: marts', 'schema: archive', 'breaking'],
  ['an end', 'status: active', 'status: retired', 'breaking'],
  ['a rule less', 'quality: [{ type: sql, query: select 1, mustBe: 0 }]', 'quality: []', 'breaking'],
  ['another rule', 'mustBe: 0', 'mustBe: 1', 'unknown'],
  ['a key that is not known', 'status: active', 'status: active\nroles: [{ role: reader }]', 'unknown'],
] as const) {
  test(`a contract with ${what} is ${expected}`, async () => {
    assert.equal((await compared(before.replace(from, to)))?.effect, expected);
  });
}

for (const [what, from, to, expected] of [
  ['a property less', '      - { name: id, logicalType: string, required: true }\n', '', ['breaking', 'id', 'removed']],
  [
    'a property more',
    '      - { name: id,',
    '      - { name: note, logicalType: string }\n      - { name: id,',
    ['compatible', 'note', 'added'],
  ],
  ['another type', 'logicalType: integer', 'logicalType: number', ['breaking', 'amount', 'changed']],
  ['a property that may be absent', 'required: true', 'required: false', ['breaking', 'id', 'changed']],
] as const) {
  test(`a contract with ${what} names the column`, async () => {
    const [effect, name, change] = expected;
    const found = await compared(before.replace(from, to));
    assert.deepEqual([found?.effect, found?.columns], [effect, [{ name, change }]]);
  });
}

for (const [key, expected] of Object.entries({
  'schema: other': 'breaking',
  'host: other': 'breaking',
  'format: csv': 'breaking',
  'warehouse: big': 'compatible',
  'environment: prod': 'unknown',
  'description: Words': 'none',
})) {
  test(`a server with ${key} is ${expected}`, async () => {
    const [name = ''] = key.split(':');
    const server = name === 'schema' ? 'type: postgres, schema: other' : `type: postgres, schema: marts, ${key}`;
    assert.equal((await compared(before.replace('type: postgres, schema: marts', server)))?.effect, expected);
  });
}
