import { HeadgateError, messageOf } from '../../base/errors.ts';
import type { Pause } from '../ports.ts';
import { carryOut } from '../rollout/carry-out.ts';
import type { CarriedOut } from '../rollout/carry-out-rules.ts';
import { registeredTargets } from './connect-targets.ts';
import { advanceRelease } from './deliver.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { Job, Trouble } from './delivery-store.ts';
import { advanceToggle } from './disable.ts';
import { move } from './move-release.ts';
import { settleRollout } from './settle-rollout.ts';

/** `holder` gives a name of its own to each attempt at carrying a rollout out. */
export type JobPorts = DeliverPorts & { holder(): string; pause: Pause };

type Tasks = { [Task in Job['task']]: (subject: string, ports: JobPorts) => Promise<void> };

const tasks: Tasks = { advance: advanceOrSayWhyNot, 'carry-out': carryOn, toggle: toggleOrTryAgain };

/** Does one job. What kept it from telling is written down, and the job is tried again later. */
export async function runJob({ task, subject }: Job, ports: JobPorts): Promise<void> {
  await tasks[task](subject, ports);
}

const secondsBetweenTries = 10;

async function advanceOrSayWhyNot(id: string, ports: JobPorts): Promise<void> {
  try {
    await advanceRelease(id, ports);
  } catch (error) {
    await noteTrouble(id, asTrouble(error), ports);
    if (!(error instanceof HeadgateError)) throw error;
    await ports.jobs.add({ task: 'advance', subject: id }, later(ports));
  }
}

/** A bug is told too: whoever follows the release must not wait for what does not come. */
function asTrouble(error: unknown): Trouble {
  if (error instanceof HeadgateError) return { code: error.code, message: error.message, hint: error.hint };
  const message = `The control plane met a bug of its own (${messageOf(error)}).`;
  return { code: 'server-failed', message, hint: 'Its log has more. Nothing is done twice when it is tried again.' };
}

/** Trouble that stays the same is written down once. */
async function noteTrouble(id: string, trouble: Trouble, ports: JobPorts): Promise<void> {
  const release = await ports.store.release(id);
  if (release === null || release.trouble?.message === trouble.message) return;
  const because = `could not tell: ${trouble.message}`;
  await move(release, { to: release.state, because, trouble }, ports);
}

async function toggleOrTryAgain(id: string, ports: JobPorts): Promise<void> {
  try {
    await advanceToggle(id, ports);
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    await ports.jobs.add({ task: 'toggle', subject: id }, later(ports));
  }
}

async function carryOn(id: string, ports: JobPorts): Promise<void> {
  const targets = registeredTargets(ports);
  const { rollouts: store, clock, pause } = ports;
  const carried = await carryOut(id, { store, targets, clock, pause, holder: ports.holder() });
  const again = timeOf(carried);
  if (again === null) await settleRollout(id, ports);
  else await ports.jobs.add({ task: 'carry-out', subject: id }, again);
}

function timeOf(carried: CarriedOut): Date | null {
  if ('waitUntil' in carried) return carried.waitUntil;
  return 'heldBy' in carried ? carried.until : null;
}

function later({ clock }: JobPorts): Date {
  return new Date(clock.now().getTime() + secondsBetweenTries * 1000);
}
