import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failed, passed } from '../../../model/check-finding.ts';
import { assetKey } from '../../../model/identifiers.ts';
import type { Quarantined, Waiver } from '../../project/checking.ts';
import { expiredQuarantine, quarantineOf, withQuarantine } from './quarantine.ts';
import { expiredWaivers, withWaivers } from './waivers.ts';

const waiver: Waiver = {
  ...{
    check: 'dag-*',
    path: 'dags/old_*.py',
    asset: null,
    severity: 'off',
    because: 'goes in May',
    until: '2025-05-31',
  },
};
const finding = failed('dag-owner', { path: 'dags/old_a.py', line: 3, message: 'Nobody owns it.', hint: null });

test('a waiver counts until its day, then the finding counts again and the waiver is a finding', () => {
  const [waived] = withWaivers([finding], [waiver], '2025-05-31');
  assert.deepEqual(
    [waived?.status, waived?.severity, waived?.line, waived?.message],
    ['skipped', 'note', 3, 'Waived until 2025-05-31 (goes in May): Nobody owns it.'],
  );
  assert.deepEqual(expiredWaivers([waiver], '2025-05-31'), []);
  assert.deepEqual(withWaivers([finding], [waiver], '2025-06-01'), [finding]);
  assert.match(
    expiredWaivers([waiver], '2025-06-01')[0]?.message ?? '',
    /dag-\* on dags\/old_\*\.py ended on 2025-05-31/,
  );
});

test('a waiver covers its check, files and assets alone, and what passed is left as it is', () => {
  const asset = assetKey('airflow:dag', 'a');
  const others = [
    failed('dbt-parse', { path: 'dags/old_a.py', message: 'm', hint: null }),
    failed('dag-owner', { path: 'dags/new.py', message: 'm', hint: null }),
    failed('dag-owner', { message: 'm', hint: null }),
    passed('dag-owner', 'Every DAG has an owner', null),
  ];
  assert.deepEqual(withWaivers(others, [waiver], '2025-01-01'), others);
  const onAsset: Waiver = { ...waiver, path: null, asset: 'airflow:dag/*', severity: 'warning' };
  const [less, same] = withWaivers([{ ...finding, asset }, finding], [onAsset], '2025-01-01');
  assert.deepEqual([less?.status, less?.severity, same?.severity], ['failed', 'warning', 'error']);
});

test('a test in quarantine fails without stopping anything until its day', () => {
  const entry: Quarantined = { test: 'tests/**::test_a*', owner: 'risk', because: 'shared port', until: '2025-05-31' };
  assert.equal(quarantineOf('tests/x/test_y.py::test_a1', [entry], '2025-05-31'), entry);
  assert.equal(quarantineOf('tests/x/test_y.py::test_b', [entry], '2025-05-31'), null);
  assert.equal(quarantineOf('tests/x/test_y.py::test_a1', [entry], '2025-06-01'), null);
  const held = withQuarantine(finding, entry);
  assert.deepEqual([held.status, held.severity], ['failed', 'warning']);
  assert.equal(held.message, 'Nobody owns it. In quarantine until 2025-05-31, risk mends it: shared port');
  assert.equal(withQuarantine(finding, null), finding);
  assert.equal(expiredQuarantine([entry], '2025-06-01').length, 1);
});
