import { buildPlan } from '../../src/delivery/plan/build-plan.ts';
import type { Plan } from '../../src/delivery/plan/plan.ts';
import type { LiveTargets, PlanInput } from '../../src/delivery/plan/plan-input.ts';
import { isEnded } from '../../src/delivery/rollout/rollout.ts';
import type { BundleContent } from '../../src/model/bundle.ts';
import type { Digest } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { type SmallEstate, smallDeliveries } from '../estate/small-estate.ts';
import type { LedgerEntry } from './ledger.ts';
import { type MemoryRollouts, memoryRollouts } from './memory-rollouts.ts';
import { actOn, emptyTarget, liveIn, type TargetBehaviour, type TargetState, visible } from './memory-target.ts';
import type { Scenario } from './scenario.ts';

/** The store and the targets of one run, and what was noticed about them. */
export type Estate = {
  scenario: Scenario;
  rollouts: MemoryRollouts;
  targets: { [target: string]: TargetState };
  ledger: LedgerEntry[];
  violations: string[];
  /** How many changes the store took, each of which must be in the audit log. */
  recorded: number;
  stuck: number;
  claims: number;
  /** How often a rollout was taken from a worker that had not given it up. */
  takeovers: number;
  /** Who carries each rollout, as far as the store has agreed to it. */
  carriers: Map<string, string>;
  now(): number;
  live(): LiveTargets;
  /** The targets as a text; equal texts mean that the same is live. */
  visible(): string;
  planInput(estate: SmallEstate): PlanInput;
  /** Remembers what the targets must look like when the rollout has ended. */
  opened(rollout: string, plan: Plan): void;
  /** Compares the targets with what the end of the rollout promises. */
  ended(rollout: string, state: 'done' | 'undone'): void;
  /** What the targets must look like after the last rollout that ended; null before the first. */
  expected(): string | null;
};

export function estateOf(scenario: Scenario, now: () => number): Estate {
  const targets = Object.fromEntries(Object.keys(smallDeliveries).map((target) => [target, emptyTarget()]));
  const contents = new Map<Digest, BundleContent>([[scenario.live.bundle, scenario.live.content]]);
  const promises = new Map<string, { done: string | null; undone: string }>();
  let last: string | null = null;

  const estate: Estate = {
    scenario,
    rollouts: memoryRollouts(),
    targets,
    ledger: [],
    violations: [],
    recorded: 0,
    stuck: 0,
    claims: 0,
    takeovers: 0,
    carriers: new Map(),
    now,
    live: () => Object.fromEntries(Object.entries(targets).map(([target, state]) => [target, liveIn(state)])),
    visible: () => seen(targets),
    planInput(wanted) {
      contents.set(wanted.bundle, wanted.content);
      const environment = wanted.content.environments[0];
      if (environment === undefined) throw new Error('a small estate has one environment');
      return {
        project: wanted.content.project,
        environment,
        bundle: wanted.bundle,
        content: wanted.content,
        live: estate.live(),
        liveContents: contents,
        deliveries: smallDeliveries,
        disabled: scenario.disabled,
      };
    },
    opened(rollout, plan) {
      const wanted = structuredClone(targets);
      const { behaviour } = scenario;
      const isPossible = carryOutPlainly(wanted, plan.steps, { behaviour, name: `plainly ${rollout}` });
      promises.set(rollout, { done: isPossible ? seen(wanted) : null, undone: seen(targets) });
    },
    ended(rollout, state) {
      const promised = promises.get(rollout)?.[state] ?? null;
      last = promised;
      if (promised !== seen(targets))
        estate.violations.push(`${rollout} ended ${state} and its targets are not as promised`);
    },
    expected: () => last,
  };
  const start = startOf(scenario, estate);
  for (const target of Object.keys(targets)) Object.assign(targets[target] ?? {}, structuredClone(start[target]));
  return estate;
}

const starts = new WeakMap<Scenario, { [target: string]: TargetState }>();

/** The targets of the scenario before its first request; worked out once. */
function startOf(scenario: Scenario, estate: Estate): { [target: string]: TargetState } {
  const known = starts.get(scenario);
  if (known !== undefined) return known;
  const start = structuredClone(estate.targets);
  const { steps } = buildPlan(estate.planInput(scenario.live));
  carryOutPlainly(start, steps, { behaviour: scenario.behaviour, name: 'before' });
  starts.set(scenario, start);
  return start;
}

/** Whether a rollout has ended for good. */
export function hasEnded({ rollouts }: Pick<Estate, 'rollouts'>, id: string): boolean {
  const state = rollouts.read(id)?.state;
  return state !== undefined && isEnded(state) && state !== 'stuck';
}

/** Does what the steps do when nothing ever goes wrong; false when one cannot be done from here. */
export function carryOutPlainly(
  targets: { [target: string]: TargetState },
  steps: readonly Step[],
  { behaviour, name }: { behaviour: TargetBehaviour; name: string },
): boolean {
  const witness = { effect: () => undefined, wrong: () => undefined };
  let now = 0;
  for (const [index, step] of steps.entries()) {
    const state = targets[step.target];
    if (state === undefined) throw new Error(`no target ${step.target}`);
    const mark = { key: `${name}/${index}`, epoch: state.epoch };
    for (;;) {
      const answer = actOn(state, { ...behaviour, refuses: null }, { step, direction: 'forward', mark, now }, witness);
      if (answer.outcome === 'failed') return false;
      if (answer.outcome === 'done') break;
      now += answer.againInSeconds * 1000;
    }
  }
  return true;
}

function seen(targets: { [target: string]: TargetState }): string {
  return Object.entries(targets)
    .map(([target, state]) => `${target} ${visible(state)}`)
    .join('\n');
}
