import { attemptLimit } from './retry.ts';
import type { Act, Rollout, StepRow, StepState } from './rollout.ts';

/**
 * Says what is to be done next with a rollout, from its rows and the time alone. Forward, the first step that is not done
 * decides; backward, the last one that is neither pending nor undone. So it does not matter who did the rest, nor when.
 */
export function nextAct(rollout: Rollout, now: Date): Act {
  if (rollout.state === 'running') return nextForward(rollout, now);
  if (rollout.state === 'undoing') return nextBackward(rollout, now);
  return { act: 'finish', state: rollout.state, because: 'the rollout has ended' };
}

function nextForward({ steps }: Rollout, now: Date): Act {
  const row = inOrder(steps).find(({ state }) => state !== 'done');
  return row === undefined
    ? { act: 'finish', state: 'done', because: 'every step is done' }
    : forward[row.state](row, now);
}

function nextBackward({ steps }: Rollout, now: Date): Act {
  const row = inOrder(steps).findLast(({ state }) => state !== 'pending' && state !== 'undone');
  return row === undefined
    ? { act: 'finish', state: 'undone', because: 'every step that had begun is undone' }
    : backward[row.state](row, now);
}

type Rule = (row: StepRow, now: Date) => Act;

const step: Rule = ({ index, notBefore }, now) =>
  notBefore !== null && notBefore > now ? { act: 'wait', until: notBefore } : { act: 'step', index };
const undo: Rule = ({ index, notBefore }, now) =>
  notBefore !== null && notBefore > now ? { act: 'wait', until: notBefore } : { act: 'undo', index };
const unclearStep: Rule = (row, now) => (row.attempts >= attemptLimit ? stuck(row, now) : step(row, now));
const unclearUndo: Rule = (row, now) => (row.attempts >= attemptLimit ? stuck(row, now) : undo(row, now));
const undoNow: Rule = ({ index }) => ({ act: 'undo', index });
const stuck: Rule = ({ index, detail }) => ({ act: 'finish', state: 'stuck', because: `step ${index + 1}: ${detail}` });
const turnBack: Rule = ({ index, detail }) => ({ act: 'turn-back', because: `step ${index + 1}: ${detail}` });

/** The first step that is not done. One that is being undone belongs to a rollout that must turn back. */
const forward: { [State in StepState]: Rule } = {
  pending: unclearStep,
  intended: unclearStep,
  waiting: step,
  done: step,
  failed: turnBack,
  errored: unclearStep,
  'undo-intended': turnBack,
  'undo-waiting': turnBack,
  'undo-errored': turnBack,
  undone: turnBack,
  'undo-failed': turnBack,
};

/** The last step that is neither pending nor undone. Pauses of the way forward do not hold up the way back. */
const backward: { [State in StepState]: Rule } = {
  pending: undoNow,
  intended: undoNow,
  waiting: undoNow,
  done: undoNow,
  failed: undoNow,
  errored: undoNow,
  'undo-intended': unclearUndo,
  'undo-waiting': undo,
  'undo-errored': unclearUndo,
  undone: undoNow,
  'undo-failed': stuck,
};

function inOrder(steps: StepRow[]): StepRow[] {
  return steps.toSorted((a, b) => a.index - b.index);
}
