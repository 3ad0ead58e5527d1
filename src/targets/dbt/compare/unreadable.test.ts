import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

const texts = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'models/m.sql': 'select 1 as a',
  'seeds/big.csv': 'a\n1\n',
};

/** As files that are large, or no UTF-8, or kept elsewhere. */
async function unread(changed: string | null): Promise<(string | undefined)[]> {
  const revision = async (): Promise<PartRevision> => {
    const files = textsAsFiles(texts);
    const part = { name: 'shop', settings: { path: '.' } };
    const discovery = await discover({ files, part });
    const hidden: ProjectFiles = {
      ...files,
      text: (path) => (path.endsWith('.yml') ? files.text(path) : null),
    };
    return { files: hidden, part, discovery, environments: [] };
  };
  const all = { base: await revision(), head: await revision() };
  const changes = await compare(changed === null ? all : { ...all, changed: new Set(changed.split(' ')) });
  return ['dbt:model/shop.m', 'dbt:seed/shop.big'].map((key) => changes.find((one) => one.key === key)?.effect);
}

test('a file whose text cannot be read is as it was where its contents are known to be', async () => {
  assert.deepEqual(await unread('README.md'), [undefined, undefined]);
  assert.deepEqual(await unread('seeds/big.csv'), [undefined, 'unknown']);
  assert.deepEqual(await unread('models/m.sql'), ['unknown', undefined]);
  assert.deepEqual(await unread(null), ['unknown', 'unknown']);
});
