import { isEnded, type RolloutState } from '../../src/delivery/rollout/rollout.ts';
import type { Step } from '../../src/model/step.ts';
import type { Direction, Mark, Outcome, TargetConnection } from '../../src/targets/contract.ts';
import type { RolloutStore, Targets } from '../../src/workflows/ports.ts';
import type { Estate } from './estate.ts';
import { actOn, liveIn, lookAt, type TargetState } from './memory-target.ts';
import type { Worker } from './world.ts';

/** What is known of a worker from outside: the epoch it was truly given last, and whether it was told that it is stale. */
type Standing = { claim: number; isStale: boolean };
const standings = new WeakMap<Worker, Standing>();

function standingOf(worker: Worker): Standing {
  const known = standings.get(worker) ?? { claim: 0, isStale: false };
  standings.set(worker, known);
  return known;
}

/** The store as one worker sees it, through calls that may fail. */
export function watchedStore(worker: Worker, estate: Estate): RolloutStore {
  const { rollouts } = estate;
  const standing = standingOf(worker);
  function counted<Answer>(change: () => Answer): Answer {
    const before = rollouts.audit.length;
    const answer = change();
    const added = rollouts.audit.length - before;
    const expected = answer === 'recorded' ? 1 : 0;
    if (added !== expected) estate.violations.push(`a change left ${added} audit entries instead of ${expected}`);
    estate.recorded += expected;
    return answer;
  }
  function told<Answer>(answer: Answer): Answer {
    if (answer === 'stale') standing.isStale = true;
    return answer;
  }
  return {
    open: (input) => worker.call('store', () => rollouts.open(input)),
    read: (id) => worker.call('store', () => rollouts.read(id)),
    unfinished: () => worker.call('store', () => rollouts.unfinished()),
    async claim(input) {
      const answer = await worker.call('store', () => {
        const claimed = rollouts.claim(input);
        if (claimed !== null && 'epoch' in claimed) taken(estate, worker, input.id);
        return claimed;
      });
      if (answer !== null && 'epoch' in answer) standing.claim = answer.epoch;
      return answer;
    },
    renew: (input) => worker.call('store', () => rollouts.renew(input)),
    release: (input) =>
      worker.call('store', () => {
        rollouts.release(input);
        if (estate.carriers.get(input.id) === worker.name) estate.carriers.delete(input.id);
      }),
    record: async (change) => told(await worker.call('store', () => counted(() => rollouts.record(change)))),
    move: async (input) =>
      told(
        await worker.call('store', () => {
          const answer = counted(() => rollouts.move(input));
          if (answer === 'recorded') sealed(estate, input);
          return answer;
        }),
      ),
  };
}

function sealed(estate: Estate, { id, to, because }: { id: string; to: RolloutState; because: string }): void {
  if (to === 'stuck' && because === '') estate.violations.push(`${id} is stuck without a reason`);
  if (isEnded(to)) estate.carriers.delete(id);
  if (to === 'done' || to === 'undone') estate.ended(id, to);
}

/** A rollout taken from somebody who had not given it up was taken over. */
function taken(estate: Estate, worker: Worker, rollout: string): void {
  estate.claims += 1;
  if (estate.carriers.has(rollout)) estate.takeovers += 1;
  estate.carriers.set(rollout, worker.name);
}

/** The targets as one worker sees them while it carries a rollout. */
export function watchedTargets(worker: Worker, estate: Estate, rollout: string): Targets {
  return {
    connect: (_environment, target) =>
      worker.call('connect', () => {
        const state = estate.targets[target];
        if (state === undefined) throw new Error(`no target ${target}`);
        return connection({ worker, estate, rollout, target, state });
      }),
  };
}

type Line = { worker: Worker; estate: Estate; rollout: string; target: string; state: TargetState };

function connection({ worker, estate, rollout, target, state }: Line): TargetConnection {
  const { behaviour } = estate.scenario;
  const standing = standingOf(worker);

  function act(step: Step, direction: Direction, mark: Mark): Promise<Outcome> {
    const index = indexOf(estate, rollout, step);
    const { claim } = standing;
    judgeAct({ estate, rollout, index, direction, isStale: standing.isStale });
    const witness = {
      effect: (kind: Step['kind']) => estate.ledger.push({ target, rollout, index, direction, kind, claim }),
      wrong: (what: string) => estate.violations.push(what),
    };
    const effect = () => {
      unlessOut(estate, target);
      return actOn(state, behaviour, { step, direction, mark, now: estate.now() }, witness);
    };
    const lie: Outcome = { outcome: 'done', detail: 'a lie' };
    return worker.call('act', effect, { seconds: behaviour.actSeconds, lie });
  }
  return {
    inspect: () => worker.call('look', () => liveIn(state)),
    look: (step, direction) =>
      worker.call('look', () => {
        unlessOut(estate, target);
        return lookAt(state, behaviour, { step, direction, now: estate.now() });
      }),
    act,
    health: async () => [],
    close: async () => undefined,
  };
}

type ActAsked = { estate: Estate; rollout: string; index: number; direction: Direction; isStale: boolean };

/** What must hold whenever a worker asks a target to act, whatever comes of it. */
function judgeAct({ estate, rollout, index, direction, isStale }: ActAsked): void {
  const now = estate.rollouts.read(rollout);
  const row = now?.steps[index];
  if (isStale) estate.violations.push(`${rollout}/${index} was acted on by a worker that was told it is stale`);
  if (direction === 'forward' && row?.state === 'pending') {
    estate.violations.push(`${rollout}/${index} was acted on before its intent was recorded`);
  }
  if (direction === 'undo' && now?.state === 'running') {
    estate.violations.push(`${rollout}/${index} was undone before the rollout had turned back`);
  }
}

function unlessOut({ scenario, now }: Estate, target: string): void {
  const { outage } = scenario;
  const seconds = now() / 1000;
  if (outage?.target === target && seconds >= outage.fromSeconds && seconds < outage.untilSeconds) {
    throw new Error(`${target} answered 500`);
  }
}

function indexOf(estate: Estate, rollout: string, step: Step): number {
  return estate.rollouts.read(rollout)?.steps.findIndex((row) => row.step === step) ?? -1;
}
