import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageKey, tableKey, topicKey } from './data-keys.ts';

test('a table has one key, however it is written', () => {
  for (const name of ['raw.orders', 'RAW.Orders', 'prod.raw.orders', '"RAW"."ORDERS"', 'spark_catalog.`raw`.orders'])
    assert.equal(tableKey(name), 'warehouse:table/raw.orders', name);
  assert.equal(tableKey('orders'), 'warehouse:table/orders');
  for (const name of ['raw.*', '', 'raw.', '${values.schema}.orders', '(select 1)'])
    assert.equal(tableKey(name), null, name);
});

test('a topic has a key only where its whole name is known', () => {
  assert.equal(topicKey('payments.v1'), 'kafka:topic/payments.v1');
  for (const name of ['pay*', '', 'a b']) assert.equal(topicKey(name), null, name);
});

test('files and folders have the key of the folder that is surely meant', () => {
  const keys: { [path: string]: string | null } = {
    's3a://lake/gold/orders/': 'storage:path/s3://lake/gold/orders',
    'S3://lake/gold/day=2025-06-01/x': 'storage:path/s3://lake/gold',
    's3://lake/landing/*.csv': 'storage:path/s3://lake/landing',
    's3://lake/landing/{a,b}': 'storage:path/s3://lake/landing',
    's3://lake/*/orders': null,
    's3://*/orders': null,
    '*/orders': null,
    'file:///srv/lake/x': 'storage:path//srv/lake/x',
    '/srv//lake/./x': 'storage:path//srv/lake/x',
    'dbfs:/mnt/x': 'storage:path/dbfs:/mnt/x',
    '${values.lake_root}/gold/x': 'storage:path/${values.lake_root}/gold/x',
    '../x/y': null,
    's3://<bucket>/x': null,
    '': null,
  };
  for (const [path, key] of Object.entries(keys)) assert.equal(storageKey(path), key, path);
});
