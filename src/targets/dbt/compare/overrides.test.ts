import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

async function revision(type: string, texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop: { outputs: { dev: { type: ${type} } } }`,
    'models/keyed.sql': "select {{ tools.key('id') }} as key from raw",
    'models/plain.sql': 'select id from raw',
    'models/s.yml': 'models: [{ name: plain, columns: [{ name: id, data_tests: [unique] }] }]\n',
    ...texts,
  });
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

const macro = (name: string, said: string): Texts => ({ 'macros/m.sql': `{% macro ${name}() %}${said}{% endmacro %}` });

/** What another body of a macro does to both models. */
async function effects(name: string, type = 'duckdb'): Promise<string> {
  const [base, head] = await Promise.all(['a', 'b'].map((said) => revision(type, macro(name, said))));
  const changes = await compare({ base: base ?? null, head: head ?? null });
  return ['keyed', 'plain']
    .map((one) => changes.find(({ key }) => key === `dbt:model/shop.${one}`)?.effect ?? '-')
    .join(' ');
}

test("a macro in place of one of dbt's or of the adapter's own reaches every model", async () => {
  assert.equal(await effects('create_table_as'), 'unknown unknown');
  assert.equal(await effects('snowflake__create_table_as', 'snowflake'), 'unknown unknown');
  assert.equal(await effects('set_query_tag', 'snowflake'), 'unknown unknown');
  assert.equal(await effects('set_query_tag', 'postgres'), '- -');
});

test('a macro that a package may find by dispatch reaches who calls that package', async () => {
  assert.equal(await effects('default__key'), 'unknown none');
  assert.equal(await effects('duckdb__inner_part'), 'unknown none');
  assert.equal(await effects('inner_part'), '- -');
});

test('other settings of all tests are of each test', async () => {
  const tests = (severity: string): Texts => ({
    'dbt_project.yml': `name: shop\nprofile: shop\ndata_tests: { +severity: ${severity} }\n`,
  });
  const changes = await compare({
    base: await revision('duckdb', tests('warn')),
    head: await revision('duckdb', tests('error')),
  });
  assert.equal(changes.find(({ key }) => key === 'dbt:test/shop.unique_plain_id')?.effect, 'compatible');
});
