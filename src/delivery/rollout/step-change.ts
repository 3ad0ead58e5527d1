import type { Plan } from '../plan/plan.ts';
import type { StepRow, StepState } from './rollout.ts';

export type RowChange = { to: StepState; detail: string; notBefore: Date | null };

/** The rows of a rollout before anything is done. */
export function initialRows(plan: Plan): StepRow[] {
  return plan.steps.map((step, index) => ({ index, step, state: 'pending', attempts: 0, detail: '', notBefore: null }));
}

/** The row after a change. Every store goes by this, so attempts are counted alike everywhere. */
export function changedRow(row: StepRow, { to, detail, notBefore }: RowChange): StepRow {
  return { ...row, state: to, detail, notBefore, attempts: attemptsAfter(row, to) };
}

/** The rows of a stuck rollout when a person resumes it: what was given up is tried again at once, from a fresh count. */
export function resumedRow(row: StepRow): StepRow {
  if (row.state === 'done' || row.state === 'undone') return row;
  return { ...row, state: row.state === 'undo-failed' ? 'undo-errored' : row.state, attempts: 0, notBefore: null };
}

/**
 * An unclear attempt or first look adds one, and so does an intent that its worker never came back from. A try after an unclear one keeps
 * the count. An answer, or the first try of a direction, starts anew.
 */
function attemptsAfter({ state, attempts }: StepRow, to: StepState): number {
  const silent = state === to && (to === 'pending' || to === 'intended' || to === 'undo-intended');
  if (to === 'errored' || to === 'undo-errored' || silent) return attempts + 1;
  const again = (to === 'intended' && state === 'errored') || (to === 'undo-intended' && state === 'undo-errored');
  return again ? attempts : 0;
}
