import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isFailure } from '../../src/base/errors.ts';
import { follow } from '../../src/base/http.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createRig, environmentText, type Rig, type Served, until } from './rig.ts';

let rig: Rig;
let postgres: EmbeddedPostgres;
let [first, second]: [Served | null, Served | null] = [null, null];

before(async () => {
  rig = await createRig();
  postgres = await startEmbeddedPostgres({ folder: join(rig.folder, 'postgres'), port: 0 });
  first = await rig.serve({ database: postgres.url });
  second = await rig.serve({ database: postgres.url });
  await rig.environments({ 'dev.yaml': environmentText(rig, { name: 'dev' }) });
});
after(async () => {
  await rig.stop();
  await postgres.stop();
  await rig.close();
});

const at = (served: Served | null) => rig.client(rig.operator, served ?? assert.fail('not served'));

/** Asks for the bundle, and waits until its rollout stands at the switch, which the target holds up. */
async function heldAtSwitch(text: string): Promise<string> {
  await rig.trouble.make('wait');
  await rig.bundle(text);
  const asked = await rig.cli(rig.operator, 'promote', '--environment', 'dev', '--no-wait');
  assert.equal(asked.status, 0, asked.stdout);
  const id = String(asked.json.id);
  await until(30, async () => {
    const { rollout } = await at(second).release(id);
    return rollout?.steps.some(({ state }) => state === 'waiting') ? true : null;
  });
  return id;
}

async function endsLive(id: string): Promise<void> {
  await rig.trouble.end('wait');
  const { release } = await until(90, async () => {
    const release = await at(second).release(id);
    return release.state === 'live' ? { release } : null;
  });
  assert.ok(release.rollout?.steps.every(({ state }) => state === 'done'));
}

test('what one process is asked, another one shows, and both first tokens are one', async () => {
  assert.equal((await at(first).whoami()).person, 'operator');
  assert.equal((await at(second).whoami()).token, (await at(first).whoami()).token);
  const id = await heldAtSwitch('print("one")\n');
  assert.equal((await at(first).release(id)).rollout?.id, (await at(second).release(id)).rollout?.id);
  await endsLive(id);
});

test('a listener that was cut off goes on after the last event it saw, at another process, and misses none', async () => {
  const entries = (await at(first).entries({ before: null, subject: null, limit: 1000 })).reverse();
  const stop = new AbortController();
  const endpoint = { url: first?.url ?? '', token: rig.operator };
  const seen: number[] = [];
  for await (const { id } of follow(endpoint, '/events?after=-1', { signal: stop.signal, patienceSeconds: 5 })) {
    seen.push(Number(id));
    if (seen.length === 5) stop.abort();
  }
  const last = seen.at(-1) ?? -1;
  const rest = await fetch(new URL('/events', second?.url), {
    headers: { authorization: `Bearer ${rig.operator}`, 'last-event-id': String(last) },
  });
  const reader = rest.body?.getReader() ?? assert.fail('no body');
  const wanted = entries
    .filter(({ action }) => /^(release|approval|rollout|step|asset|toggle|environment|bundle)\./.test(action))
    .map(({ seq }) => seq);
  let text = '';
  const idsIn = () => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  while (idsIn().length < wanted.length - seen.length) {
    text += new TextDecoder().decode((await reader.read()).value);
  }
  await reader.cancel();
  assert.deepEqual([...seen, ...idsIn()], wanted);
});

test('a rollout of a process that was killed is carried on by the other one', async () => {
  const id = await heldAtSwitch('print("two")\n');
  await first?.kill('SIGKILL');
  await endsLive(id);
  first = await rig.serve({ database: postgres.url });
});

test('while the database is away the answer says so, and when it is back the rollout goes on by itself', async () => {
  const id = await heldAtSwitch('print("three")\n');
  const { port } = postgres;
  await postgres.stop();
  await assert.rejects(at(second).release(id), (error) => isFailure(error, 'database-unreachable'));
  const health = await fetch(new URL('/health', second?.url));
  assert.equal(JSON.stringify(await health.json()).includes('database-unreachable'), true);
  const command = await rig.cli(rig.operator, 'status');
  assert.equal(command.status, 3);
  assert.match(command.stdout, /database-unreachable/);
  assert.doesNotMatch(command.stdout, /:[^@/]+@127/, 'the address is shown without its password');
  postgres = await startEmbeddedPostgres({ folder: join(rig.folder, 'postgres'), port });
  await endsLive(id);
});

test('an asset is stopped as soon as the rollout that is under way lets go of the environment', async () => {
  const id = await heldAtSwitch('print("busy")\n');
  const asked = await rig.cli(rig.operator, 'disable', 'spark:job/rates', '--environment', 'dev', '--no-wait');
  assert.equal(asked.status, 0, asked.stdout);
  const toggle = String(asked.json.id);
  const because = await until(20, async () => {
    const now = await at(second).toggleState(toggle);
    return now.because.startsWith('waiting') ? now.because : null;
  });
  assert.equal(because, `waiting for ${id}, which is being rolled out in dev`);
  await endsLive(id);
  await until(30, async () => ((await at(second).toggleState(toggle)).state === 'done' ? true : null));
});

test('a stuck rollout waits for a person, who sends it forward', async () => {
  const id = await heldAtSwitch('print("stuck")\n');
  const store = await openStore(postgres.url);
  await store.db.updateTable('rollout').set({ state: 'stuck' }).where('id', '=', id).execute();
  await store.close();
  await until(30, async () => ((await at(second).release(id)).state === 'stuck' ? true : null));
  const nobody = await rig.cli(
    await rig.token('ada@example.test', 'author'),
    'resume',
    id,
    '--forward',
    '--because',
    'x',
  );
  assert.equal(nobody.status, 2);
  const unsaid = await rig.cli(rig.operator, 'resume', id, '--because', 'x');
  assert.equal(unsaid.status, 2);
  const resumed = await rig.cli(rig.operator, 'resume', id, '--forward', '--because', 'the target answers again');
  assert.equal(resumed.status, 0, resumed.stdout);
  await endsLive(id);
  const again = await rig.cli(rig.operator, 'resume', id, '--backward', '--because', 'too late');
  assert.match(again.stdout, /rollout-not-stuck/);
});

test('a target that is away is told of, with what to do, and the release goes on when it is back', async () => {
  await rig.trouble.make('away');
  await rig.bundle('print("four")\n');
  const asked = await rig.cli(rig.operator, 'promote', '--environment', 'dev');
  assert.equal(asked.status, 3, asked.stdout);
  assert.match(JSON.stringify(asked.json.trouble), /away/);
  await rig.trouble.end('away');
  await endsLive(String(asked.json.id));
});

test('a control plane that does not answer is named, and nothing is asked of it', async () => {
  const { url } = first ?? assert.fail();
  await first?.kill('SIGTERM');
  const gone = rig.client(rig.operator, { url, pid: 0, log: () => '', kill: async () => undefined });
  await assert.rejects(gone.status(null), (error) => isFailure(error, 'server-unreachable'));
});
