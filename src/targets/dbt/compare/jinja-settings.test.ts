import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles({
    'profiles.yml': 'shop: { outputs: { dev: { type: duckdb } } }',
    'models/m.sql': "select 1 as a from {{ source('raw', 'lines') }}",
    ...texts,
  });
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

/** What a change of texts does to the model and to the source that it reads; `-` where nothing is said. */
async function effects(base: Texts, head: Texts): Promise<string> {
  const changes = await compare({ base: await revision(base), head: await revision(head) });
  return ['model/shop.m', 'source/shop.raw.lines']
    .map((name) => changes.find(({ key }) => key === `dbt:${name}`)?.effect ?? '-')
    .join(' ');
}

const settings = (model: string, more = '') => ({
  'dbt_project.yml': `name: shop\nprofile: shop\nvars: { wide: true, off: false }\n${more}\nmodels: { shop: { ${model} } }\n`,
});
const properties = (model: string, source: string): Texts => ({
  ...settings(''),
  'models/s.yml': `models: [{ name: m, config: { ${model} } }]\nsources: [{ name: raw, tables: [{ name: lines, config: { ${source} } }] }]\n`,
});

test('settings that are expressions of variables are what they come to', async () => {
  const plain = properties('materialized: table', 'enabled: true');
  const same = properties(
    `materialized: "{{ 'table' if var('wide') else 'view' }}"`,
    `enabled: "{{ var('wide', false) and var('list', []) == [] }}"`,
  );
  assert.equal(await effects(plain, same), 'none none');
  assert.equal(
    await effects(plain, properties(`materialized: "{{ 'table' if var('off') else 'view' }}"`, '')),
    'breaking none',
  );
});

test('a setting that is known only when it runs is not known to be another one', async () => {
  const by = (name: string) =>
    properties(`materialized: "{{ env_var('${name}') }}"`, `enabled: "{{ target.name == '${name}' }}"`);
  assert.equal(await effects(by('A'), by('B')), 'unknown unknown');
  assert.equal(await effects(properties('materialized: table', ''), by('B')), 'unknown unknown');
});

test('dbt_project.yml sees none of its own variables', async () => {
  const enabled = (given: string) => settings(`+enabled: "{{ var('off', ${given}) }}"`);
  assert.equal(
    (await revision(enabled('true'))).discovery.assets.some(({ key }) => key === 'dbt:model/shop.m'),
    true,
  );
  assert.equal(await effects(enabled('true'), enabled('false')), 'breaking -');
  const built = (given: string) => settings(`+materialized: "{{ var('how', '${given}') }}"`, '');
  assert.equal(await effects(built('table'), built('view')), 'breaking -');
});

test('flags of dbt count where they change what is built', async () => {
  assert.equal(await effects(settings(''), settings('', 'flags: { send_anonymous_usage_stats: false }')), 'none -');
  assert.equal(await effects(settings(''), settings('', 'flags: { some_behaviour: false }')), 'unknown -');
});
