import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textsAsFiles } from '../../../src/model/texts-as-files.ts';
import { render } from '../../../src/targets/dbt/compare/render.ts';
import { readSide } from '../../../src/targets/dbt/compare/side.ts';
import { parseTemplate } from '../../../src/targets/dbt/compare/template.ts';
import { discover } from '../../../src/targets/dbt/discover.ts';

const root = fileURLToPath(new URL('../../../examples/payments/dbt/shop', import.meta.url));

/** The models of the example as plain SQL, and the statements that make the tables which they read. */
export async function exampleModels(): Promise<{ setup: string[]; sqls: string[] }> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(sql|ya?ml|csv)$/.test(path),
  );
  const files = textsAsFiles(
    Object.fromEntries(paths.map((path) => [relative('.', path), readFileSync(join(root, path), 'utf8')])),
  );
  const part = { name: 'shop', settings: { path: '.' } };
  const discovery = await discover({ files, part });
  const side = readSide({ files, part, discovery, environments: [] });
  const never = new Map<string, boolean>();
  const answers = { get: () => false, has: () => true } satisfies Pick<Map<string, boolean>, 'get' | 'has'>;
  const models = discovery.assets
    .filter((asset) => asset.kind === 'dbt:model')
    .map((asset) => {
      const pieces = parseTemplate(files.text(asset.path ?? '') ?? '');
      const { sql } = render(pieces ?? [], side.world, Object.assign(never, answers));
      return { table: `ref__shop__${asset.name}`, sql: sql.replaceAll(/\s+$/g, '') };
    });
  const sources = paths
    .filter((path) => path.startsWith('source-data/'))
    .map((path) => {
      const [, source, file] = path.split('/');
      const table = `source__${source}__${file?.replace('.csv', '')}`;
      return [
        `create table ${table} as select * from read_csv_auto('${join(root, path)}')`,
        `insert into ${table} select * from ${table} limit 3`,
      ];
    });
  const views = models.map(({ table, sql }) => `create or replace view ${table} as ${sql}`);
  // Each round makes those whose tables are there by now.
  return { setup: [...sources.flat(), ...views, ...views, ...views, ...views], sqls: models.map(({ sql }) => sql) };
}
