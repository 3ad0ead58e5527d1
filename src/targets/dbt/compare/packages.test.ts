import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

const texts = {
  'profiles.yml': 'shop: { outputs: { dev: { type: duckdb } } }',
  'models/keyed.sql': "select id, {{ tools.key(['id']) }} as key from raw",
  'models/linked.sql': "select id from {{ ref('ledger', 'lines') }}",
  'models/plain.sql': 'select id from raw',
};

/** Of dbt, of the project, and of its SQL: nothing of packages. */
const ofDbt = {
  'macros/round.sql':
    "{% macro rounded(column) %} round({{ column }}, (select count(1) from t)) {{ exceptions.warn('(x)') }} {% endmacro %}",
  'models/typed.sql':
    "select cast(id as {{ dbt.type_int() }}) as id, {{ current_timestamp() }} as at, {{ rounded('id') }} as r, {{ shop.rounded('id') }} as s from raw",
  'models/found.sql': "select id, {{ adapter.dispatch('key', 'tools')('id') }} as key from raw",
  'models/taken.sql': "{% set key = tools.key %} select id, {{ key('id') }} as key from raw",
};

/** What a newer package does to each model, as `keyed linked plain`. */
async function upgraded(dispatch: string, names = 'keyed linked plain'): Promise<string> {
  const revision = async (version: string): Promise<PartRevision> => {
    const files = textsAsFiles({
      ...texts,
      ...ofDbt,
      'dbt_project.yml': `name: shop\nprofile: shop\n${dispatch}\n`,
      'packages.yml': `packages: [{ package: some/tools, version: ${version} }]`,
    });
    const part = { name: 'shop', settings: { path: '.' } };
    return { files, part, discovery: await discover({ files, part }), environments: [] };
  };
  const changes = await compare({ base: await revision('1.0.0'), head: await revision('1.1.0') });
  return names
    .split(' ')
    .map((name) => changes.find(({ key }) => key === `dbt:model/shop.${name}`)?.effect ?? '-')
    .join(' ');
}

test('what a newer package gives is not known; who calls nothing of it is as it was', async () => {
  assert.equal(await upgraded(''), 'unknown unknown none');
});

test('what is called of dbt and of the project itself does not come from a package', async () => {
  assert.equal(await upgraded('', 'typed found taken'), 'none unknown unknown');
});

test("where dbt's own macros are looked up in packages, a newer one may change every model", async () => {
  const dispatch = (space: string, order: string) =>
    `dispatch: [{ macro_namespace: ${space}, search_order: [${order}] }]`;
  assert.equal(await upgraded(dispatch('tools', 'shop, tools')), 'unknown unknown none');
  assert.equal(await upgraded(dispatch('dbt', 'shop, dbt')), 'unknown unknown none');
  assert.equal(await upgraded(dispatch('dbt', 'shop, tools, dbt')), 'unknown unknown unknown');
});
