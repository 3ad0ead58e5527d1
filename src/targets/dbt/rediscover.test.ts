import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';
import { rediscover } from './rediscover.ts';

const part = { name: 'shop', settings: { path: '.' } };

/** What each file may say; null: it is not there. */
const choices: { [path: string]: (string | null)[] } = {
  'dbt_project.yml': ['name: shop\n', 'name: shop\nmodel-paths: [models, macros]\n'],
  'packages.yml': [null, 'packages: [{ package: a/b }]\n'],
  'macros/cents.sql': [
    "{% macro cents(a) %}{{ a }} / {{ ref('raw') }}{% endmacro %}",
    "{% macro cents(a) %}{{ a }} / {{ other() }}{% endmacro %}{% macro other() %}{{ ref('rates') }}{% endmacro %}",
  ],
  'models/raw.sql': ["select * from {{ source('in', 't') }}", "select * from {{ source('in', 'u') }}", null],
  'models/paid.sql': [
    "select * from {{ ref('raw') }}",
    "-- said\nselect * from {{ ref('raw') }} where 1 = 1",
    "select * from {{ ref('raw') }} join {{ ref('shop', 'rates') }} join {{ ref('else', 'where') }}",
    "select {{ cents('a') }} from {{ ref('raw') }}",
    "select {{ cents('a') }} from {{ source('in', 't') }}",
    "select * from {{ ref('gone') }}",
    "select * from {{ ref('paid') }} join {{ ref('raw', v=2) }}",
    'select * from {{ ref(x) }}',
    "{{ config(tags='a') }} select * from {{ ref('raw') }}",
    'select 1 as id',
  ],
  'models/schema.yml': [
    'sources: [{ name: in, tables: [{ name: t }] }]\n',
    'sources: [{ name: in, tables: [{ name: t }] }]\nmodels: [{ name: raw, versions: [{ v: 2 }], latest_version: 2 }]\n',
  ],
  'seeds/rates.csv': ['a\n1\n', 'b\n1\n', null],
  'snapshots/kept.sql': [
    "{% snapshot kept %} select * from {{ ref('paid') }} {% endsnapshot %}",
    "{% snapshot kept %} select * from {{ ref('raw') }} {% endsnapshot %}",
  ],
  'tests/positive.sql': ["select * from {{ ref('paid') }}", "select * from {{ ref('raw') }} join {{ ref('kept') }}"],
};

const revisions = fc.record(
  Object.fromEntries(
    Object.entries(choices).map(([path, texts]) => [
      path,
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(texts[0] ?? null) },
        { weight: 1, arbitrary: fc.constantFrom(...texts) },
      ),
    ]),
  ),
);

function filesOf(texts: { [path: string]: string | null }) {
  return textsAsFiles(
    Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== null)),
  );
}

test('what is worked out from what was found before is what is found anew', async () => {
  let answered = 0;
  const agree = fc.asyncProperty(revisions, revisions, async (before, after) => {
    const [was, files] = [filesOf(before), filesOf(after)];
    const changed = Object.keys(choices).filter((path) => before[path] !== after[path]);
    const discovery = await discover({ files: was, part });
    const found = await rediscover({ files, part, before: { files: was, discovery }, changed });
    if (found === null) return;
    answered += changed.length > 0 ? 1 : 0;
    assert.deepEqual(found, await discover({ files, part }));
  });
  await fc.assert(agree, { numRuns: 300 });
  assert.ok(answered > 10, `${answered} were answered`);
});
