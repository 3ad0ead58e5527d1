import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';

test('topics of each style and schemas of each format; a value schema describes its topic', async () => {
  const found = await discover({
    files: textsAsFiles({
      'k/topics.yaml':
        'topics:\n  - { name: payments, partitions: 6, owner: pay, config: { retention.ms: 100 } }\n  - refunds\n',
      'k/strimzi.yaml':
        'kind: KafkaTopic\nmetadata: { name: orders }\nspec: { partitions: 3, replicas: 2 }\n---\nkind: Other\n',
      'k/payments-value.avsc': '{"type":"record","name":"P","namespace":"n"}',
      'k/e.proto': 'syntax = "proto3";\npackage pay;\nmessage E {}\n',
      'k/c.schema.json': '{"title":"C"}',
      'k/bad.avsc': '{',
    }),
    part: { name: 'x', settings: { path: 'k' } },
  });
  assert.deepEqual(found.assets.map((asset) => asset.key).sort(), [
    'kafka:schema/bad',
    'kafka:schema/c',
    'kafka:schema/e',
    'kafka:schema/payments-value',
    'kafka:topic/orders',
    'kafka:topic/payments',
    'kafka:topic/refunds',
  ]);
  assert.deepEqual(found.assets.find((asset) => asset.name === 'payments')?.facts, {
    partitions: 6,
    replication: null,
    config: { 'retention.ms': 100 },
  });
  assert.deepEqual(found.edges, [
    { from: 'kafka:schema/payments-value', to: 'kafka:topic/payments', kind: 'describes' },
  ]);
  assert.deepEqual(
    found.findings.map(({ check, path }) => [check, path]),
    [['kafka-file', 'k/bad.avsc']],
  );
});
