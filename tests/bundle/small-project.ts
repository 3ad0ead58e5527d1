import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BundleStore, openBundleStore } from '../../src/base/bundle-store.ts';
import { createSigningKey, type SigningKey } from '../../src/base/signing.ts';
import { type MadeBundle, makeBundle } from '../../src/workflows/bundle/make-bundle.ts';
import { buildCatalog } from '../../src/workflows/project/build-catalog.ts';
import { readProject } from '../../src/workflows/project/read-project.ts';

/** Text by path; a file whose name ends in `.sh` is executable. */
export type Files = { [path: string]: string };

export const smallProject: Files = {
  'headgate.yaml': `version: 1
project: payments
values: { lake_root: { type: string }, partitions: { type: integer, default: 8 } }
parts:
  dbt: [{ name: shop, path: dbt/shop }]
  spark:
    - { name: settle, path: jobs/settle, main: settle.py, packages: ["org.postgresql:postgresql:42.7.4"] }
    - { name: rates, path: jobs/rates, main: rates.py }
`,
  'environments/prod.yaml': 'environment: prod\nvalues: { lake_root: /lake }\n',
  'dbt/shop/dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
  'dbt/shop/models/orders.sql': 'select 1 as id\r\n',
  'dbt/shop/packages.yml': 'packages: [{ package: dbt-labs/dbt_utils, version: 1.3.0 }]\n',
  'jobs/settle/settle.py': 'print("settle")\n',
  'jobs/settle/start.sh': '#!/bin/sh\n',
  'jobs/settle/requirements.txt': `requests==2.32.3 --hash=sha256:${'a'.repeat(64)}\n`,
  'jobs/rates/rates.py': 'print("é")\n',
};

/** A project in a folder of its own, with a store beside it. */
export type Workshop = {
  root: string;
  store: BundleStore;
  key: SigningKey;
  write(files: Files): Promise<void>;
  bundle(): Promise<MadeBundle>;
  close(): Promise<void>;
};

export async function workshop(files: Files): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-bundle-'));
  const root = join(folder, 'project');
  const store = openBundleStore(join(folder, 'store'));
  const key = createSigningKey();
  const write = (more: Files) => writeFiles(root, more);
  await write(files);
  return {
    ...{ root, store, key, write },
    async bundle() {
      const reading = await readProject(root);
      const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
      return makeBundle({ reading, catalog, store, key, base: null, headgate: '0.0.0' });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), path.endsWith('.sh') ? 0o755 : 0o644);
  }
}
