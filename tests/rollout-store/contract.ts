import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { buildPlan } from '../../src/delivery/plan/build-plan.ts';
import type { Plan } from '../../src/delivery/plan/plan.ts';
import type { StepState } from '../../src/delivery/rollout/rollout.ts';
import type { AuditEntry, RolloutStore } from '../../src/workflows/ports.ts';
import { smallDeliveries, smallEstate } from '../estate/small-estate.ts';

/** A store under test, and the actions and subjects that its audit log holds, oldest first. */
export type StoreUnderTest = { store: RolloutStore; audited(): Promise<string[]> };

const start = Date.UTC(2026, 0, 1);
const leaseSeconds = 30;

/** The promises of every rollout store. */
export function holdsRolloutStoreContract(subject: () => Promise<StoreUnderTest>): void {
  test('opening the same rollout twice gives the one that exists, and one entry in the log', async () => {
    const { store, audited } = await subject();
    const { id, environment, plan } = fresh();
    const first = await store.open(opening(id, plan));
    assert.deepEqual(first, {
      id,
      release: `release ${id}`,
      environment,
      plan: plan.digest,
      state: 'running',
      epoch: 0,
      steps: plan.steps.map((step, index) => ({
        index,
        step,
        state: 'pending',
        attempts: 0,
        detail: '',
        notBefore: null,
      })),
    });
    assert.deepEqual(await store.open(opening(id, plan)), first);
    assert.deepEqual(await store.read(id), first);
    assert.deepEqual(ofSubject(await audited(), id), [`rollout.running ${id}`]);
  });

  test('a rollout that nobody knows is null to read and to claim', async () => {
    const { store } = await subject();
    assert.equal(await store.read('no such rollout'), null);
    assert.equal(await claim(store, 'no such rollout', 'a', 0), null);
  });

  test('an environment has one open rollout, of all that are opened at once', async () => {
    const { store } = await subject();
    const { id, plan } = fresh();
    const opened = await Promise.all([1, 2, 3, 4].map((n) => store.open(opening(`${id}-${n}`, plan))));
    const winners = opened.filter((answer) => 'id' in answer);
    assert.equal(winners.length, 1);
    const [winner] = winners;
    assert.deepEqual(
      opened.filter((answer) => 'busy' in answer),
      [1, 2, 3].map(() => ({ busy: winner?.id })),
    );
  });

  test('a lease is held until it runs out, and each taking raises the epoch', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    assert.deepEqual(await claim(store, id, 'a', 0), { epoch: 1 });
    assert.deepEqual(await claim(store, id, 'b', 29), { heldBy: 'a', until: at(30) });
    assert.deepEqual(await claim(store, id, 'a', 29), { heldBy: 'a', until: at(30) });
    assert.deepEqual(await claim(store, id, 'b', 30), { epoch: 2 });
    assert.equal((await store.read(id))?.epoch, 2);
  });

  test('of workers that claim at once, one gets it', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((holder) => claim(store, id, holder, 0)));
    assert.equal(answers.filter((answer) => answer !== null && 'epoch' in answer).length, 1);
  });

  test('a renewed lease lasts longer; one that was taken over cannot be renewed or given up by the old holder', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    await claim(store, id, 'a', 0);
    const renewal = { id, leaseSeconds, now: at(20) };
    assert.equal(await store.renew({ ...renewal, holder: 'a', epoch: 1 }), 'recorded');
    assert.deepEqual(await claim(store, id, 'b', 49), { heldBy: 'a', until: at(50) });
    assert.deepEqual(await claim(store, id, 'b', 50), { epoch: 2 });
    assert.equal(await store.renew({ ...renewal, holder: 'a', epoch: 1 }), 'stale');
    await store.release({ id, holder: 'a', epoch: 1 });
    assert.deepEqual(await claim(store, id, 'c', 51), { heldBy: 'b', until: at(80) });
  });

  test('a rollout that was given up can be taken at once, and its old holder records nothing more', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    await claim(store, id, 'a', 0);
    await store.release({ id, holder: 'a', epoch: 1 });
    assert.equal(await record(store, { id, epoch: 1, from: 'pending', to: 'intended' }), 'stale');
    assert.deepEqual(await claim(store, id, 'b', 1), { epoch: 2 });
  });

  test('a change is recorded with its entry when epoch and state are right, and leaves nothing when they are not', async () => {
    const { store, audited } = await subject();
    const { id } = await opened(store);
    await claim(store, id, 'a', 0);
    assert.equal(await record(store, { id, epoch: 1, from: 'pending', to: 'intended' }), 'recorded');
    const before = [await store.read(id), ofSubject(await audited(), `${id}/0`)];
    assert.equal(await record(store, { id, epoch: 0, from: 'intended', to: 'done' }), 'stale');
    assert.equal(await record(store, { id, epoch: 2, from: 'intended', to: 'done' }), 'stale');
    assert.equal(await record(store, { id, epoch: 1, from: 'pending', to: 'done' }), 'stale');
    assert.equal(await record(store, { id: 'no such rollout', epoch: 1, from: 'pending', to: 'done' }), 'stale');
    assert.deepEqual([await store.read(id), ofSubject(await audited(), `${id}/0`)], before);
    assert.deepEqual(before[1], [`step.intended ${id}/0`]);
  });

  test('of two who record the same change at once, one is stale', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    await claim(store, id, 'a', 0);
    const both = [0, 1].map(() => record(store, { id, epoch: 1, from: 'pending', to: 'intended' }));
    assert.deepEqual((await Promise.all(both)).sort(), ['recorded', 'stale']);
  });

  test('attempts count what could not be told, and a resumed rollout starts from none', async () => {
    const { store } = await subject();
    const { id } = await opened(store);
    await claim(store, id, 'a', 0);
    const states: StepState[] = ['intended', 'errored', 'intended', 'intended', 'errored'];
    let from: StepState = 'pending';
    for (const to of states) {
      assert.equal(await record(store, { id, epoch: 1, from, to, notBefore: at(5) }), 'recorded');
      from = to;
    }
    const [row] = (await store.read(id))?.steps ?? [];
    assert.deepEqual({ ...row, step: null }, { ...untouched, state: 'errored', attempts: 3, notBefore: at(5) });
    assert.equal(await move(store, { id, epoch: 1, from: 'running', to: 'stuck' }), 'recorded');
    assert.equal(await move(store, { id, epoch: 1, from: 'stuck', to: 'running' }), 'recorded');
    const [resumed] = (await store.read(id))?.steps ?? [];
    assert.deepEqual({ ...resumed, step: null }, { ...untouched, state: 'errored' });
  });

  test('a rollout that ended frees its environment and its lease; the epoch goes on', async () => {
    const { store } = await subject();
    const { id, plan } = await opened(store);
    await claim(store, id, 'a', 0);
    assert.equal(await move(store, { id, epoch: 0, from: 'running', to: 'done' }), 'stale');
    assert.equal(await move(store, { id, epoch: 1, from: 'undoing', to: 'undone' }), 'stale');
    assert.equal(await move(store, { id, epoch: 1, from: 'running', to: 'done' }), 'recorded');
    assert.equal(await claim(store, id, 'b', 100), null);
    const next = await store.open(opening(`${id}-next`, plan));
    assert.equal('epoch' in next && next.epoch, 1);
    assert.deepEqual(await claim(store, `${id}-next`, 'b', 100), { epoch: 2 });
  });

  test('a stuck rollout keeps its environment until it is given up, and is not among the unfinished', async () => {
    const { store } = await subject();
    const { id, plan } = await opened(store);
    assert.ok((await store.unfinished()).includes(id));
    await claim(store, id, 'a', 0);
    assert.equal(await move(store, { id, epoch: 1, from: 'running', to: 'stuck' }), 'recorded');
    assert.ok(!(await store.unfinished()).includes(id));
    assert.deepEqual(await store.open(opening(`${id}-next`, plan)), { busy: id });
    assert.equal(await move(store, { id, epoch: 1, from: 'stuck', to: 'abandoned' }), 'recorded');
    assert.ok('id' in (await store.open(opening(`${id}-next`, plan))));
  });
}

const untouched = { index: 0, step: null, state: 'pending', attempts: 0, detail: '', notBefore: null };

function at(seconds: number): Date {
  return new Date(start + seconds * 1000);
}

/** A rollout nobody has opened, in an environment of its own. */
function fresh(): { id: string; environment: string; plan: Plan } {
  const id = randomUUID();
  const estate = smallEstate({ units: { 'spark/settle': { code: 'settle 1' } } });
  const [environment] = estate.content.environments;
  assert.ok(environment);
  const own = { ...environment, name: `prod-${id}` };
  const plan = buildPlan({
    project: 'payments',
    environment: own,
    bundle: estate.bundle,
    content: { ...estate.content, environments: [own] },
    live: {
      spark: { units: [], settings: {} },
      dbt: { units: [], settings: {} },
      airflow: { units: [], settings: {} },
    },
    liveContents: new Map(),
    deliveries: smallDeliveries,
    disabled: [],
  });
  return { id, environment: own.name, plan };
}

function opening(id: string, plan: Plan) {
  return { id, release: `release ${id}`, plan, at: at(0), audit: entry('rollout.running', id) };
}

async function opened(store: RolloutStore): Promise<{ id: string; plan: Plan }> {
  const { id, plan } = fresh();
  await store.open(opening(id, plan));
  return { id, plan };
}

function claim(store: RolloutStore, id: string, holder: string, seconds: number) {
  return store.claim({ id, holder, now: at(seconds), leaseSeconds });
}

type Recording = { id: string; epoch: number; from: StepState; to: StepState; notBefore?: Date };

function record(store: RolloutStore, { id, epoch, from, to, notBefore }: Recording) {
  const audit = entry(`step.${to}`, `${id}/0`);
  return store.record({ rollout: id, index: 0, epoch, from, to, detail: '', notBefore: notBefore ?? null, audit });
}

type Moving = Pick<Parameters<RolloutStore['move']>[0], 'id' | 'epoch' | 'from' | 'to'>;

function move(store: RolloutStore, moving: Moving) {
  const audit = entry(`rollout.${moving.to}`, moving.id);
  return store.move({ ...moving, because: 'a test', at: at(0), audit });
}

function entry(action: string, subject: string): AuditEntry {
  return { at: at(0), actor: 'olga', action, subject, detail: {} };
}

function ofSubject(audited: string[], subject: string): string[] {
  return audited.filter((line) => line.endsWith(` ${subject}`));
}
