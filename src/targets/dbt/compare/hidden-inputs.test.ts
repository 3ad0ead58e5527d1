import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

const project = 'name: shop\nprofile: shop\nvars: { days: 7, nothing: null, region: north, other: 1 }\n';
const profiles = 'shop: { target: dev, outputs: { dev: { type: duckdb } } }\n';

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles({ 'dbt_project.yml': project, 'profiles.yml': profiles, ...texts });
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

/** The effect on model `m`, or on the asset of that key; null when nothing is said of it. */
async function effect(base: Texts, edits: Texts, key = 'dbt:model/shop.m'): Promise<string | null> {
  const changes = await compare({ base: await revision(base), head: await revision({ ...base, ...edits }) });
  return changes.find((change) => change.key === key)?.effect ?? null;
}

const model = (text: string): Texts => ({ 'models/m.sql': text });
const variables = (from: string, to: string): Texts => ({ 'dbt_project.yml': project.replace(from, to) });
const edited = (from: string, to: string) => effect(model(from), model(to));

test('a macro that is found by a name put together counts', async () => {
  const macros = (factor: number) => ({
    'macros/fees.sql': `{% macro fee_cash(x) %}{{ x }} * ${factor}{% endmacro %}
{% macro fee_of(kind, x) %}{{ context['fee_' ~ kind](x) }}{% endmacro %}`,
  });
  const base = { ...macros(1), ...model("select {{ fee_of('cash', 'a') }} as fee from t") };
  assert.match((await effect(base, macros(2))) ?? '', /unknown|breaking/);
  const direct = { ...macros(1), ...model("select {{ adapter.dispatch('fee_' ~ 'cash')('a') }} as fee from t") };
  assert.match((await effect(direct, macros(2))) ?? '', /unknown|breaking/);
});

test('a variable that only a macro reads which cannot be followed counts; one that nobody reads does not', async () => {
  const macro = { 'macros/late.sql': "{% macro late() %}{% do log('x') %}{{ var('days') }}{% endmacro %}" };
  const base = { ...macro, ...model('select a from t where b > {{ late() }}') };
  assert.match((await effect(base, variables('days: 7', 'days: 8'))) ?? '', /unknown|breaking/);
  assert.equal(await effect(base, variables('other: 1', 'other: 2')), 'none');
  const hooked = { ...macro, ...model("{{ config(post_hook='{{ late() }}') }} select 1 as a") };
  assert.equal(await effect(hooked, variables('other: 1', 'other: 2')), 'none');
  const settled = (vars: string) => ({
    'dbt_project.yml': `name: shop\nprofile: shop\nvars: ${vars}\nmodels: { shop: { +post-hook: "{{ late() }}" } }\n`,
  });
  const tree = { ...macro, ...model('select 1 as a'), ...settled('{ days: 7, other: 1 }') };
  assert.equal(await effect(tree, settled('{ days: 7, other: 2 }')), 'none');
  assert.equal(await effect(tree, settled('{ days: 8, other: 1 }')), 'breaking');
});

test('a variable that is null is not the one by default', async () => {
  const base = model("select '{{ var('nothing', 'x') }}' as a");
  assert.match((await effect(base, variables('nothing: null', 'nothing: x'))) ?? '', /unknown|breaking/);
});

test('an argument that is none is not the one by default', async () => {
  const macro = { 'macros/m.sql': "{% macro cut(x, by='2') %}{{ x }} / {{ by }}{% endmacro %}" };
  const base = { ...macro, ...model("select {{ cut('a') }} as a from t") };
  assert.notEqual(await effect(base, model("select {{ cut('a', none) }} as a from t")), 'none');
});

test('what Jinja makes of values is not taken for something else', async () => {
  assert.notEqual(
    await edited("select '{{ 'a,;' | trim(',') }}' as a", "select '{{ 'a,;' | trim(';') }}' as a"),
    'none',
  );
  assert.notEqual(await edited("select '{{ 'a' | list }}' as a", "select '{{ 'a' }}' as a"), 'none');
  assert.notEqual(await edited("select '{{ 'a' if false }}' as a", "select '{{ none }}' as a"), 'none');
  assert.equal(await edited("select '{{ 'a' if false }}' as a", "select '{{ '' }}' as a"), 'none');
  assert.notEqual(await edited('select {{ 9007199254740993 }} as a', 'select {{ 9007199254740992 }} as a'), 'none');
});

test('a source that lies where a variable says is another one with it', async () => {
  const base = {
    'models/sources.yml': 'sources: [{ name: raw, schema: "{{ var(\'region\') }}", tables: [{ name: t }] }]',
    ...model("select a from {{ source('raw', 't') }}"),
  };
  const key = 'dbt:source/shop.raw.t';
  assert.equal(await effect(base, variables('region: north', 'region: south'), key), 'unknown');
  assert.equal(await effect(base, variables('other: 1', 'other: 2'), key), null);
});

test('a model that reads the graph hangs on all of the project', async () => {
  const base = model('select {{ graph.nodes | length }} as a');
  assert.match((await effect(base, { 'seeds/new.csv': 'a\n1\n' })) ?? '', /unknown|breaking/);
});

test('a model that reads what is said of itself hangs on it', async () => {
  const said = (words: string) => ({ 'models/m.yml': `models: [{ name: m, description: ${words} }]` });
  assert.equal(
    await effect({ ...said('one'), ...model("select '{{ model.description }}' as a") }, said('two')),
    'unknown',
  );
  assert.equal(await effect({ ...said('one'), ...model('select 1 as a') }, said('two')), 'none');
});

test('a test hangs on the macros that it calls', async () => {
  const macro = (sign: string) => ({ 'macros/bad.sql': `{% macro bad(x) %}{{ x }} ${sign} 0{% endmacro %}` });
  const base = {
    ...model('select 1 as a'),
    ...macro('<'),
    'tests/t.sql': "select * from {{ ref('m') }} where {{ bad('a') }}",
  };
  assert.equal(await effect(base, macro('>'), 'dbt:test/shop.t'), 'compatible');
  const generic = (sign: string) => ({
    'tests/generic/low.sql': `{% test low(model, column_name) %}select * from {{ model }} where {{ column_name }} ${sign} 0{% endtest %}`,
  });
  const yaml = { 'models/m.yml': 'models: [{ name: m, columns: [{ name: a, data_tests: [low] }] }]' };
  assert.equal(
    await effect({ ...model('select 1 as a'), ...yaml, ...generic('<') }, generic('>'), 'dbt:test/shop.low_m_a'),
    'compatible',
  );
});

test('a value that dbt reads otherwise than other readers of YAML is compared as it is written', async () => {
  const base = model("select a from t where {% if var('other') %} a > {{ var('days') }} {% else %} a < 1 {% endif %}");
  const changes = [
    ['7.0', '8.0'],
    ['7.0', '7'],
    ['no', 'yes'],
    ['no', '"no"'],
    ['010', '10'],
  ];
  for (const [from = '', to = ''] of changes) {
    const as = (value: string) => variables('other: 1', `other: ${value}`);
    assert.match((await effect({ ...base, ...as(from) }, as(to))) ?? '', /unknown|breaking/, `${from} -> ${to}`);
    const printed = (value: string) => variables('days: 7', `days: ${value}`);
    assert.match(
      (await effect({ ...base, ...printed(from) }, printed(to))) ?? '',
      /unknown|breaking/,
      `${from} -> ${to}`,
    );
  }
});

test('a setting by the name of a model that has versions is one of each version', async () => {
  const base = { 'models/m_v1.sql': 'select 1 as a', 'models/m.yml': 'models: [{ name: m, versions: [{ v: 1 }] }]' };
  const head = { 'dbt_project.yml': `${project}models: { shop: { m: { +materialized: table } } }\n` };
  assert.equal(await effect(base, head, 'dbt:model/shop.m.v1'), 'breaking');
});
