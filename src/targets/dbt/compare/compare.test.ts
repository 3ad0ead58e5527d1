import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssetChange } from '../../../model/change.ts';
import { plainEnvironment } from '../../../model/environment.ts';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

const profile = 'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb }\n';
const project = `name: shop
profile: shop
vars:
  days: 7
models:
  shop:
    marts:
      +materialized: table
`;

const start: Texts = {
  'dbt_project.yml': project,
  'profiles.yml': profile,
  'macros/money.sql': '{% macro major(column, digits=2) %} round({{ column }} / 100.0, {{ digits }}) {% endmacro %}',
  'macros/late.sql':
    "{% macro late(column) %}{{ column }} > (select max({{ column }}) - {{ var('days') }} from {{ this }}){% endmacro %}",
  'macros/unused.sql': '{% macro unused() %} 1 {% endmacro %}',
  'models/staging/stg_orders.sql': "select id, amount, day from {{ source('raw', 'orders') }}",
  'models/marts/orders.sql': `{{ config(tags=['daily']) }}
select id, {{ major('amount') }} as amount, day
from {{ ref('stg_orders') }}
{% if is_incremental() %} where {{ late('day') }} {% endif %}`,
  'models/marts/by_method.sql': `{% set methods = ['card', 'cash'] %}
select day {% for method in methods %}, sum(case when method = '{{ method }}' then amount end) as {{ method }}_amount{% endfor %}
from {{ ref('stg_orders') }} group by day`,
  'models/marts/keyed.sql':
    "select {{ dbt_utils.generate_surrogate_key(['id']) }} as key, id from {{ ref('stg_orders') }}",
  'models/marts/terms_v1.sql': 'select 1 as a',
  'models/marts/terms_v2.sql': 'select 1 as a, 2 as b',
  'models/marts/reader.sql': "select a from {{ ref('terms') }}",
  'models/marts/pinned.sql': "select a from {{ ref('terms', v=1) }}",
  'models/schema.yml': `
models:
  - name: stg_orders
    description: Orders.
  - name: orders
    config: { contract: { enforced: true } }
    columns: [{ name: id, data_type: int }, { name: amount, data_type: numeric }, { name: day, data_type: date }]
  - name: terms
    latest_version: 1
    versions: [{ v: 1 }, { v: 2 }]
sources:
  - name: raw
    schema: landing
    tables: [{ name: orders, description: All orders. }]
`,
  'packages.yml': 'packages:\n  - { package: dbt-labs/dbt_utils, version: 1.1.1 }\n',
  'seeds/rates.csv': 'currency,rate\nEUR,1\nUSD,0.9\n',
  'tests/positive.sql': "select * from {{ ref('orders') }} where amount < 0",
};

async function revision(texts: Texts, settings = {}): Promise<PartRevision> {
  const files = textsAsFiles(texts);
  const part = { name: 'shop', settings: { path: '.', ...settings } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

/** What changing these texts does, by the name of the asset; `text` null takes a file away. */
async function changed(
  edits: { [path: string]: ((text: string) => string) | string | null },
  settings = {},
): Promise<{ [name: string]: AssetChange }> {
  const texts = { ...start };
  for (const [path, edit] of Object.entries(edits)) {
    if (edit === null) delete texts[path];
    else texts[path] = typeof edit === 'string' ? edit : edit(texts[path] ?? '');
  }
  for (const [path, edit] of Object.entries(edits)) {
    if (edit !== null) assert.notEqual(texts[path], start[path], `${path} does not differ`);
  }
  const changes = await compare({ base: await revision(start), head: await revision(texts, settings) });
  return Object.fromEntries(changes.map((change) => [change.key.replace(/^dbt:\w+\/(shop\.)?/, ''), change]));
}

const effectsOf = (changes: { [name: string]: AssetChange }) =>
  Object.fromEntries(Object.entries(changes).map(([name, { effect }]) => [name, effect]));

const orders = 'models/marts/orders.sql';
const replace = (from: string, to: string) => (text: string) => text.replace(from, to);

test('nothing differs', async () => {
  assert.deepEqual(await compare({ base: await revision(start), head: await revision(start) }), []);
});

test('comments and layout, in SQL and in Jinja, are nothing', async () => {
  const changes = await changed({ [orders]: (text) => `{# why #}\n-- what\n${text.replaceAll('\n', '\n  ')}` });
  assert.deepEqual(effectsOf(changes), { orders: 'none' });
});

test('a moved file of the same settings is nothing; of other settings it is', async () => {
  const moved = await changed({ [orders]: null, 'models/marts/deep/orders.sql': start[orders] ?? '' });
  assert.deepEqual(effectsOf(moved), { orders: 'none' });
  const elsewhere = await changed({ [orders]: null, 'models/orders.sql': start[orders] ?? '' });
  assert.deepEqual(effectsOf(elsewhere), { orders: 'breaking' });
});

test('a new column is compatible, unless a contract does not have it', async () => {
  assert.deepEqual(
    (await changed({ 'models/staging/stg_orders.sql': replace('day from', 'day, method from') })).stg_orders,
    {
      key: 'dbt:model/shop.stg_orders',
      effect: 'compatible',
      because: '`method` is new; all else is as it was.',
      columns: [{ name: 'method', change: 'added' }],
    },
  );
  const refused = await changed({ [orders]: replace('day\n', 'day, method\n') });
  assert.equal(
    refused.orders?.because,
    '`method` is new, and its contract does not have it, so that dbt refuses to build it.',
  );
});

test('a filter that only an incremental run has is part of the model', async () => {
  assert.deepEqual(effectsOf(await changed({ [orders]: replace("late('day')", "late('id')") })), {
    orders: 'breaking',
  });
});

test('a macro reaches the models that call it, by what it gives them', async () => {
  const same = await changed({
    'macros/money.sql': (text) => `{# more #}${text.replace('round(', 'ROUND( -- to cents\n')}`,
  });
  assert.deepEqual(effectsOf(same), { orders: 'none', major: 'none' });
  const other = await changed({ 'macros/money.sql': replace('100.0', '1000.0') });
  assert.deepEqual(effectsOf(other), { orders: 'breaking', major: 'breaking' });
  assert.deepEqual(other.orders?.columns, [{ name: 'amount', change: 'changed' }]);
  assert.deepEqual(effectsOf(await changed({ 'macros/unused.sql': replace('1', '2') })), { unused: 'compatible' });
});

test('a macro that takes the place of one of dbt reaches every model', async () => {
  const changes = await changed({ 'macros/schema.sql': '{% macro generate_schema_name(name, node) %}x{% endmacro %}' });
  assert.equal(changes.stg_orders?.effect, 'unknown');
});

test('a macro that a setting calls reaches the models of that setting', async () => {
  const hooked = {
    ...start,
    'dbt_project.yml': project.replace('+materialized: table', '+pre-hook: "{{ major(1) }}"'),
  };
  const texts = { ...hooked, 'macros/money.sql': (start['macros/money.sql'] ?? '').replace('100.0', '10.0') };
  const changes = await compare({ base: await revision(hooked), head: await revision(texts) });
  const found = new Map(changes.map(({ key, effect }) => [String(key), effect]));
  assert.deepEqual([found.get('dbt:model/shop.reader'), found.get('dbt:model/shop.stg_orders')], ['breaking', 'none']);
});

test('a variable reaches the models that read it', async () => {
  const changes = await changed({ 'dbt_project.yml': replace('days: 7', 'days: 8') });
  assert.equal(changes.orders?.effect, 'breaking');
  assert.notEqual(changes.stg_orders?.effect, 'breaking');
  assert.equal((await changed({ 'models/x.sql': 'select 1 as a' }, { vars: { days: 8 } })).orders?.effect, 'breaking');
});

test('a value of an environment that a variable takes is followed into the models', async () => {
  const within = async (days: number, dev = 1) => {
    const made = await revision(start, { vars: { days: '${values.days}' } });
    return { ...made, environments: [plainEnvironment('dev', { days: dev }), plainEnvironment('prod', { days })] };
  };
  const changes = await compare({ base: await within(7), head: await within(8) });
  const found = new Map(changes.map(({ key, effect }) => [String(key), effect]));
  assert.equal(found.get('dbt:model/shop.orders'), 'breaking');
  assert.equal([...found.values()].filter((effect) => effect !== 'none').length, 1);
});

test('a loop over a list is followed', async () => {
  const by = 'models/marts/by_method.sql';
  assert.deepEqual(effectsOf(await changed({ [by]: replace("'card', 'cash'", '"card","cash"') })), {
    by_method: 'none',
  });
  const more = await changed({ [by]: replace("'cash'", "'cash', 'voucher'") });
  assert.deepEqual(
    [more.by_method?.effect, more.by_method?.columns],
    ['compatible', [{ name: 'voucher_amount', change: 'added' }]],
  );
});

test('what a package does is not known, but it is the same while the package is', async () => {
  const keyed = 'models/marts/keyed.sql';
  assert.deepEqual(effectsOf(await changed({ [keyed]: replace(', id from', ', id, day from') })), {
    keyed: 'compatible',
  });
  const rekeyed = await changed({ [keyed]: replace("['id']", "['day']") });
  assert.deepEqual([rekeyed.keyed?.effect, rekeyed.keyed?.columns], ['breaking', null]);
  assert.deepEqual(
    effectsOf(await changed({ [keyed]: replace(', id', ", id, {{ dbt_utils.total('id') }} as total") })),
    { keyed: 'unknown' },
  );
  const bumped = await changed({ 'packages.yml': replace('1.1.1', '1.2.0') });
  assert.notEqual(bumped.keyed?.effect, undefined);
  assert.ok(['unknown', 'breaking'].includes(bumped.keyed?.effect ?? ''));
  assert.equal(Object.values(bumped).filter((change) => change.effect !== 'none').length, 1);
});

test('another latest version changes those who do not pin it', async () => {
  const changes = await changed({ 'models/schema.yml': replace('latest_version: 1', 'latest_version: 2') });
  assert.deepEqual([changes.reader?.effect, changes.pinned?.effect ?? 'none'], ['breaking', 'none']);
});

test('settings count where they are set: in the folder, the YAML or the model', async () => {
  const all = await changed({ 'dbt_project.yml': replace('+materialized: table', '+materialized: incremental') });
  assert.equal(all.orders?.effect, 'breaking');
  assert.notEqual(all.stg_orders?.effect, 'breaking');
  const own = await changed({ [orders]: replace("tags=['daily']", "tags=['daily'], materialized='table'") });
  assert.deepEqual(effectsOf(own), { orders: 'none' });
  const key = await changed({ [orders]: replace("tags=['daily']", "tags=['daily'], unique_key='id'") });
  assert.equal(key.orders?.effect, 'breaking');
  assert.deepEqual(effectsOf(await changed({ [orders]: replace("tags=['daily']", "tags=['hourly']") })), {
    orders: 'none',
  });
});

test('descriptions are nothing, an enforced type is', async () => {
  assert.deepEqual(
    effectsOf(await changed({ 'models/schema.yml': replace('Orders.', 'All orders.') })).stg_orders,
    'none',
  );
  const typed = await changed({ 'models/schema.yml': replace('data_type: numeric', 'data_type: double') });
  assert.deepEqual(
    [typed.orders?.effect, typed.orders?.columns],
    ['breaking', [{ name: 'amount', change: 'changed' }]],
  );
});

test('a source reads another table, or is only described otherwise', async () => {
  assert.equal(
    (await changed({ 'models/schema.yml': replace('schema: landing', 'schema: lake') }))['raw.orders']?.effect,
    'breaking',
  );
  assert.equal(
    (await changed({ 'models/schema.yml': replace('All orders.', 'Each order.') }))['raw.orders']?.effect,
    'none',
  );
  const fresh = await changed({
    'models/schema.yml': replace(
      'schema: landing',
      'schema: landing\n    freshness: { warn_after: { count: 1, period: day } }',
    ),
  });
  assert.equal(fresh['raw.orders']?.effect, 'compatible');
});

test('a seed is its values, not its line ends and quotes', async () => {
  assert.deepEqual(effectsOf(await changed({ 'seeds/rates.csv': 'currency,rate\r\n"EUR",1\r\nUSD,"0.9"\r\n' })), {
    rates: 'none',
  });
  assert.deepEqual(effectsOf(await changed({ 'seeds/rates.csv': replace('0.9', '0.8') })), { rates: 'breaking' });
});

test('a description beside tests does not touch them', async () => {
  const tested = {
    ...start,
    'models/tests.yml':
      'models: [{ name: keyed, description: a, columns: [{ name: id, data_tests: [unique, { not_null: { config: { severity: warn } } }] }] }]',
  };
  const effects = async (from: string, to: string) => {
    const head = { ...tested, 'models/tests.yml': tested['models/tests.yml'].replace(from, to) };
    return (await compare({ base: await revision(tested), head: await revision(head) })).map(
      ({ key, effect }) => `${key} ${effect}`,
    );
  };
  assert.deepEqual(await effects('description: a', 'description: b'), ['dbt:model/shop.keyed none']);
  assert.equal((await effects('warn', 'error')).length, 3);
});

test('a test changes no data; what is gone or new is said', async () => {
  assert.deepEqual(effectsOf(await changed({ 'tests/positive.sql': replace('< 0', '<= 0') })), {
    positive: 'compatible',
  });
  assert.deepEqual(effectsOf(await changed({ 'models/marts/keyed.sql': null })), { keyed: 'breaking' });
  assert.deepEqual(effectsOf(await changed({ 'models/fresh.sql': 'select 1 as a' })), { fresh: 'compatible' });
});

test('what cannot be followed is never safe', async () => {
  const dynamic = "{% set r = run_query('select 1') %}{% for c in r.columns %}{{ c }},{% endfor %} 1 as a";
  const texts = { ...start, 'models/dynamic.sql': `select ${dynamic}` };
  const compared = async (head: string) =>
    (
      await compare({ base: await revision(texts), head: await revision({ ...texts, 'models/dynamic.sql': head }) })
    ).map(({ effect }) => effect);
  assert.deepEqual(await compared(`select  -- x\n ${dynamic}`), ['none']);
  assert.deepEqual(await compared(`select ${dynamic}, 2 as b`), ['unknown']);
  assert.deepEqual(await compared(`select ${dynamic.replace('select 1', 'select 2')}`), ['unknown']);
});

test('a column beside a star is new only where the star is known not to have it', async () => {
  const texts = {
    ...start,
    'models/all.sql': "select * from {{ ref('stg_orders') }}",
    'models/raw_all.sql': "select * from {{ source('raw', 'orders') }}",
  };
  const effect = async (path: string, from: string, to: string) => {
    const head = { ...texts, [path]: texts[path as keyof typeof texts].replace(from, to) };
    return (await compare({ base: await revision(texts), head: await revision(head) }))[0]?.effect;
  };
  assert.equal(await effect('models/all.sql', '*', "*, 'x' as kind"), 'compatible');
  assert.equal(await effect('models/all.sql', '*', "*, 'x' as day"), 'unknown');
  assert.equal(await effect('models/raw_all.sql', '*', "*, 'x' as kind"), 'unknown');
});

test('of a package in the same repository counts what dbt reads, without the project that lies in it', async () => {
  const texts: Texts = {
    'README.md': 'A library.',
    'dbt_project.yml': 'name: library\n',
    'macros/total.sql': '{% macro total(x) %}sum({{ x }}){% endmacro %}',
    'trial/dbt_project.yml': 'name: trial\n',
    'trial/packages.yml': 'packages: [{ local: ../ }]\n',
    'trial/models/totals.sql': "select {{ library.total('x') }} as total from numbers",
    'trial/models/plain.sql': 'select 1 as a',
  };
  const before = await revision(texts, { path: 'trial' });
  const after = async (edits: Texts) => {
    const changes = await compare({ base: before, head: await revision({ ...texts, ...edits }, { path: 'trial' }) });
    return changes.map(({ key, effect }) => `${key} ${effect}`);
  };
  assert.deepEqual(await after({ 'README.md': 'A good library.' }), []);
  assert.deepEqual(await after({ 'trial/models/plain.sql': 'select 2 as a' }), ['dbt:model/trial.plain breaking']);
  const through = await after({ 'macros/total.sql': '{% macro total(x) %}max({{ x }}){% endmacro %}' });
  assert.match(through.join(', '), /trial\.totals (?:unknown|breaking)/);
});

test('a new column of a snapshot that checks all columns makes new versions of all rows', async () => {
  const text = (checked: string, columns: string) =>
    `{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols=${checked}) }}
select ${columns} from {{ ref('orders') }}{% endsnapshot %}`;
  for (const [checked, effect] of [
    ["'all'", 'breaking'],
    ["['id']", 'compatible'],
  ] as const) {
    const before = { ...start, 'snapshots/history.sql': text(checked, 'id') };
    const after = { ...start, 'snapshots/history.sql': text(checked, 'id, day') };
    const changes = await compare({ base: await revision(before), head: await revision(after) });
    assert.deepEqual(
      changes.map((change) => [change.key, change.effect]),
      [['dbt:snapshot/shop.history', effect]],
    );
  }
});
