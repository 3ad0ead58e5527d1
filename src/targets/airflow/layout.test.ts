import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importClosure } from '../../base/python-source/import-closure.ts';
import { assetKey, digestOf, partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import { layout, needsDrain } from './layout.ts';

const FILES: { [path: string]: string } = {
  'air/dags/orders.py': 'from shared import word\ndef task():\n    import shared.late\n',
  'air/dags/refunds.py': 'import other\n',
  'air/dags/legacy_report.py': 'import datetime\n',
  'air/dags/shared/__init__.py': '',
  'air/dags/shared/word.py': 'from . import deeper\n',
  'air/dags/shared/deeper.py': '',
  'air/dags/shared/late.py': '',
  'air/dags/sql/orders.sql': 'select 1',
  'air/include/other.py': '',
  'air/plugins/operators.py': '',
  'elsewhere/x.py': '',
};
const DAGS = {
  'air/dags/orders.py': 'orders',
  'air/dags/refunds.py': 'refunds',
  'air/dags/legacy_report.py': 'report',
};

function laidOut(changed: { [path: string]: string } = {}, facts: { [name: string]: Json } = {}) {
  const files = { ...FILES, ...changed };
  const assets = Object.entries(DAGS).map(([path, name]) => ({
    key: assetKey('airflow:dag', name),
    kind: 'airflow:dag',
    name,
    part: partKey('airflow', 'main'),
    path,
    line: 1,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'exact' as const,
    facts: { graphDigest: 'g', imports: [path], ...facts },
  }));
  return layout({
    files: {
      entries: Object.keys(files).map((path) => ({ path, size: 1, executable: false })),
      text: (path) => files[path] ?? null,
    },
    part: { name: 'main', settings: { dags: 'air/dags', paths: ['air/include'], legacy: ['air/dags/legacy_*.py'] } },
    discovery: { assets, edges: [], findings: [] },
    fileDigest: (path) => digestOf(files[path] ?? ''),
  });
}

/** The places whose fingerprint is another one after the change. */
function touched(changed: { [path: string]: string }, facts: { [name: string]: Json } = {}): string[] {
  const [before, after] = [laidOut({}, facts), laidOut(changed, facts)];
  return after.units
    .filter((unit, index) => unit.fingerprint !== before.units[index]?.fingerprint)
    .map(({ facts }) => String(facts.place));
}

test('the part holds its folders and plugins beside them; each DAG file and copied file is a unit', () => {
  const { paths, units } = laidOut();
  assert.deepEqual(paths.length, Object.keys(FILES).length - 1);
  assert.ok(!paths.includes('elsewhere/x.py'));
  assert.deepEqual(
    units.map(({ unit, facts, assets }) => [unit, facts.legacy, assets]),
    [
      ['airflow/main#legacy_report.py', true, ['airflow:dag/report']],
      ['airflow/main#orders.py', false, ['airflow:dag/orders']],
      ['airflow/main#refunds.py', false, ['airflow:dag/refunds']],
    ],
  );
  assert.deepEqual(units[1]?.facts.paths, ['air/dags', 'air/include', 'air/plugins']);
});

test('a change touches the DAG files that can come to load it, imports inside functions included', () => {
  assert.deepEqual(touched({ 'air/dags/shared/deeper.py': 'x = 1' }), ['orders.py']);
  assert.deepEqual(touched({ 'air/dags/shared/late.py': 'x = 1' }), ['orders.py']);
  assert.deepEqual(touched({ 'air/include/other.py': 'x = 1' }), ['refunds.py']);
  assert.deepEqual(touched({ 'air/dags/legacy_report.py': 'x = 1' }), ['legacy_report.py']);
  assert.deepEqual(touched({ 'air/plugins/operators.py': 'x = 1' }), []);
});

test('a template touches all, since only a running task reads it', () => {
  assert.deepEqual(touched({ 'air/dags/sql/orders.sql': 'select 2' }), ['orders.py', 'refunds.py']);
});

test('where imports cannot be told, any Python of the part counts', () => {
  const everywhere = ['orders.py', 'refunds.py'];
  assert.deepEqual(touched({ 'air/plugins/operators.py': 'x = 1' }, { imports: null }), everywhere);
  const dynamic = { 'air/include/other.py': 'import importlib\nimportlib.import_module(name)\n' };
  const closure = importClosure({
    files: { text: (path) => ({ ...FILES, ...dynamic })[path] ?? null },
    from: ['air/dags/refunds.py'],
    folders: ['air/dags', 'air/include'],
    among: Object.keys(FILES),
  });
  assert.equal(closure, null);
});

test('a DAG is drained when its graph changes, is not known, or it leaves the file', () => {
  const [one] = laidOut().units.slice(1);
  assert.ok(one);
  const withGraphs = (graphDigests: { [dagId: string]: string | null }) => ({
    ...one,
    facts: { ...one.facts, dagIds: Object.keys(graphDigests), graphDigests },
  });
  const drains = (from: { [dagId: string]: string | null }, to: { [dagId: string]: string | null }) =>
    needsDrain(withGraphs(from), withGraphs(to));
  assert.equal(drains({ orders: 'g' }, { orders: 'g' }), false);
  assert.equal(drains({ orders: 'g' }, { orders: 'g', more: 'h' }), false);
  assert.equal(drains({ orders: 'g' }, { orders: 'h' }), true);
  assert.equal(drains({ orders: null }, { orders: null }), true);
  assert.equal(drains({ orders: 'g', more: 'h' }, { orders: 'g' }), true);
  assert.equal(drains({}, { orders: 'g' }), true);
});
