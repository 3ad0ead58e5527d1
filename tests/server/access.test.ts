import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { requirePolicy } from '../../src/server/app.ts';
import { type Role, roles } from '../../src/server/contract.ts';
import { type Policy, type Route, route } from '../../src/server/route.ts';
import { routes } from '../../src/server/routes.ts';
import { createRig, environmentText, type Rig, type Served } from './rig.ts';

let rig: Rig;
let served: Served;
const tokens = new Map<Role, string>();

before(async () => {
  rig = await createRig();
  served = await rig.serve();
  for (const role of roles) tokens.set(role, await rig.token(`${role}@example.test`, role));
  await rig.environments({
    'dev.yaml': environmentText(rig, { name: 'dev' }),
    'qa.yaml': environmentText(rig, { name: 'qa' }),
  });
});
after(() => rig.close());

type Asking = { token?: string | null; method?: string; body?: string | null; headers?: Record<string, string> };

function ask(path: string, { token = null, method = 'GET', body = null, headers = {} }: Asking): Promise<Response> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(new URL(path, served.url), { method, body, headers: { ...authorization, ...headers } });
}

async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  const read = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) }).parse(body);
  assert.doesNotMatch(JSON.stringify(read), /\bat .*\.ts:\d+|node_modules/, 'no stack trace goes out');
  return read.error.code;
}

const pathOf = ({ path }: Route) =>
  path
    .replace('{digest}', `sha256:${'0'.repeat(64)}`)
    .replace('{index}', '0')
    .replaceAll(/\{\w+\}/g, 'nothing');

function deniedRoles(policy: Policy): Role[] {
  return policy === 'public' ? [] : roles.filter((role) => !policy.roles.includes(role));
}

test('only health is public, and a route without a policy does not come up', () => {
  assert.deepEqual(
    routes.filter(({ policy }) => policy === 'public').map(({ path }) => path),
    ['/health'],
  );
  const open = route({
    method: 'get',
    path: '/open',
    summary: '',
    policy: { roles: [], reach: 'all' },
    params: null,
    query: null,
    body: null,
    answer: z.null(),
    handle: async () => null,
  });
  assert.throws(() => requirePolicy(open), /GET \/open declares no policy/);
});

test('a token runs out, is revoked at once, and its secret is nowhere to be read', async () => {
  const client = rig.client(rig.operator);
  const made = await client.createToken({ person: 'eve@example.test', roles: ['author'], days: 1 });
  assert.equal((await rig.client(made.secret).whoami()).person, 'eve@example.test');
  const listed = (await client.tokens()).find(({ id }) => id === made.token.id);
  assert.notEqual(listed?.lastUsed, null);
  assert.ok(!JSON.stringify(await client.tokens()).includes(made.secret.slice(-43)));
  const entries = await client.entries({ before: null, subject: null, limit: 1000 });
  assert.ok(!JSON.stringify(entries).includes(made.secret.slice(-43)));
  await client.revokeToken(made.token.id);
  await assert.rejects(rig.client(made.secret).whoami(), /revoked/);
  await assert.rejects(client.revokeToken(made.token.id), /no token/);
});

test('a token bound to environments sees and does nothing elsewhere', async () => {
  const bound = rig.client(await rig.token('qa@example.test', 'operator', { environments: ['qa'] }));
  assert.deepEqual(
    (await bound.environments()).map(({ name }) => name),
    ['qa'],
  );
  assert.deepEqual(
    (await bound.status(null)).environments.map(({ environment }) => environment),
    ['qa'],
  );
  await assert.rejects(bound.rollBack({ environment: 'dev', project: null, to: null }), /needs a token for dev/);
  await assert.rejects(bound.createToken({ person: 'x', roles: ['operator'] }), /not bound to environments/);
});

test('answers carry security headers, and bad requests are told what is wrong', async () => {
  const health = await ask('/health', {});
  assert.equal(health.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(health.headers.get('x-frame-options'), 'SAMEORIGIN');
  assert.equal(health.headers.get('cache-control'), 'no-store');
  const json = { 'content-type': 'application/json' };
  const operator = { token: rig.operator, method: 'POST', headers: json };
  const garbage = await ask('/tokens', { ...operator, body: '{"person":' });
  assert.equal(garbage.status, 400);
  assert.equal(await codeOf(garbage), 'request-invalid');
  const missing = await ask('/tokens', { ...operator, body: '{}' });
  assert.deepEqual([missing.status, await codeOf(missing)], [400, 'request-invalid']);
  const large = await ask('/tokens', { ...operator, body: JSON.stringify({ person: 'x'.repeat(2_000_000) }) });
  assert.deepEqual([large.status, await codeOf(large)], [413, 'request-too-large']);
  const nowhere = await ask('/nowhere', { token: rig.operator });
  assert.deepEqual([nowhere.status, await codeOf(nowhere)], [404, 'route-unknown']);
  const nobody = await ask('/releases/rel-nothing', { token: rig.operator });
  assert.deepEqual([nobody.status, await codeOf(nobody)], [404, 'release-not-found']);
});

test('the command line passes on what the control plane says, with its exit status', async () => {
  const wrong = await rig.cli('hgt_nonsense', 'status');
  assert.equal(wrong.status, 2);
  const twice = await rig.cli(rig.operator, 'token', 'create', '--person', 'x', '--role', 'king');
  assert.equal(twice.status, 2);
  const refused = await rig.cli(rig.operator, 'serve', '--host', '0.0.0.0');
  assert.equal(refused.status, 2);
  assert.match(refused.stdout, /listen-refused/);
});

// From here on more requests are refused than one address may have refused in a minute.
test('too many unknown tokens from one address are turned away, a token that holds is not', async () => {
  let last = 0;
  for (let attempt = 0; attempt < 40 && last !== 429; attempt += 1) {
    const guess = await ask('/whoami', { token: `hgt_${'1'.repeat(12)}_${'B'.repeat(43)}` });
    last = guess.status;
    await guess.body?.cancel();
  }
  assert.equal(last, 429);
  assert.equal((await ask('/whoami', { token: rig.operator })).status, 200);
});

for (const one of routes) {
  const named = `${one.method.toUpperCase()} ${one.path}`;
  const method = one.method.toUpperCase();
  if (one.policy === 'public') continue;
  test(`${named} denies without a token, with an unknown one, and to ${deniedRoles(one.policy).join(', ') || 'no role'}`, async () => {
    const without = await ask(pathOf(one), { method });
    assert.ok(['unauthenticated', 'too-many-failures'].includes(await codeOf(without)));
    const unknown = await ask(pathOf(one), { method, token: `hgt_${'0'.repeat(12)}_${'A'.repeat(43)}` });
    assert.ok(['unauthenticated', 'too-many-failures'].includes(await codeOf(unknown)));
    for (const role of deniedRoles(one.policy)) {
      const denied = await ask(pathOf(one), { method, token: tokens.get(role) ?? '' });
      assert.deepEqual([denied.status, await codeOf(denied)], [403, 'forbidden'], role);
    }
  });
}
