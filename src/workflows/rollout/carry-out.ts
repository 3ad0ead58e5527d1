import { fail, isFailure } from '../../base/errors.ts';
import { nextAct } from '../../delivery/rollout/next-act.ts';
import { type Act, isEnded, type Rollout, type StepRow, stepKey } from '../../delivery/rollout/rollout.ts';
import type { Direction } from '../../targets/contract.ts';
import type { RolloutStore } from '../ports.ts';
import { type Hold, takeHold } from './carry-out-hold.ts';
import type { CarriedOut, CarryOutPorts, CarryOutRules } from './carry-out-rules.ts';
import { doStep, undoStep } from './carry-out-step.ts';
import { type Connections, connections } from './connections.ts';
import { moveAudit } from './rollout-audit.ts';
import { type StepBinding, stepActs } from './step-acts.ts';

export const standardRules: CarryOutRules = { nextAct, stepKey, doStep, undoStep, leaseSeconds: 30, every };

/**
 * Carries a rollout as far as it goes now: takes it with a new epoch, then does what `nextAct` says, step by step, until it
 * has ended, has to wait, or somebody else has taken over. May be called at any time, any number of times, after any crash.
 * Throws only what the store throws, and `rollout-not-found`.
 */
export async function carryOut(
  id: string,
  ports: CarryOutPorts,
  rules: CarryOutRules = standardRules,
): Promise<CarriedOut> {
  for (;;) {
    const end = await carryOneWay(id, ports, rules);
    if (end !== 'turned-back') return end;
  }
}

async function carryOneWay(
  id: string,
  ports: CarryOutPorts,
  rules: CarryOutRules,
): Promise<CarriedOut | 'turned-back'> {
  const hold = await takeHold(id, ports, rules);
  if ('heldBy' in hold) return hold;
  if ('ended' in hold) return endedState(id, ports.store);
  const open = connections(ports.targets);
  try {
    return await carry({ id, ports, rules, hold, open });
  } catch (error) {
    if (isFailure(error, 'rollout-lost')) return heldElsewhere(id, ports, rules);
    // The store did not answer; if it answers now, the next worker need not wait for the lease to run out.
    await hold.release().catch(() => undefined);
    throw error;
  } finally {
    hold.stop();
    await open.close();
  }
}

type Carrying = { id: string; ports: CarryOutPorts; rules: CarryOutRules; hold: Hold; open: Connections };

async function carry(carrying: Carrying): Promise<CarriedOut | 'turned-back'> {
  const { ports, rules, hold } = carrying;
  for (;;) {
    const rollout = await held(carrying);
    const act = rules.nextAct(rollout, ports.clock.now());
    if (act.act === 'wait') {
      await hold.release();
      return { waitUntil: act.until };
    }
    if (act.act === 'finish') return finish(carrying, rollout, act);
    const because = act.act === 'turn-back' ? act.because : await takeStep(carrying, rollout, act);
    if (because !== null) return turnBack(carrying, because);
  }
}

/** The rollout as it is now; throws `rollout-lost` when this call does not hold it any more. */
async function held({ id, ports, hold }: Carrying): Promise<Rollout> {
  const rollout = await ports.store.read(id);
  if (rollout === null) throw fail('rollout-not-found', { rollout: id });
  if (hold.isLost() || rollout.epoch !== hold.epoch) throw fail('rollout-lost', { rollout: id });
  return rollout;
}

/** Does or undoes the step; gives the reason when the rollout must turn back. */
async function takeStep(
  carrying: Carrying,
  rollout: Rollout,
  act: Extract<Act, { act: 'step' | 'undo' }>,
): Promise<string | null> {
  const { rules } = carrying;
  const row = rollout.steps.find(({ index }) => index === act.index);
  if (row === undefined) throw new Error(`carryOut: ${rollout.id} has no step ${act.index}`);
  const acts = stepActs(bindingOf(carrying, { rollout, row, direction: act.act === 'step' ? 'forward' : 'undo' }));
  const end = act.act === 'step' ? await rules.doStep(acts, row) : await rules.undoStep(acts, row);
  return end.turnBack;
}

function bindingOf(
  { ports, rules, hold, open }: Carrying,
  { rollout, row, direction }: { rollout: Rollout; row: StepRow; direction: Direction },
): StepBinding {
  const key = rules.stepKey(rollout.id, row.index, direction);
  return { rollout, row, direction, mark: { key, epoch: hold.epoch }, connections: open, ...ports };
}

/**
 * Turning back gives the rollout up and takes it anew: with a new epoch, no late write of the way forward can land among
 * what is being undone.
 */
async function turnBack({ id, ports, hold }: Carrying, because: string): Promise<'turned-back'> {
  const at = ports.clock.now();
  const audit = moveAudit({ id, to: 'undoing', epoch: hold.epoch, because, at, holder: ports.holder });
  const moved = await ports.store.move({ id, epoch: hold.epoch, from: 'running', to: 'undoing', because, at, audit });
  if (moved === 'stale') throw fail('rollout-lost', { rollout: id });
  await ports.pause('turned-back');
  await hold.release();
  return 'turned-back';
}

async function finish(
  { id, ports, hold }: Carrying,
  rollout: Rollout,
  { state, because }: Extract<Act, { act: 'finish' }>,
): Promise<CarriedOut> {
  if (isEnded(rollout.state)) return { state: rollout.state };
  const at = ports.clock.now();
  const audit = moveAudit({ id, to: state, epoch: hold.epoch, because, at, holder: ports.holder });
  const moved = await ports.store.move({ id, epoch: hold.epoch, from: rollout.state, to: state, because, at, audit });
  if (moved === 'stale') throw fail('rollout-lost', { rollout: id });
  await ports.pause('finished');
  return { state };
}

async function endedState(id: string, store: RolloutStore): Promise<CarriedOut> {
  const rollout = await store.read(id);
  if (rollout === null) throw fail('rollout-not-found', { rollout: id });
  return { state: rollout.state };
}

async function heldElsewhere(id: string, { store, clock }: CarryOutPorts, rules: CarryOutRules): Promise<CarriedOut> {
  const rollout = await store.read(id);
  if (rollout !== null && isEnded(rollout.state)) return { state: rollout.state };
  return { heldBy: 'another worker', until: new Date(clock.now().getTime() + rules.leaseSeconds * 1000) };
}

function every(seconds: number, beat: () => void): { stop(): void } {
  const timer = setInterval(beat, seconds * 1000);
  return { stop: () => clearInterval(timer) };
}
