import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts, type Texts } from '../../compare-texts.ts';
import { kafka } from '../index.ts';

async function changed(base: Texts, head: Texts): Promise<string[]> {
  const changes = await compareTexts(kafka, { path: 'k' }, { base: { texts: base }, head: { texts: head } });
  return changes.map(({ key, effect, because }) => `${key} ${effect}: ${because}`);
}

function topic(entry: string): Texts {
  return { 'k/topics.yaml': `topics:\n  payments: ${entry}\n` };
}

const before = '{ partitions: 6, replication: 3, config: { retention.ms: "1000", cleanup.policy: delete } }';

for (const [what, after, expected] of [
  ['a description', before.replace('{ p', '{ description: all, p'), 'none'],
  [
    'another order of keys and quotes',
    '{ replication: 3, config: { cleanup.policy: delete, retention.ms: 1000 }, partitions: 6 }',
    'none',
  ],
  ['fewer partitions', before.replace('6', '3'), 'breaking'],
  ['more partitions, which moves keys', before.replace('6', '12'), 'breaking'],
  ['longer retention', before.replace('1000', '2000'), 'compatible'],
  ['retention without end', before.replace('1000', '-1'), 'compatible'],
  ['shorter retention', before.replace('1000', '500'), 'breaking'],
  ['retention left to the broker', before.replace('retention.ms: "1000", ', ''), 'unknown'],
  ['another cleanup policy', before.replace('delete', 'compact'), 'breaking'],
  ['fewer copies', before.replace('3,', '2,'), 'compatible'],
  [
    'fewer copies than a write needs',
    before.replace('3,', '1,').replace('delete', 'delete, min.insync.replicas: 2'),
    'breaking',
  ],
  ['a setting that nobody knows', before.replace('delete', 'delete, x.y: 1'), 'unknown'],
] as const) {
  test(`a topic with ${what} is ${expected}`, async () => {
    const [told] = await changed(topic(before), topic(after));
    assert.match(told ?? '', new RegExp(`^kafka:topic/payments ${expected}: `));
  });
}

const record = (fields: string) => ({ 'k/p-value.avsc': `{"type":"record","name":"P","fields":[${fields}]}` });
const id = '{"name":"id","type":"string"}';

test('a schema is compared by what it can read, and a new field with a default is one new column', async () => {
  const added = `${id},{"name":"note","type":["null","string"],"default":null}`;
  const changes = await compareTexts(
    kafka,
    { path: 'k' },
    { base: { texts: record(id) }, head: { texts: record(added) } },
  );
  assert.deepEqual(changes, [
    {
      key: 'kafka:schema/p-value',
      effect: 'compatible',
      because: 'Old and new can read each other.',
      columns: [{ name: 'note', change: 'added' }],
    },
  ]);
});

test('a field without a default breaks who reads old records', async () => {
  const [told] = await changed(record(id), record(`${id},{"name":"note","type":"string"}`));
  assert.match(told ?? '', /^kafka:schema\/p-value breaking: /);
});

test('a default that is another one makes old records read differently', async () => {
  const amount = (value: number) => `${id},{"name":"amount","type":"long","default":${value}}`;
  const [told] = await changed(record(amount(0)), record(amount(1)));
  assert.match(told ?? '', /^kafka:schema\/p-value unknown: The default of `amount`/);
});

test('documentation and layout of a schema are nothing', async () => {
  const [told] = await changed(record(id), record('{ "doc": "of the payment",\n "type": "string", "name": "id" }'));
  assert.match(told ?? '', /^kafka:schema\/p-value none: /);
});
