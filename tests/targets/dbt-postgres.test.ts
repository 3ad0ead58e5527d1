import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isFailure } from '../../src/base/errors.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { partKey, unitKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import type { Outcome, TargetConnection } from '../../src/targets/contract.ts';
import { bundleWorld, deliveryOf, type Files } from './bundle-world.ts';

const part = partKey('dbt', 'shop');
const unit = unitKey(part, null);
const { python } = await ensureRuntime('dbt');

test('a warehouse that is down is "could not tell"; the same key goes well once it is up; a wrong password is a clear no', async (t) => {
  const made = await bundleWorld('prod');
  const closing: (() => Promise<unknown>)[] = [made.close];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
  });
  const port = await freePort();
  const { pointer: to } = await made.version(project(port), unit);
  const connection = await deliveryOf('dbt').connect({ home: made.home, python }, made.world);
  closing.push(() => connection.close());
  process.env.SHOP_PASSWORD = 'not yet known';
  const upload: Step = { kind: 'upload', target: 'dbt', part, blob: to.part, bundle: to.bundle };
  const build: Step = { kind: 'build', target: 'dbt', unit, from: null, to };
  await connection.act(upload, 'forward', { key: 'r/0', epoch: 1 });
  await assert.rejects(
    () => act(connection, build, 'r/1'),
    (error) => isFailure(error, 'dbt-run-interrupted') && /warehouse-unreachable/.test(error.message),
  );
  assert.deepEqual(await connection.look(build, 'forward'), { at: 'before' });

  const postgres = await startEmbeddedPostgres({ folder: join(made.folder, 'postgres'), port });
  closing.push(() => postgres.stop());
  process.env.SHOP_PASSWORD = 'a wrong password';
  const refused = await act(connection, build, 'r/2');
  assert.equal(refused.outcome === 'failed' ? refused.cause : refused.outcome, 'warehouse-refused-login');
  assert.doesNotMatch(JSON.stringify(refused), /a wrong password/);

  process.env.SHOP_PASSWORD = decodeURIComponent(new URL(postgres.url).password);
  const answer = await act(connection, build, 'r/1');
  assert.equal(answer.outcome, 'done', 'message' in answer ? answer.message : '');
  assert.deepEqual(await connection.look(build, 'forward'), { at: 'after' });
  assert.deepEqual(await rows(postgres.url), [{ version: 'one' }]);
});

function project(port: number): Files {
  return {
    'headgate.yaml': `version: 1
project: shop
values: { port: { type: integer } }
secrets: [password]
parts:
  dbt:
    - { name: shop, path: shop, build: true, env: { SHOP_PORT: "\${values.port}", SHOP_PASSWORD_GIVEN: "\${secrets.password}" } }
`,
    'environments/prod.yaml': `environment: prod\nvalues: { port: ${port} }\nsecrets: { password: "env:SHOP_PASSWORD" }\n`,
    'shop/dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
    'shop/profiles.yml': `shop:
  target: default
  outputs:
    default:
      type: postgres
      host: 127.0.0.1
      port: "{{ env_var('SHOP_PORT') | int }}"
      user: headgate
      password: "{{ env_var('SHOP_PASSWORD_GIVEN') }}"
      dbname: headgate
      schema: shop
      threads: 2
      connect_timeout: 3
      retries: 1
`,
    'shop/models/orders.sql': "{{ config(materialized='table') }} select 'one' as version\n",
  };
}

async function act(connection: TargetConnection, step: Step, key: string): Promise<Outcome> {
  for (;;) {
    const answer = await connection.act(step, 'forward', { key, epoch: 1 });
    if (answer.outcome !== 'waiting') return answer;
    await sleep(answer.againInSeconds * 100);
  }
}

async function rows(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('select version from shop.orders')).rows;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
