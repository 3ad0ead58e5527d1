import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles({
    'dbt_project.yml':
      'name: shop\nprofile: shop\nsources: { shop: { old: { raw: { +enabled: true } }, gone: { +enabled: false } } }\n',
    ...texts,
  });
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

const inFolder = (folder: string): Texts => ({
  [`models/${folder}/raw.yml`]:
    'sources: [{ name: raw, tables: [{ name: lines, columns: [{ name: id, data_tests: [unique] }] }] }]\n',
  [`seeds/${folder}/rates.csv`]: 'a\n1\n',
});

test('what only moved to another folder is named, and does what it did', async () => {
  const changes = await compare({ base: await revision(inFolder('old')), head: await revision(inFolder('new')) });
  assert.deepEqual(changes.map(({ key, effect, because }) => `${key} ${effect} ${because}`).sort(), [
    'dbt:seed/shop.rates none Its file has moved.',
    'dbt:source/shop.raw.lines none Its file has moved.',
    'dbt:test/shop.source_unique_raw_lines_id none Its file has moved.',
  ]);
});

test('a source has the settings of the folder that its YAML lies in', async () => {
  const changes = await compare({ base: await revision(inFolder('old')), head: await revision(inFolder('gone')) });
  assert.equal(changes.find(({ key }) => key === 'dbt:source/shop.raw.lines')?.because, 'It is gone.');
});
