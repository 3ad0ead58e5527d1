import { isFailure } from '../../base/errors.ts';
import type { AssetKey, UnitKey } from '../../model/identifiers.ts';
import type { Step, StepKind, StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome, TargetConnection, TargetWorld } from '../contract.ts';
import { applyConfigure } from './apply-configure.ts';
import { applyDrain } from './apply-drain.ts';
import { finish } from './apply-finish.ts';
import { applyRemove } from './apply-remove.ts';
import { applySwitch, takenOut } from './apply-switch.ts';
import { disable, enable } from './apply-toggle.ts';
import { applyUpload } from './apply-upload.ts';
import { AirflowEnvironment } from './environment-settings.ts';
import { health } from './health.ts';
import { held } from './held.ts';
import { inspect, look } from './inspect.ts';
import { done } from './outcomes.ts';
import { type AirflowPlace, openPlace } from './place.ts';
import { resumeIfLeft } from './resume-if-left.ts';
import { deployedRuntime } from './runtime.ts';

/** Connects to one Airflow: its DAGs folder or prefix, and its REST API. */
export async function connect(given: unknown, world: TargetWorld): Promise<TargetConnection> {
  const airflow = await openPlace(AirflowEnvironment.parse(given), world);
  return {
    inspect: () => inspect(airflow),
    look: (step, direction) => look(airflow, step, direction),
    act: (step, direction, mark) => act(airflow, step, { direction, mark }),
    health: (assets: AssetKey[]) => health(airflow.client, assets),
    runtime: () => deployedRuntime(airflow.client),
    held: () => held(airflow),
    collect: (order) => airflow.home.collect(order),
    async close() {
      await airflow.home.close();
      await airflow.files.close();
    },
  };
}

type How = { direction: Direction; mark: Mark };
type Acts = { [Kind in StepKind]: (airflow: AirflowPlace, step: StepOf<Kind>, how: How) => Promise<Outcome> };

const acts: Acts = {
  upload: applyUpload,
  configure: applyConfigure,
  drain: (airflow, step, how) => once(airflow, how.mark, () => applyDrain(airflow, step, how)),
  switch: applySwitch,
  remove: applyRemove,
  async verify(airflow, { unit, to }, { direction, mark }) {
    if (direction === 'undo') return done('a question changes nothing');
    if (to === null) return takenOut(airflow, unit, mark);
    return finish(airflow, { unit, to, mark, proven: false });
  },
  async build() {
    throw new Error('Airflow has no step build');
  },
  disable: (airflow, { unit, asset }, { direction, mark }) =>
    (direction === 'forward' ? disable : enable)(airflow, { unit, asset, mark }),
  enable: (airflow, { unit, asset }, { direction, mark }) =>
    (direction === 'forward' ? enable : disable)(airflow, { unit, asset, mark }),
};

/** Nothing is asked of Airflow before the fence has let this epoch through. */
async function act(airflow: AirflowPlace, step: Step, how: How): Promise<Outcome> {
  await airflow.home.fence(how.mark.epoch);
  // The entry of a kind takes exactly the steps of that kind; the compiler cannot see through the union.
  const one = acts[step.kind] as (airflow: AirflowPlace, step: Step, how: How) => Promise<Outcome>;
  try {
    return await one(airflow, step, how);
  } catch (error) {
    if (isFailure(error, 'target-epoch-stale') && 'unit' in step) await resumeIfLeft(airflow, step.unit as UnitKey);
    throw error;
  }
}

/** What was done under a key is not done again under it, however the world has moved on since. */
async function once({ home }: AirflowPlace, mark: Mark, work: () => Promise<Outcome>): Promise<Outcome> {
  if ((await home.readJournal(mark.key)) !== null) return done('done before under this key');
  const outcome = await work();
  if (outcome.outcome === 'done') await home.writeJournal(mark, { detail: outcome.detail });
  return outcome;
}
