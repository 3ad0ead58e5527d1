import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Runtime } from '../../src/base/python/runtime.ts';
import { chain, type Warehouse } from './environments.ts';
import { places } from './places.ts';

const run = promisify(execFile);

/** Writes synthetic payments into each lake and loads them into each warehouse, as the team's own seed scripts do. */
export async function seedWarehouses(estate: string, runtime: Runtime, warehouse: Warehouse): Promise<void> {
  await Promise.all(
    chain.map(async (name) => {
      const rows = name === 'dev' ? '500' : '2000';
      await run(runtime.python, [join(estate, 'seed', 'generate.py'), '--lake', places.lake(name), '--rows', rows]);
      await run(runtime.python, [join(estate, 'seed', 'warehouse.py'), 'raw', '--lake', places.lake(name)], {
        env: {
          ...process.env,
          WAREHOUSE_HOST: warehouse.host,
          WAREHOUSE_PORT: String(warehouse.port),
          WAREHOUSE_DATABASE: `warehouse_${name}`,
          WAREHOUSE_USER: warehouse.user,
          WAREHOUSE_PASSWORD: warehouse.password,
        },
      });
    }),
  );
}
