import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealPlan } from '../../src/delivery/plan/build-plan.ts';
import { digestOf, partKey } from '../../src/model/identifiers.ts';
import type { Sighting, TargetConnection } from '../../src/targets/contract.ts';
import type { RolloutStore } from '../../src/workflows/ports.ts';
import { carryOut } from '../../src/workflows/rollout/carry-out.ts';
import { resumeRollout } from '../../src/workflows/rollout/resume-rollout.ts';
import { asRolloutStore, memoryRollouts } from '../simulator/memory-rollouts.ts';

const plan = sealPlan({
  project: 'payments',
  environment: 'prod',
  bundle: digestOf('bundle'),
  start: digestOf('start'),
  steps: ['one', 'two'].map((name) => ({
    kind: 'configure',
    target: 'spark',
    part: partKey('spark', name),
    from: null,
    to: digestOf(name),
    bundle: digestOf('bundle'),
    fromBundle: null,
  })),
  warnings: [],
});

/** A rollout whose target is seen as the test says, and a clock that the test moves. */
async function begun(look: () => Sighting) {
  const store = asRolloutStore(memoryRollouts());
  const clock = { time: Date.UTC(2026, 0, 1), now: () => new Date(clock.time) };
  const audit = { at: clock.now(), actor: 'olga', action: 'rollout.running', subject: 'r', detail: {} };
  await store.open({ id: 'r', release: 'rel', plan, at: clock.now(), audit });
  const connection: TargetConnection = {
    inspect: async () => ({ units: [], settings: {} }),
    look: async () => look(),
    act: async () => ({ outcome: 'done', detail: 'done' }),
    health: async () => [],
    close: async () => undefined,
  };
  const targets = { connect: async () => connection };
  const carry = (holder: string) => carryOut('r', { store, targets, clock, pause: async () => undefined, holder });
  return { store, clock, carry };
}

async function untilEnded({ clock, carry }: Awaited<ReturnType<typeof begun>>) {
  for (let call = 1; ; call += 1) {
    const end = await carry(`worker ${call}`);
    if (!('waitUntil' in end)) return end;
    clock.time = end.waitUntil.getTime();
  }
}

const decision = { id: 'r', actor: 'olga', because: 'mended by hand' };

async function detailsOf(store: RolloutStore): Promise<string[]> {
  return ((await store.read('r'))?.steps ?? []).map(({ state, detail }) => `${state}: ${detail}`);
}

test('a step whose target says done and is not gets stuck with the reason, and goes on when it was mended', async () => {
  let seen: Sighting = { at: 'before' };
  const rollout = await begun(() => seen);
  assert.deepEqual(await untilEnded(rollout), { state: 'stuck' });
  assert.deepEqual(await detailsOf(rollout.store), [
    'errored: could not tell: its target said done (done) and is still as it was before',
    'pending: ',
  ]);
  seen = { at: 'after' };
  assert.equal(await resumeRollout({ ...decision, way: 'forward' }, rollout), 'running');
  assert.deepEqual(await untilEnded(rollout), { state: 'done' });
});

test('a stuck rollout can be taken back, and never forward again after that', async () => {
  let seen: Sighting = { at: 'before' };
  const rollout = await begun(() => seen);
  await untilEnded(rollout);
  assert.equal(await resumeRollout({ ...decision, way: 'backward' }, rollout), 'undoing');
  assert.deepEqual(await untilEnded(rollout), { state: 'stuck' });
  await assert.rejects(resumeRollout({ ...decision, way: 'forward' }, rollout), {
    code: 'rollout-direction-impossible',
  });
  seen = { at: 'after' };
  assert.equal(await resumeRollout({ ...decision, way: 'backward' }, rollout), 'undoing');
  assert.deepEqual(await untilEnded(rollout), { state: 'undone' });
});

test('a plan whose start has moved turns back and touches nothing', async () => {
  const rollout = await begun(() => ({ at: 'elsewhere', found: 'somebody else’s settings' }));
  assert.deepEqual(await untilEnded(rollout), { state: 'undone' });
  assert.deepEqual(await detailsOf(rollout.store), ['pending: ', 'pending: ']);
});

test('a person can give a stuck rollout up, but not one that is under way or that nobody knows', async () => {
  const rollout = await begun(() => ({ at: 'before' }));
  await assert.rejects(resumeRollout({ ...decision, way: 'abandon' }, rollout), { code: 'rollout-not-stuck' });
  await assert.rejects(resumeRollout({ ...decision, id: 'x', way: 'abandon' }, rollout), { code: 'rollout-not-found' });
  await untilEnded(rollout);
  assert.equal(await resumeRollout({ ...decision, way: 'abandon' }, rollout), 'abandoned');
  assert.deepEqual(await rollout.carry('late worker'), { state: 'abandoned' });
});

test('a worker that finds the rollout held says by whom and until when', async () => {
  const rollout = await begun(() => ({ at: 'before' }));
  await rollout.store.claim({ id: 'r', holder: 'other', now: rollout.clock.now(), leaseSeconds: 30 });
  const until = new Date(rollout.clock.time + 30_000);
  assert.deepEqual(await rollout.carry('worker'), { heldBy: 'other', until });
});
