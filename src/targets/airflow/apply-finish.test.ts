import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PartKey, parseDigest, type UnitKey } from '../../model/identifiers.ts';
import { readingOf } from './apply-finish.ts';
import type { DagState } from './client.ts';
import type { Hold } from './hold.ts';
import { DRAINING_TAG, releaseTag } from './stub.ts';

const unit = 'airflow/main#orders.py' as UnitKey;
const bundle = digest('a');
const to = { bundle, part: digest('b'), fingerprint: digest('c') };
const facts = {
  ...{ source: 'dags/orders.py', place: 'orders.py', legacy: false, dagIds: ['orders'], paths: [] },
  ...{ graphDigests: {}, runsUnknown: false },
};
const shown: DagState = {
  ...{ dagId: 'orders', isPaused: true, isActive: true, fileloc: '/dags/orders.py' },
  ...{ tags: [releaseTag(bundle)], lastParsed: '2026-01-01T10:00:00+00:00' },
};

test('a release counts as read when Airflow has shown it since its file was put live', async () => {
  assert.deepEqual(await reading(shown, hold('2026-01-01T09:59:00+00:00')), { is: 'read' });
  assert.deepEqual(await reading(shown, hold(null)), { is: 'read' });
  assert.deepEqual(await reading(shown, null), { is: 'read' });
});

test('what Airflow still shows from when the same release was live before does not count', async () => {
  const still = hold('2026-01-01T10:00:00+00:00');
  assert.deepEqual(await reading(shown, still), { is: 'not-read', missing: 'the DAG orders' });
});

test('another release, a drain, an inactive DAG and none at all do not count', async () => {
  for (const dag of [
    { ...shown, tags: [releaseTag(digest('d'))] },
    { ...shown, tags: [...shown.tags, DRAINING_TAG] },
    { ...shown, isActive: false },
    null,
  ]) {
    assert.equal((await reading(dag, hold(null))).is, 'not-read');
  }
});

function reading(dag: DagState | null, held: Hold | null) {
  const client = { dag: async () => dag, dagsTagged: async () => [], importErrors: async () => [] };
  const part = {
    ...{
      part: 'airflow/main' as PartKey,
      target: 'airflow',
      name: 'main',
      blob: to.part,
      bytes: 1,
      files: 1,
      settings: {},
    },
    units: [{ unit, fingerprint: to.fingerprint, assets: [], facts }],
  };
  return readingOf({ client, world: { bundles: { part: async () => part } } }, { unit, to, hold: held });
}

function hold(parsed: string | null): Hold {
  const written = '2026-01-01T09:59:30.000Z';
  return {
    ...{ unit, before: { orders: 'running' }, since: written, drained: false, written },
    parsed: parsed === null ? {} : { orders: parsed },
  };
}

function digest(letter: string) {
  const found = parseDigest(`sha256:${letter.repeat(64)}`);
  if (found === null) throw new Error('no digest');
  return found;
}
