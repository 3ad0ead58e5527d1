import type { UnitKey } from '../../model/identifiers.ts';
import type { StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome } from '../contract.ts';
import { finish } from './apply-finish.ts';
import { letGoOn } from './apply-switch.ts';
import { type Hold, pauseHeld, readHold, releaseHold, takeHold, writeHold } from './hold.ts';
import { type LiveFile, putLive, readLive, stubBytes } from './live-files.ts';
import { done, runsLeft, waiting } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';
import { type Stub, tidied } from './stub.ts';

const LOOK_AGAIN_SECONDS = 2;

type How = { direction: Direction; mark: Mark };

/**
 * Lets runs under way end while none begins. A paused DAG would not do: Airflow freezes its runs. So the live release
 * stays, with a stub that allows no further run (queued ones wait and begin on the new release); when none is left the
 * DAGs are paused, and if one slipped in meanwhile they go on until that has ended too.
 */
export async function applyDrain(airflow: AirflowPlace, step: StepOf<'drain'>, how: How): Promise<Outcome> {
  return how.direction === 'forward' ? drain(airflow, step, how.mark) : undrain(airflow, step.unit, how.mark);
}

async function drain(airflow: AirflowPlace, { unit, limitSeconds }: StepOf<'drain'>, mark: Mark): Promise<Outcome> {
  const live = await readLive(airflow, unit);
  if (live?.stub == null) return done('it has no runs that a switch could reshape');
  const hold = await takeHold(airflow, unit, live.stub.dagIds, mark);
  if (hold.drained) return done('drained already');
  await putDraining(airflow, { unit, live, stub: live.stub, on: true, mark });
  const before = await underWay(airflow, hold);
  if (before.length === 0) {
    await pauseHeld(airflow, hold);
    if ((await underWay(airflow, hold)).length === 0) {
      await writeHold(airflow, { ...hold, drained: true }, mark);
      return done('no run is under way');
    }
    await letGoOn(airflow, hold);
  }
  const seconds = (airflow.world.now().getTime() - Date.parse(hold.since)) / 1000;
  if (seconds > limitSeconds) return runsLeft(unit, before, limitSeconds);
  return waiting(`${before.length} runs to end`, LOOK_AGAIN_SECONDS);
}

/** New runs may begin again. The switch that may have come between has been undone before this. */
async function undrain(airflow: AirflowPlace, unit: UnitKey, mark: Mark): Promise<Outcome> {
  const live = await readLive(airflow, unit);
  const hold = await readHold(airflow, unit);
  if (live?.stub == null) {
    if (hold !== null) await releaseHold(airflow, hold, mark);
    return done('nothing was drained');
  }
  await putDraining(airflow, { unit, live, stub: live.stub, on: false, mark });
  return finish(airflow, { unit, to: live.stub.live, mark, proven: true });
}

type Putting = { unit: UnitKey; live: LiveFile; stub: Stub; on: boolean; mark: Mark };

async function putDraining(airflow: AirflowPlace, { unit, live, stub, on, mark }: Putting): Promise<void> {
  if (stub.draining === on) return;
  const bytes = stubBytes(airflow, tidied({ ...stub, draining: on }, stub.pins), live);
  await putLive(airflow, { unit, seen: live, bytes, mark });
}

async function underWay({ client }: AirflowPlace, hold: Hold) {
  return client.runsUnderWay(Object.keys(hold.before).filter((dagId) => hold.before[dagId] !== 'new'));
}
