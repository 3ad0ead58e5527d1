import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asset } from '../../model/asset.ts';
import { assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';
import type { DeclaredValue } from '../project/project.ts';
import { valueAssets } from './value-assets.ts';

function value(name: string): DeclaredValue {
  return { name, type: 'string', description: null, required: true, default: null };
}

function asset(kind: string, part: PartKey, facts: JsonObject): Asset {
  return { ...mention(assetKey(kind, 'x')), part, facts };
}

test('values are assets that configure who uses them, by whatever name its tool gives them', () => {
  const parts = [
    { target: 'airflow', part: { name: 'a', settings: { variables: ['root'] } } },
    { target: 'dbt', part: { name: 'd', settings: { vars: { days: '${values.late} days' } } } },
    { target: 'spark', part: { name: 's', settings: {} } },
  ];
  const found = valueAssets({ values: ['root', 'late', 'lone'].map(value), parts }, [
    asset('airflow:dag', partKey('airflow', 'a'), { variables: ['root', 'late'] }),
    asset('dbt:model', partKey('dbt', 'd'), { variables: ['days', 'root'] }),
    asset('spark:job', partKey('spark', 's'), { values: ['root', 'undeclared'] }),
  ]);
  assert.deepEqual(
    found.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`),
    ['value:root configures airflow:dag/x', 'value:late configures dbt:model/x', 'value:root configures spark:job/x'],
  );
  assert.deepEqual(
    found.assets.map(({ key, part, path }) => [key, part, path]),
    [
      ['value:root', null, 'headgate.yaml'],
      ['value:late', null, 'headgate.yaml'],
      ['value:lone', null, 'headgate.yaml'],
    ],
  );
});
