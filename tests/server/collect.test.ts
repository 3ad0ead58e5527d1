import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRig, environmentText, type Rig } from './rig.ts';

let rig: Rig;
let ada = '';
const bundles: string[] = [];

before(async () => {
  rig = await createRig();
  await rig.serve();
  ada = await rig.token('ada@example.test', 'author');
  await rig.environments({ 'dev.yaml': environmentText(rig, { name: 'dev' }) });
  for (const text of ['one', 'two', 'three', 'four']) {
    const bundle = await rig.bundle(`print("${text}")\n`);
    const live = await rig.cli(ada, 'promote', bundle, '--environment', 'dev');
    assert.equal(live.json.state, 'live', live.stdout);
    bundles.push(bundle);
  }
});
after(() => rig.close());

type Place = { home: string; bundles: string[]; parts: string[]; kept: number; waiting: number };

async function collect(...more: string[]): Promise<Place> {
  const ran = await rig.cli(rig.operator, 'collect', 'dev', '--keep', '2', ...more);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  const [place, ...others] = (ran.json as { places: Place[] }).places;
  assert.ok(place !== undefined && others.length === 0);
  return place;
}

async function homeHas(): Promise<{ bundles: string[]; parts: number }> {
  const files = await readdir(join(rig.folder, 'homes', 'dev'), { recursive: true });
  const has = (digest: string) => files.includes(join('bundles', `${digest.slice(7)}.json`));
  return { bundles: bundles.filter(has), parts: files.filter((file) => /^parts\/[0-9a-f]+\.json$/.test(file)).length };
}

async function audited(): Promise<{ action: string; detail: { bundles?: string[] } }[]> {
  const { json } = await rig.cli(rig.operator, 'audit', 'list', '--limit', '200');
  const { entries } = json as { entries: { action: string; detail: { bundles?: string[] } }[] };
  return entries.filter(({ action }) => action.startsWith('environment.collect'));
}

test('only an operator removes releases', async () => {
  const refused = await rig.cli(ada, 'collect', 'dev');
  assert.notEqual(refused.status, 0);
  assert.deepEqual((await homeHas()).bundles, bundles);
});

/** The first one stays: the job that no release has changed since is still live with it. */
const unneeded = () => bundles.slice(1, 2);

test('a release past the window is marked, then removed with the parts that only it has, and that is audited', async () => {
  const parts = (await homeHas()).parts;
  assert.deepEqual([(await collect('--after', '1h')).waiting, (await homeHas()).bundles], [1, bundles]);
  const said = await collect('--after', '0s', '--dry-run');
  assert.deepEqual([said.bundles, said.parts.length, said.kept], [unneeded(), 1, 3]);
  assert.deepEqual([(await homeHas()).bundles, await audited()], [bundles, []]);
  assert.deepEqual(await collect('--after', '0s'), said);
  assert.deepEqual(await homeHas(), { bundles: bundles.filter((one) => one !== bundles[1]), parts: parts - 1 });
  assert.deepEqual((await audited()).map(({ action, detail }) => [action, detail.bundles]).sort(), [
    ['environment.collected', unneeded()],
    ['environment.collecting', unneeded()],
  ]);
});

test('a rollback to a release that was removed brings it there again', async () => {
  const back = await rig.cli(rig.operator, 'rollback', 'dev', '--to', bundles[1] ?? '');
  assert.deepEqual([back.status, back.json.state], [0, 'live'], back.stdout + back.stderr);
  assert.ok((await homeHas()).bundles.includes(bundles[1] ?? ''));
});

test('nothing is removed while a rollout is under way', async () => {
  await rig.trouble.make('wait');
  const bundle = await rig.bundle('print("five")\n');
  const promoting = rig.cli(ada, 'promote', bundle, '--environment', 'dev');
  for (let status = ''; !status.includes('"waiting"') || !status.includes('running'); ) {
    status = (await rig.cli(ada, 'status')).stdout;
  }
  const refused = await rig.cli(rig.operator, 'collect', 'dev', '--keep', '1', '--after', '0s');
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /rollout-under-way/);
  await rig.trouble.end('wait');
  assert.equal((await promoting).json.state, 'live');
});
