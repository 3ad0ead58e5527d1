import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';

test('contracts of both standards describe their tables; other YAML is none', async () => {
  const found = await discover({
    files: textsAsFiles({
      'c/odcs.yaml':
        'kind: DataContract\napiVersion: v3.1.0\nid: orders\nname: Orders\nteam: { name: sales }\nservers: [{ server: w, schema: marts }]\nschema: [{ name: fct_orders }, { name: x, physicalName: db.raw.x }]\n',
      'c/old.yaml': 'dataContractSpecification: 0.9.3\nid: old\ninfo: { title: Old, owner: team }\nmodels: { a: {} }\n',
      'c/none.yaml': 'a: 1\n',
      'c/unnamed.yaml': 'kind: DataContract\n',
    }),
    part: { name: 'x', settings: { path: 'c' } },
  });
  const contracts = found.assets.filter((asset) => asset.kind === 'contract');
  assert.deepEqual(
    contracts.map(({ key, owner }) => [key, owner]),
    [
      ['contract:orders', 'sales'],
      ['contract:old', 'team'],
      ['contract:unnamed', null],
    ],
  );
  assert.deepEqual(
    found.edges.map((edge) => edge.to),
    ['warehouse:table/marts.fct_orders', 'warehouse:table/raw.x'],
  );
  assert.deepEqual(
    found.findings.map(({ path }) => path),
    ['c/unnamed.yaml'],
  );
});
