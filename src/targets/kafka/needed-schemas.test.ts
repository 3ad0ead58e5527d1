import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededSchemas } from './needed-schemas.ts';

const record = (name: string, type: unknown) =>
  JSON.stringify({ type: 'record', namespace: 'shop', name, fields: [{ name: 'id', type }] });
const all = [
  { name: 'order', text: record('Order', ['null', 'shop.Customer']) },
  { name: 'customer', text: record('Customer', 'Address') },
  { name: 'address', text: record('Address', 'string') },
  { name: 'again', text: record('Address', 'int') },
  { name: 'alone', text: record('Alone', 'string') },
  { name: 'broken', text: '{' },
];
const needed = (name: string) =>
  all.filter((one) => one.name === name).flatMap((one) => neededSchemas(all)(one).map((other) => other.name));

test('a schema needs what it mentions, what that needs, and what defines a name of its own', () => {
  assert.deepEqual(needed('order'), ['customer', 'address', 'again']);
  assert.deepEqual(needed('address'), ['again']);
  assert.deepEqual([needed('alone'), needed('broken')], [[], []]);
});

test('many schemas are looked through in a moment', () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({
    name: `s${at}`,
    text: record(`Event${at}`, `Event${at + 1}`),
  }));
  const started = performance.now();
  const of = neededSchemas(many);
  assert.equal(of(many[2990] ?? { name: '', text: '' }).length, 9);
  assert.ok(performance.now() - started < 5000);
});
