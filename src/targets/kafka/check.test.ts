import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import type { CheckInput } from '../contract.ts';
import { kafkaChecks } from './check.ts';

async function told(texts: { [path: string]: string }): Promise<string[]> {
  const input: CheckInput = {
    ...{ root: '/nowhere', files: textsAsFiles(texts), part: { name: 'k', settings: { path: 'kafka' } }, values: {} },
    ...{ discovery: { assets: [], edges: [], findings: [] }, exact: 'never', environment: null, environments: [] },
    ...{ valueNames: [], siblings: [], declared: true, ownerOf: () => null },
  };
  const [check] = kafkaChecks;
  const findings = (await check?.run(input)) ?? [];
  return findings.map(({ path, line, status, message }) => `${path}:${line} ${status} ${message}`);
}

const RECORD = '{"type": "record", "name": "a.Money", "fields": [{"name": "minor", "type": "long"}]}';
const USER = '{"type": "record", "name": "a.P", "fields": [{"name": "m", "type": "a.Money"}]}';

test('right schemas of each format are left alone, also where one needs another', async () => {
  assert.deepEqual(
    await told({
      'kafka/money.avsc': RECORD,
      'kafka/p-value.avsc': USER,
      'kafka/a.proto': 'syntax = "proto3";\npackage a;\nmessage A { int32 x = 1; }\n',
      'kafka/b.proto': 'syntax = "proto3";\npackage a;\nimport "a.proto";\nmessage B { A a = 1; }\n',
      'kafka/o.schema.json': '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}',
      'kafka/topics.yaml': 'topics:\n  p: { partitions: 1, schemas: { value: p-value.avsc } }\n',
    }),
    [],
  );
});

test('a schema that its format does not allow is an error', async () => {
  const [json, avro, proto, ...more] = await told({
    'kafka/p-value.avsc': '{"type": "record", "name": "P", "fields": [{"name": "x", "type": "strnig"}]}',
    'kafka/o.schema.json': '{"type": "objekt"}',
    'kafka/z.proto': 'syntax = "proto3";\nmessage A { int32 x = 1; int32 y = 1; }\n',
  });
  assert.deepEqual(more, []);
  assert.match(avro ?? '', /p-value\.avsc:.* failed .*strnig/);
  assert.match(json ?? '', /^kafka\/o\.schema\.json:null failed This is no valid schema: the schema\/type must be/);
  assert.match(proto ?? '', /^kafka\/z\.proto:\S+ failed This is no valid schema: .*1/);
});

test('a schema that a topic names and nobody has is told at its line', async () => {
  assert.deepEqual(
    await told({ 'kafka/t.yaml': 'topics:\n  p:\n    partitions: 1\n    schemas:\n      value: s/p.avsc\n' }),
    ['kafka/t.yaml:5 failed The topic `p` names the schema s/p.avsc, which is not there.'],
  );
});
