import { messageOf } from '../../base/errors.ts';
import { pauseSeconds } from '../../delivery/rollout/retry.ts';
import type { StepRow, StepState } from '../../delivery/rollout/rollout.ts';
import type { StepKind } from '../../model/step.ts';
import type { Outcome, Sighting } from '../../targets/contract.ts';

/** What a step comes to. `afterSeconds` is when to try or ask again, null for at once. */
export type StepChange = { to: StepState; detail: string; afterSeconds: number | null };

/** `turnBack` says why the rollout must not go on, when the step itself was left untouched. */
export type StepEnd = { turnBack: string | null };

/**
 * What a step may do to the world, already bound to its rollout, row, direction, key and epoch.
 * `look` and `act` reach the target and throw when they could not tell; `record` writes the row and throws `rollout-lost`
 * when somebody else holds the rollout now. `pause` names a point where a harness may stop the process.
 */
export type StepActs = {
  look(): Promise<Sighting>;
  act(): Promise<Outcome>;
  record(from: StepState, change: StepChange): Promise<void>;
  pause(point: string): Promise<void>;
};

const intended: StepChange = { to: 'intended', detail: '', afterSeconds: null };
const onward: StepEnd = { turnBack: null };

/** How long to leave a target alone that is on its way but did not say for how long. */
const underwaySeconds = 5;

/**
 * Carries out one step: writes the intent, looks, acts, looks again, records. Safe to begin again after a crash at any point,
 * because the intent is there before the target is touched, a target that is already there is not touched again, and the
 * same key twice changes nothing more. A step that nobody has begun is looked at just before its intent instead of after it:
 * when its target has moved, the rollout can turn back knowing that this step touched nothing.
 */
export async function doStep(acts: StepActs, row: StepRow): Promise<StepEnd> {
  return row.state === 'pending' ? beginStep(acts, row) : goOnWithStep(acts, row);
}

async function beginStep(acts: StepActs, row: StepRow): Promise<StepEnd> {
  const seen = await tried(acts.look);
  await acts.pause('looked');
  if ('unclear' in seen) {
    await acts.record('pending', unclear('pending', row, messageOf(seen.unclear)));
    return onward;
  }
  if (seen.at === 'elsewhere') {
    return { turnBack: `step ${row.index + 1}: its target has moved to ${seen.found} since the plan was made` };
  }
  await acts.record('pending', intended);
  await acts.pause('intended');
  const change = await clearly(() => actUnlessThere(acts, row, seen), 'errored', row);
  await acts.record('intended', change);
  await acts.pause('recorded');
  return onward;
}

async function goOnWithStep(acts: StepActs, row: StepRow): Promise<StepEnd> {
  const intent = row.state === 'waiting' ? 'waiting' : 'intended';
  if (intent === 'intended') await acts.record(row.state, intended);
  await acts.pause('intended-again');
  const change = await clearly(async () => actUnlessThere(acts, row, await acts.look()), 'errored', row);
  await acts.record(intent, change);
  await acts.pause('recorded');
  return onward;
}

/**
 * Takes one step back in the same way. A step that ended clearly and looks undone is left alone; one that did not is
 * acted on even if it looks undone, so that the target learns the new epoch and refuses a late write of the old worker.
 */
export async function undoStep(acts: StepActs, row: StepRow): Promise<StepEnd> {
  if (nothingToUndo[row.step.kind]) {
    await acts.record(row.state, { to: 'undone', detail: 'nothing to undo', afterSeconds: null });
    return onward;
  }
  const intent = row.state === 'undo-waiting' ? 'undo-waiting' : 'undo-intended';
  if (intent === 'undo-intended') await acts.record(row.state, { to: 'undo-intended', detail: '', afterSeconds: null });
  await acts.pause('undo-intended');
  const change = await clearly(() => takeBack(acts, row), 'undo-errored', row);
  await acts.record(intent, change);
  await acts.pause('undo-recorded');
  return onward;
}

/** Steps that leave nothing behind which could matter: files beside what is live, and questions. */
const nothingToUndo: { [Kind in StepKind]: boolean } = {
  upload: true,
  verify: true,
  configure: false,
  drain: false,
  switch: false,
  remove: false,
  build: false,
  disable: false,
  enable: false,
};

async function actUnlessThere(acts: StepActs, row: StepRow, seen: Sighting): Promise<StepChange> {
  if (seen.at === 'after') return { to: 'done', detail: 'it was so already', afterSeconds: null };
  if (seen.at === 'elsewhere') {
    return unclear('errored', row, `its target is at ${seen.found}, which is neither before nor after the step`);
  }
  return actAndLook(acts, row, forwards);
}

async function takeBack(acts: StepActs, row: StepRow): Promise<StepChange> {
  const seen = await acts.look();
  await acts.pause('undo-looked');
  if (seen.at === 'after' && row.state === 'done') {
    return { to: 'undone', detail: 'it was undone already', afterSeconds: null };
  }
  if (seen.at === 'elsewhere') {
    return unclear('undo-errored', row, `its target is at ${seen.found}, which is neither before nor after the step`);
  }
  const taken = await actAndLook(acts, row, backwards);
  // A target may well refuse to undo what never happened there.
  return taken.to === 'undo-failed' && seen.at === 'after' ? { ...taken, to: 'undone' } : taken;
}

type Ends = { done: StepState; waiting: StepState; failed: StepState; errored: StepState };
const forwards: Ends = { done: 'done', waiting: 'waiting', failed: 'failed', errored: 'errored' };
const backwards: Ends = { done: 'undone', waiting: 'undo-waiting', failed: 'undo-failed', errored: 'undo-errored' };

async function actAndLook(acts: StepActs, row: StepRow, ends: Ends): Promise<StepChange> {
  const answer = await acts.act();
  await acts.pause(`${ends.done}-acted`);
  if (answer.outcome === 'failed') return { to: ends.failed, detail: refusalOf(answer), afterSeconds: null };
  if (answer.outcome === 'waiting') {
    return { to: ends.waiting, detail: `waits for ${answer.for}`, afterSeconds: answer.againInSeconds };
  }
  const seen = await acts.look();
  await acts.pause(`${ends.done}-looked-again`);
  if (seen.at === 'after') return { to: ends.done, detail: answer.detail, afterSeconds: null };
  if (seen.at === 'underway') {
    return { to: ends.waiting, detail: `is under way: ${seen.detail}`, afterSeconds: underwaySeconds };
  }
  const found = seen.at === 'before' ? 'as it was before' : `at ${seen.found}`;
  return unclear(ends.errored, row, `its target said done (${answer.detail}) and is still ${found}`);
}

async function tried(look: () => Promise<Sighting>): Promise<Sighting | { unclear: unknown }> {
  try {
    return await look();
  } catch (error) {
    return { unclear: error };
  }
}

/** What was thrown by a look or an act means that nobody can tell; it is tried again later. */
async function clearly(attempt: () => Promise<StepChange>, errored: StepState, row: StepRow): Promise<StepChange> {
  try {
    return await attempt();
  } catch (error) {
    return unclear(errored, row, messageOf(error));
  }
}

function unclear(to: StepState, { attempts }: StepRow, detail: string): StepChange {
  return { to, detail: `could not tell: ${detail}`, afterSeconds: pauseSeconds(attempts + 1) };
}

function refusalOf({ message, hint }: Extract<Outcome, { outcome: 'failed' }>): string {
  return hint === '' ? message : `${message} ${hint}`;
}
