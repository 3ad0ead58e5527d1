import { join } from 'node:path';
import { leafOf } from '../../src/delivery/audit/entry.ts';
import { grow, rootOf } from '../../src/delivery/audit/merkle.ts';
import { buildPlan } from '../../src/delivery/plan/build-plan.ts';
import type { Plan } from '../../src/delivery/plan/plan.ts';
import { isEnded, type Rollout } from '../../src/delivery/rollout/rollout.ts';
import { partKey, unitKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import type { Store } from '../../src/store/open-store.ts';
import { readLog, readTexts } from '../../src/store/queries/audit.ts';
import { rolloutStore } from '../../src/store/queries/rollouts.ts';
import type { RolloutStore } from '../../src/workflows/ports.ts';
import { assetIn, type SmallEstate, smallDeliveries, smallEstate } from '../estate/small-estate.ts';
import { carryOutPlainly } from '../simulator/estate.ts';
import { liveIn, settledAt, type TargetBehaviour, type TargetState, visible } from '../simulator/memory-target.ts';
import { type Random, seeded } from '../simulator/random.ts';
import { type Blow, type Lane, lane } from './lane.ts';
import { readLedger } from './ledger-target.ts';

export type TwinOrder = { store: Store; url: string; folder: string; environment: string; kills: number; seed: number };
export type TwinReport = {
  kills: number;
  freezes: number;
  rollouts: number;
  done: number;
  undone: number;
  doubled: string[];
  lost: string[];
  stuck: string[];
  wrong: string[];
  byPoint: Map<string, number>;
};

/** Where a worker is struck; `any time` comes on top. */
const points = [
  'claimed',
  'looked',
  'intended',
  'intended-again',
  'target-decided',
  'target-written',
  'done-acted',
  'done-looked-again',
  'recorded',
  'turned-back',
  'undo-intended',
  'undo-looked',
  'undone-acted',
  'undone-looked-again',
  'undo-recorded',
  'finished',
] as const;

const behaviour: TargetBehaviour = {
  memory: 'pointer',
  runSeconds: 0.2,
  buildSeconds: 0.1,
  actSeconds: 0,
  refuses: null,
};
const leaseSeconds = 0.6;
const secondsToEnd = 120;

/** Plays rollouts one after the other in one environment, striking their workers, until so many were killed. */
export async function play(order: TwinOrder): Promise<TwinReport> {
  const { url, folder, environment, seed } = order;
  const random = seeded(seed);
  const report: TwinReport = {
    kills: 0,
    freezes: 0,
    rollouts: 0,
    done: 0,
    undone: 0,
    doubled: [],
    lost: [],
    stuck: [],
    wrong: [],
    byPoint: new Map(),
  };
  const rollouts = rolloutStore(order.store.db);
  const workers = lane({ url, folder, environment, leaseSeconds, behaviour }, random);
  try {
    while (workers.counts.kills < order.kills && report.stuck.length === 0) {
      report.rollouts += 1;
      await playOne({ order, rollouts, workers, random, report, number: report.rollouts });
    }
  } finally {
    await workers.stop();
  }
  await countEffects(folder, report);
  return { ...report, kills: workers.counts.kills, freezes: workers.counts.freezes, byPoint: workers.counts.byPoint };
}

type One = {
  order: TwinOrder;
  rollouts: RolloutStore;
  workers: Lane;
  random: Random;
  report: TwinReport;
  number: number;
};

async function playOne({ order, rollouts, workers, random, report, number }: One): Promise<void> {
  const before = await readTargets(order.folder);
  const isBad = number % 3 === 0;
  const plan = planOf(order.environment, number, before, isBad);
  const id = `${order.environment}-r${number}`;
  const at = new Date();
  const audit = { at, actor: 'olga', action: 'rollout.running', subject: id, detail: { plan: plan.digest } };
  await rollouts.open({ id, release: id, plan, at, audit });
  const striking = strikeUntilCalledOff(workers, random);
  const ended = await untilEnded(rollouts, id);
  workers.callOff();
  await striking;
  if (ended === null || ended.state === 'stuck') {
    report.stuck.push(`${id}: ${JSON.stringify(ended?.steps.filter(({ state }) => state !== 'done'))}`);
    return;
  }
  report[ended.state === 'done' ? 'done' : 'undone'] += 1;
  if (ended.state !== (isBad ? 'undone' : 'done')) report.wrong.push(`${id} is ${ended.state}`);
  const wanted = structuredClone(before);
  if (ended.state === 'done') carryOutPlainly(wanted, plan.steps, { behaviour, name: id });
  const found = await readTargets(order.folder);
  if (textOf(found) !== textOf(wanted)) report.lost.push(`${id} is ${ended.state}, but its targets are elsewhere`);
}

/** Each rollout meets several blows, most at named points in turn, some at any time. */
async function strikeUntilCalledOff(workers: Lane, random: Random): Promise<void> {
  for (;;) {
    const how: Blow['how'] = random.chance(0.2) ? 'freeze' : 'kill';
    const isTimed = random.chance(0.3);
    const point = points[random.below(points.length)] ?? 'claimed';
    const at = isTimed ? { afterMilliseconds: random.below(600) } : { point };
    if (!(await workers.deal({ how, at }))) return;
  }
}

async function untilEnded(rollouts: RolloutStore, id: string): Promise<Rollout | null> {
  const deadline = Date.now() + secondsToEnd * 1000;
  while (Date.now() < deadline) {
    const rollout = await rollouts.read(id);
    if (rollout !== null && isEnded(rollout.state)) return rollout;
    await new Promise((done) => setTimeout(done, 30));
  }
  return null;
}

/** Every release changes every layer and the shape of one DAG. A bad one ends in a step that its target refuses. */
function planOf(environment: string, number: number, live: Targets, isBad: boolean): Plan {
  const estate = estateOf(number);
  const [declared] = estate.content.environments;
  if (declared === undefined) throw new Error('a small estate has one environment');
  const own = { ...declared, name: environment };
  const known = Array.from({ length: number }, (_, index) => estateOf(index));
  const plan = buildPlan({
    project: 'payments',
    environment: own,
    bundle: estate.bundle,
    content: { ...estate.content, environments: [own] },
    live: Object.fromEntries(Object.entries(live).map(([target, state]) => [target, liveIn(state)])),
    liveContents: new Map(known.map(({ bundle, content }) => [bundle, { ...content, environments: [own] }])),
    deliveries: smallDeliveries,
    disabled: [],
  });
  return isBad ? { ...plan, steps: [...plan.steps, impossible] } : plan;
}

function estateOf(number: number): SmallEstate {
  return smallEstate({
    units: {
      'spark/settle': { code: `settle ${number}` },
      'dbt/shop': { code: `shop ${number}` },
      'airflow/main#orders.py': { code: `orders ${number}`, graph: `graph ${number}`, runs: ['dbt/shop'] },
      'airflow/main#refunds.py': { code: 'refunds', runs: ['spark/settle'] },
    },
    values: { lake: `lake ${number}` },
  });
}

const nowhere = unitKey(partKey('airflow', 'main'), 'nowhere.py');
/** Stopping an asset of a unit that is not there: the target refuses it. */
const impossible: Step = { kind: 'disable', target: 'airflow', asset: assetIn(nowhere), unit: nowhere };

type Targets = { [target: string]: TargetState };

async function readTargets(folder: string): Promise<Targets> {
  const read = Object.keys(smallDeliveries).map(
    async (target): Promise<[string, TargetState]> => [
      target,
      settledAt((await readLedger(join(folder, target), behaviour)).state, Date.now()),
    ],
  );
  return Object.fromEntries(await Promise.all(read));
}

function textOf(targets: Targets): string {
  return Object.entries(targets)
    .map(([target, state]) => `${target} ${visible(state)}`)
    .join('\n');
}

/** No effect twice for one step and direction, none by an older epoch after a newer one. */
async function countEffects(folder: string, report: TwinReport): Promise<void> {
  for (const target of Object.keys(smallDeliveries)) {
    const { effects, wrong } = await readLedger(join(folder, target), behaviour);
    report.wrong.push(...wrong);
    const seen = new Set<string>();
    let newest = 0;
    for (const { key, epoch, kind, direction } of effects) {
      const effect = `${target} ${key} ${direction} ${kind}`;
      if (seen.has(effect)) report.doubled.push(effect);
      seen.add(effect);
      if (epoch < newest) report.wrong.push(`${effect} under epoch ${epoch} after ${newest}`);
      newest = Math.max(newest, epoch);
    }
  }
}

/** What is wrong with the audit log: its tree, or its word on any rollout or step that the rows say otherwise of. */
export async function auditFaults(store: Store): Promise<string[]> {
  const { frontier, root } = await readLog(store.db);
  const texts = await readTexts(store.db, { from: 0, limit: frontier.size + 1 });
  let built = { size: 0, peaks: [] } as Parameters<typeof grow>[0];
  for (const text of texts) built = grow(built, leafOf(text));
  const faults = built.size === frontier.size && rootOf(built).equals(root) ? [] : ['the audit tree is broken'];
  const states = new Map<string, string>();
  for (const text of texts) {
    const { subject, action }: { subject: string; action: string } = JSON.parse(text);
    states.set(subject, action.slice(action.indexOf('.') + 1));
  }
  const rows = await store.db.selectFrom('rollout_step').select(['rollout', 'index', 'state']).execute();
  const rollouts = await store.db.selectFrom('rollout').select(['id', 'state']).execute();
  const said = (subject: string, state: string) =>
    (states.get(subject) ?? 'pending') === state ? [] : [`${subject} is ${state}, the log says ${states.get(subject)}`];
  return [
    ...faults,
    ...rows.flatMap(({ rollout, index, state }) => said(`${rollout}/${index}`, state)),
    ...rollouts.flatMap(({ id, state }) => said(id, state)),
  ];
}
