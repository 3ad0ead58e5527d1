import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submitChanges } from './submit-changes.ts';

function told(base: Parameters<typeof submitChanges>[0]['base'], head: typeof base): string[] {
  return submitChanges({ base, head, environments: { base: [], head: [] } }).map(({ effect }) => effect);
}

const settings: { [name: string]: string } = {
  'spark.executor.memory': 'compatible',
  'spark.task.maxFailures': 'compatible',
  'spark.ui.enabled': 'none',
  'spark.sql.shuffle.partitions': 'unknown',
  'spark.master': 'unknown',
  'spark.sql.session.timeZone': 'breaking',
  'spark.sql.legacy.timeParserPolicy': 'breaking',
  'spark.sql.sources.partitionOverwriteMode': 'breaking',
  'spark.sql.catalog.lake.uri': 'breaking',
  'spark.sql.streaming.checkpointLocation': 'breaking',
  'spark.jars.packages': 'unknown',
  'spark.some.thing.new': 'unknown',
  'my.own.setting': 'unknown',
};

for (const [name, effect] of Object.entries(settings)) {
  test(`another value of ${name} is ${effect}`, () => {
    assert.deepEqual(told({ conf: { [name]: '1' } }, { conf: { [name]: '2' } }), [effect]);
    assert.deepEqual(told({ conf: { [name]: '1' } }, { conf: {} }), [effect]);
  });
}

test('an argument that names a place is breaking, any other one is not known, and so is a variable', () => {
  assert.deepEqual(told({ args: ['--out', 's3://a'] }, { args: ['--out', 's3://b'] }), ['breaking']);
  assert.deepEqual(told({ args: ['--days', '3'] }, { args: ['--days', '4'] }), ['unknown']);
  assert.deepEqual(told({ env: { MODE: 'a' } }, { env: { MODE: 'b' } }), ['unknown']);
});
