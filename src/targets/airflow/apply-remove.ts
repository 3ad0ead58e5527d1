import type { StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome } from '../contract.ts';
import { finish } from './apply-finish.ts';
import { change, takenOut } from './apply-switch.ts';
import type { AirflowPlace } from './place.ts';

/** Takes a unit's file away; Airflow keeps the history of its runs. The drain before it has let them end. */
export async function applyRemove(
  airflow: AirflowPlace,
  { unit, from }: StepOf<'remove'>,
  { direction, mark }: { direction: Direction; mark: Mark },
): Promise<Outcome> {
  if (direction === 'forward') {
    const outcome = await change(airflow, { unit, from, to: null, pinRuns: false, mark });
    return outcome.outcome === 'done' ? takenOut(airflow, unit, mark) : outcome;
  }
  const outcome = await change(airflow, { unit, from: null, to: from, pinRuns: false, mark });
  return outcome.outcome === 'done' ? finish(airflow, { unit, to: from, mark, proven: false }) : outcome;
}
