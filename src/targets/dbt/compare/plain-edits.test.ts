import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

/** What each file may say; null: it is not there. */
const choices: { [path: string]: (string | null)[] } = {
  'dbt_project.yml': ['name: shop\n', 'name: shop\nmodels: { +materialized: table }\n'],
  'macros/cents.sql': [
    '{% macro cents(a) %}{{ a }} / 100{% endmacro %}',
    '{% macro cents(a) %}{{ a }} / 10{% endmacro %}',
  ],
  'models/raw.sql': ["select id, amount from {{ source('in', 't') }}", 'select 1 as id, 2 as amount', null],
  'models/paid.sql': [
    "select id, {{ cents('amount') }} as amount from {{ ref('raw') }}",
    "-- why\nselect id, {{ cents('amount') }} as amount from {{ ref('raw') }}",
    "select id from {{ ref('raw') }} where amount > 0",
    '{{ config(enabled=false) }} select 1 as id',
    "select {{ graph.nodes | length }} as id from {{ ref('raw') }}",
  ],
  'models/other/paid.sql': [null, '{{ config(enabled=false) }} select 2 as id', 'select 3 as id'],
  'models/sum.sql': [
    "select sum(amount) as total from {{ ref('paid') }}",
    "select count(*) as total from {{ ref('paid') }}",
  ],
  'models/schema.yml': [
    'sources: [{ name: in, tables: [{ name: t }] }]\nmodels: [{ name: paid, columns: [{ name: id, tests: [unique] }] }]\n',
    'sources: [{ name: in, schema: s, tables: [{ name: t }] }]\n',
  ],
  'seeds/rates.csv': ['a,b\n1,2\n', 'a\n1\n'],
  'tests/positive.sql': ["select * from {{ ref('paid') }} where amount < 0", "select * from {{ ref('sum') }}"],
  'tests/generic/even.sql': [
    '{% test even(model) %} select 1 {% endtest %}',
    '{% test even(model) %} select 2 {% endtest %}',
  ],
};

const revisions = fc.record(
  Object.fromEntries(
    // The first choice is taken most of the time, so that few files differ.
    Object.entries(choices).map(([path, texts]) => [
      path,
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(texts[0] ?? null) },
        { weight: 1, arbitrary: fc.constantFrom(...texts) },
      ),
    ]),
  ),
);

async function revision(texts: { [path: string]: string | null }): Promise<PartRevision> {
  const present = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== null);
  const files = textsAsFiles(Object.fromEntries(present) satisfies Texts);
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

test('whoever knows which paths differ is told the same as who does not', async () => {
  const answers = fc.asyncProperty(revisions, revisions, async (before, after) => {
    const changed = new Set(Object.keys(choices).filter((path) => before[path] !== after[path]));
    const [base, head] = [await revision(before), await revision(after)];
    const told = await compare({ base, head, changed });
    assert.deepEqual(told, await compare({ base: await revision(before), head: await revision(after) }));
  });
  await fc.assert(answers, { numRuns: 40 });
});
