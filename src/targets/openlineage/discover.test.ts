import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../model/json.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { datasetKey } from './dataset-key.ts';
import { discover } from './discover.ts';
import { openlineage } from './index.ts';
import { propose } from './propose.ts';

type Said = { [key: string]: unknown };

function event(name: string, more: Said = {}): Said {
  return {
    eventType: 'COMPLETE',
    eventTime: '2025-06-02T10:00:00Z',
    run: { runId: 'r1', facets: { anyFacet: { unknown: true } } },
    job: { namespace: 'prod', name, facets: {} },
    producer: 'https://example.org/client',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
    inputs: [{ namespace: 's3://lake', name: 'landing/orders' }],
    outputs: [{ namespace: 'snowflake://account', name: 'PROD.RAW.ORDERS' }],
    ...more,
  };
}

async function read(files: { [path: string]: string }, settings: JsonObject = {}) {
  return discover({
    files: textsAsFiles(files),
    part: { name: 'prod', settings: { path: 'lineage', ...settings } },
  });
}

test('datasets have the keys that the project gives to their data', () => {
  const keys: [namespace: string, name: string, key: string | null][] = [
    ['kafka://broker:9092', 'payments', 'kafka:topic/payments'],
    ['s3://lake', 'gold/orders/', 'storage:path/s3://lake/gold/orders'],
    ['s3a://lake', '/gold/orders', 'storage:path/s3://lake/gold/orders'],
    ['file', '/srv/lake/x', 'storage:path//srv/lake/x'],
    ['hdfs://node:8020', '/data/x', 'storage:path/hdfs://node:8020/data/x'],
    ['abfss://c@a.dfs.core.windows.net', 'x/y', 'storage:path/abfss://c@a.dfs.core.windows.net/x/y'],
    ['snowflake://org-account', 'PROD.RAW.ORDERS', 'warehouse:table/raw.orders'],
    ['postgres://db:5432', 'shop.public.orders', 'warehouse:table/public.orders'],
    ['hive://metastore:9083', 'marts.sales', 'warehouse:table/marts.sales'],
    ['arn:aws:glue:eu-west-1:1', 'table/marts/sales', 'warehouse:table/marts.sales'],
    ['bigquery', 'project.marts.sales', 'warehouse:table/marts.sales'],
    ['ftp://host', 'x', null],
  ];
  for (const [namespace, name, key] of keys) assert.equal(datasetKey({ namespace, name }), key, `${namespace} ${name}`);
  const symlinks = { identifiers: [{ namespace: 'hive://m', name: 'marts.sales', type: 'TABLE' }] };
  assert.equal(
    datasetKey({ namespace: 's3://lake', name: 'w/sales', facets: { symlinks } }),
    'warehouse:table/marts.sales',
  );
});

test('the newest run that completed tells, all of its events together, whatever the form of the file', async () => {
  const start = event('load', { eventType: 'START', eventTime: '2025-06-02T09:00:00Z', outputs: [] });
  const late = event('load', {
    eventType: 'FAIL',
    eventTime: '2025-06-03T09:00:00Z',
    run: { runId: 'r2' },
    inputs: [],
  });
  const old = event('load', {
    eventTime: '2025-06-01T09:00:00Z',
    run: { runId: 'r0' },
    outputs: [{ namespace: 'kafka://b', name: 'old' }],
  });
  const expected = {
    key: null,
    dags: [],
    names: ['load'],
    reads: ['storage:path/s3://lake/landing/orders'],
    writes: ['warehouse:table/raw.orders'],
  };
  const lines = [old, start, event('load'), late].map((one) => JSON.stringify(one));
  for (const files of [
    { 'lineage/a.jsonl': lines.join('\n') },
    { 'lineage/a.json': `[${lines.join(',')}]` },
    { 'lineage/a.json': lines.join('\n') },
    Object.fromEntries(lines.map((line, at) => [`lineage/${at}.json`, line])),
  ]) {
    const found = await read(files);
    assert.deepEqual(found.assets[0]?.facts.observes, expected);
    assert.equal(found.assets[0]?.facts.eventTime, '2025-06-02T10:00:00Z');
    assert.deepEqual(found.findings, []);
  }
});

test('a job may be the DAG of its task, the application of its action, or what started it; headgate.yaml says it for sure', async () => {
  const airflow = { job: { namespace: 'af', name: 'daily.load', facets: { jobType: { integration: 'AIRFLOW' } } } };
  const parent = { parent: { run: { runId: 'p' }, job: { namespace: 'af', name: 'daily.load' } } };
  const found = await read(
    {
      'lineage/a.jsonl': [
        event('x', airflow),
        event('settle.execute_insert.raw_orders', { run: { runId: 'r', facets: parent } }),
        event('odd'),
        event('m', { job: { namespace: 'd', name: 'model', facets: { jobType: { integration: 'DBT' } } } }),
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    },
    { jobs: { 'prod/od*': 'spark:job/odd_one' } },
  );
  const jobs = found.assets.filter((asset) => asset.kind === 'openlineage:job');
  assert.deepEqual(
    jobs.map(({ key }) => key),
    [
      'openlineage:job/af/daily.load',
      'openlineage:job/prod/odd',
      'openlineage:job/prod/settle.execute_insert.raw_orders',
    ],
  );
  const observes = jobs.map(({ facts }) => facts.observes as { key: string | null; dags: string[]; names: string[] });
  assert.deepEqual(
    observes.map(({ key, dags, names }) => [key, dags, names]),
    [
      [null, ['daily.load', 'daily'], []],
      ['spark:job/odd_one', [], ['odd']],
      [null, ['daily.load', 'daily'], ['settle.execute_insert.raw_orders', 'settle', 'daily.load', 'daily']],
    ],
  );
});

test('columns that were seen are known with what they are made of, and never that one is not used', async () => {
  const field = (name: string, type: string) => ({
    ...{ namespace: 's3://lake', name: 'landing/orders', field: name },
    transformations: [{ type, subtype: '', masking: false }],
  });
  const columnLineage = {
    fields: { TOTAL: { inputFields: [field('Price', 'DIRECT'), field('status', 'INDIRECT')] } },
    dataset: [field('day', 'INDIRECT')],
  };
  const facets = { columnLineage, schema: { fields: [{ name: 'total' }, { name: 'other' }] } };
  const outputs = [{ namespace: 'snowflake://a', name: 'PROD.RAW.ORDERS', facets }];
  const files = textsAsFiles({ 'lineage/a.json': JSON.stringify(event('load', { outputs })) });
  const part = { name: 'prod', settings: { path: 'lineage' } };
  const discovery = await discover({ files, part });
  const keys = new Set(discovery.assets.map(({ key }) => key));
  const [columns] = (await openlineage.columns?.({ files, part, discovery, environments: [] }, keys)) ?? [];
  const key = 'storage:path/s3://lake/landing/orders';
  assert.deepEqual(columns?.outputs, [
    { name: 'total', from: [{ key, column: 'price' }] },
    { name: 'other', from: null },
  ]);
  assert.deepEqual(columns?.rows, [
    { key, column: 'day' },
    { key, column: 'status' },
  ]);
  assert.equal(columns?.uses, null);
});

test('what is no event and what has an unknown namespace are findings with their place', async () => {
  const odd = event('odd', {
    inputs: [{ namespace: 'ftp://host', name: 'a' }],
    eventTime: '2025-06-02T10:00:00+02:00',
  });
  const found = await read({
    'lineage/a.jsonl': `${JSON.stringify(odd)}\n{"eventTime": "yesterday"}\n{\n`,
    'lineage/b.json': 'nothing',
    'elsewhere/c.json': '{',
  });
  assert.deepEqual(
    found.findings.map(({ check, path, line }) => [check, path, line]),
    [
      ['openlineage-event', 'lineage/a.jsonl', 2],
      ['openlineage-event', 'lineage/a.jsonl', 3],
      ['openlineage-event', 'lineage/b.json', 1],
      ['openlineage-dataset', 'lineage/a.jsonl', 1],
    ],
  );
});

test('folders with events are proposed', async () => {
  const parts = await propose(textsAsFiles({ 'runs/a.json': JSON.stringify(event('x')), 'conf/b.json': '{"job": 1}' }));
  assert.deepEqual(
    parts.map(({ name, settings }) => [name, settings]),
    [['runs', { path: 'runs' }]],
  );
});
