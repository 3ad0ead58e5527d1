import { decide } from '../../src/delivery/gates/decide.ts';
import { nextAct } from '../../src/delivery/rollout/next-act.ts';
import { type Rollout, type StepRow, stepKey } from '../../src/delivery/rollout/rollout.ts';
import type { Mark, TargetConnection } from '../../src/targets/contract.ts';
import type { RolloutStore } from '../../src/workflows/ports.ts';
import { doStep, type StepActs } from '../../src/workflows/rollout/carry-out-step.ts';
import type { Mutation } from './simulate.ts';

/** Bugs that somebody could plausibly write, each as the real code with one thing changed. */
export const mutants: { [bug: string]: Mutation } = {
  'acts before it records the intent': { rules: { doStep: (acts, row) => doStep(intentLast(acts), row) } },
  'records done before it acts': { rules: { doStep: recordFirst } },
  'does not look after it has acted': { rules: { doStep: (acts, row) => doStep(blindAfterAct(acts), row) } },
  'forgets the epoch': { target: (connection) => marked(connection, (mark) => ({ ...mark, epoch: 0 })) },
  'makes up a new key for every attempt': { target: (connection) => marked(connection, numberedKeys()) },
  'undoes under the key of the way forward': {
    rules: { stepKey: (rollout, index) => stepKey(rollout, index, 'forward') },
  },
  'undoes from the first step on': { rules: { nextAct: undoesForward } },
  'does not undo the step that failed': { rules: { nextAct: undoesOnlyDone } },
  'goes on when its record was stale': { store: (store) => neverStale(store) },
  'does not care who holds the lease': { store: (store) => ignoresLease(store) },
  'turns back without a new epoch': { store: (store) => keepsEpoch(store) },
  'never renews its lease': { rules: { every: () => ({ stop: () => undefined }) } },
  'takes waiting for done': { rules: { doStep: (acts, row) => doStep(impatient(acts), row) } },
  'takes could not tell for no': { rules: { doStep: (acts, row) => doStep(takesUnclearForNo(acts), row) } },
  'resumes one step too far': { rules: { nextAct: skipsIntended } },
  'finishes before the last step': { rules: { nextAct: finishesEarly } },
  'counts an approval of another plan': {
    decide: (input) =>
      decide({ ...input, approvals: input.approvals.map((given) => ({ ...given, plan: input.plan.digest })) }),
  },
};

function intentLast(acts: StepActs): StepActs {
  let late: (() => Promise<void>) | null = null;
  async function flush(): Promise<void> {
    const write = late;
    late = null;
    await write?.();
  }
  return {
    ...acts,
    async act() {
      const answer = await acts.act();
      await flush();
      return answer;
    },
    async record(from, change) {
      if (change.to === 'intended') {
        late = () => acts.record(from, change);
        return;
      }
      await flush();
      await acts.record(from, change);
    },
  };
}

async function recordFirst(acts: StepActs, row: StepRow) {
  await acts.record(row.state, { to: 'intended', detail: '', afterSeconds: null });
  const seen = await acts.look();
  await acts.record('intended', { to: 'done', detail: '', afterSeconds: null });
  if (seen.at === 'before') await acts.act();
  return { turnBack: null };
}

function blindAfterAct(acts: StepActs): StepActs {
  let hasActed = false;
  return {
    ...acts,
    look: async () => (hasActed ? { at: 'after' } : acts.look()),
    async act() {
      const answer = await acts.act();
      hasActed = true;
      return answer;
    },
  };
}

function marked(connection: TargetConnection, change: (mark: Mark) => Mark): TargetConnection {
  return { ...connection, act: (step, direction, mark) => connection.act(step, direction, change(mark)) };
}

function numberedKeys(): (mark: Mark) => Mark {
  return (mark) => {
    attempts += 1;
    return { ...mark, key: `${mark.key}/${attempts}` };
  };
}
let attempts = 0;

function undoesForward(rollout: Rollout, now: Date) {
  const act = nextAct(rollout, now);
  if (act.act !== 'undo') return act;
  const first = rollout.steps.find(({ state }) => state !== 'pending' && state !== 'undone');
  return { ...act, index: first?.index ?? act.index };
}

function undoesOnlyDone(rollout: Rollout, now: Date) {
  const steps = rollout.steps.map((row) => (row.state === 'failed' ? { ...row, state: 'pending' as const } : row));
  return nextAct(rollout.state === 'undoing' ? { ...rollout, steps } : rollout, now);
}

function neverStale(store: RolloutStore): RolloutStore {
  return {
    ...store,
    async record(change) {
      await store.record(change);
      return 'recorded';
    },
  };
}

function ignoresLease(store: RolloutStore): RolloutStore {
  return {
    ...store,
    async claim(input) {
      const answer = await store.claim(input);
      if (answer === null || 'epoch' in answer) return answer;
      const rollout = await store.read(input.id);
      return rollout === null ? null : { epoch: rollout.epoch };
    },
  };
}

function keepsEpoch(store: RolloutStore): RolloutStore {
  let held: number | null = null;
  return {
    ...store,
    async claim(input) {
      if (held !== null) return { epoch: held };
      const answer = await store.claim(input);
      if (answer !== null && 'epoch' in answer) held = answer.epoch;
      return answer;
    },
    async release(input) {
      const rollout = await store.read(input.id);
      if (rollout?.state !== 'undoing') await store.release(input);
    },
  };
}

function impatient(acts: StepActs): StepActs {
  return {
    ...acts,
    async act() {
      const answer = await acts.act();
      return answer.outcome === 'waiting' ? { outcome: 'done', detail: 'surely' } : answer;
    },
    async look() {
      const seen = await acts.look();
      return seen.at === 'underway' ? { at: 'after' } : seen;
    },
  };
}

function takesUnclearForNo(acts: StepActs): StepActs {
  return {
    ...acts,
    record: (from, change) => acts.record(from, change.to === 'errored' ? { ...change, to: 'failed' } : change),
  };
}

function skipsIntended(rollout: Rollout, now: Date) {
  const steps = rollout.steps.map((row) => (row.state === 'intended' ? { ...row, state: 'done' as const } : row));
  return nextAct(rollout.state === 'running' ? { ...rollout, steps } : rollout, now);
}

function finishesEarly(rollout: Rollout, now: Date) {
  return nextAct(rollout.state === 'running' ? { ...rollout, steps: rollout.steps.slice(0, -1) } : rollout, now);
}
