import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf, partKey, unitKey } from '../../model/identifiers.ts';
import { parseStub, renderStub, type Stub, serialAfter, tidied } from './stub.ts';

const [bundle, part, fingerprint, old] = ['bundle', 'part', 'fingerprint', 'old'].map((text) => digestOf(text));
assert(bundle && part && fingerprint && old);

const stub: Stub = {
  unit: unitKey(partKey('airflow', 'main'), 'team/orders.py'),
  live: { bundle, part, fingerprint },
  source: 'airflow/dags/team/orders.py',
  home: '../_headgate',
  paths: { [bundle]: ['airflow/dags'], [old]: ['airflow/dags', 'airflow/include'] },
  dagIds: ['orders'],
  draining: true,
  pins: { orders: { 'manual__2025-01-01T00:00:00+00:00': [old, part] } },
  serial: 7,
};

test('a stub says back what was written into it, whatever the names', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(word, word, fc.boolean(), fc.nat(1023), (dagId, runId, draining, serial) => {
      const given = {
        ...stub,
        dagIds: [dagId],
        draining,
        serial,
        pins: { [dagId]: { [runId]: stub.pins.orders?.x ?? [old, part] } },
      };
      assert.deepEqual(parseStub(renderStub(given as Stub)), JSON.parse(JSON.stringify(given)));
    }),
    {
      examples: [
        ['it\'s "quoted"\n', '{{ }} $& \\', true, 0],
        ['__proto__', 'constructor', false, 0],
        ['a\u2028b', '\u2029\r\u0085', false, 0],
      ],
    },
  );
});

test('any other file is no stub', () => {
  assert.equal(parseStub('from airflow import DAG\n'), null);
  assert.equal(parseStub(renderStub(stub).replace('STUB_VERSION = 1', 'STUB_VERSION = 2')), null);
  assert.equal(parseStub(renderStub(stub).replace('PINS = {', 'PINS = }')), null);
});

test('stubs of one second always differ in size, so that Python does not take the bytecode of the old one', () => {
  fc.assert(
    fc.property(fc.nat(999), fc.nat(999), fc.boolean(), (first, second, draining) => {
      const one = { ...stub, serial: serialAfter(null, new Date(first)) };
      const two = { ...stub, draining, serial: serialAfter(one, new Date(second)) };
      assert.notEqual(renderStub(one).length, renderStub(two).length);
    }),
  );
});

test('paths of releases that nothing is pinned to any more are left out', () => {
  assert.deepEqual(Object.keys(tidied(stub, {}).paths), [bundle]);
  assert.deepEqual(Object.keys(tidied(stub, stub.pins).paths), [bundle, old]);
});
