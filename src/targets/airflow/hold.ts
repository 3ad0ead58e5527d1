import { z } from 'zod';
import type { AssetKey, UnitKey } from '../../model/identifiers.ts';
import { assetKey } from '../../model/identifiers.ts';
import type { Mark } from '../contract.ts';
import { fileNameOf } from '../release-home/live-pointer.ts';
import type { AirflowPlace } from './place.ts';

/**
 * What Headgate remembers of a unit's DAGs from before it paused the first of them until it has let them go on, however
 * often it is killed in between. `before`: how each DAG stood when Headgate came; `new` ones Airflow did not know yet.
 * `drained`: runs under way have ended. `written`: when the new file was put live. `parsed`: when Airflow had last read each
 * DAG just before that, by its own clock: only what it reads later is of the new file, for it may show a release that was
 * live before and has not been read away yet.
 */
export const Hold = z.object({
  unit: z.string(),
  before: z.record(z.string(), z.enum(['running', 'paused', 'new'])),
  since: z.iso.datetime(),
  drained: z.boolean(),
  written: z.iso.datetime().nullable(),
  parsed: z.record(z.string(), z.string()).default({}),
});
export type Hold = z.infer<typeof Hold>;

/** How a DAG stood when its unit was removed, for when it comes back: Airflow keeps it paused. */
const Left = z.object({ paused: z.array(z.string()) });

export function readHold({ home }: AirflowPlace, unit: UnitKey): Promise<Hold | null> {
  return home.readNote(holdName(unit), Hold);
}

export async function writeHold({ home }: AirflowPlace, hold: Hold, mark: Mark): Promise<void> {
  await home.writeNote({ name: holdName(hold.unit as UnitKey), value: hold, mark });
}

/** The hold of a unit, begun now if there is none; it is written before anything is paused. */
export async function takeHold(airflow: AirflowPlace, unit: UnitKey, dagIds: string[], mark: Mark): Promise<Hold> {
  const held = await readHold(airflow, unit);
  const missing = dagIds.filter((dagId) => held?.before[dagId] === undefined);
  if (held !== null && missing.length === 0) return held;
  const left = (await airflow.home.readNote(leftName(unit), Left))?.paused ?? null;
  const found = await Promise.all(missing.map(async (dagId) => [dagId, await standing(airflow, dagId, left)] as const));
  const since = airflow.world.now().toISOString();
  const begun = held ?? { unit, before: {}, since, drained: false, written: null, parsed: {} };
  const hold = { ...begun, before: { ...begun.before, ...Object.fromEntries(found) } };
  await writeHold(airflow, hold, mark);
  return hold;
}

/** Pauses every DAG of the hold that was not paused before. Whether a new one starts paused is left to Airflow, unless it is to start. */
export async function pauseHeld(airflow: AirflowPlace, hold: Hold): Promise<void> {
  const held = airflow.settings['start-new-dags'] ? ['running', 'new'] : ['running'];
  const going = Object.keys(hold.before).filter((dagId) => held.includes(hold.before[dagId] ?? ''));
  airflow.paused.set(hold.unit, going);
  await Promise.all(going.map((dagId) => airflow.client.setPaused(dagId, true)));
}

/** Lets exactly those DAGs go on that went before Headgate came and are not disabled; then forgets the hold. */
export async function releaseHold(airflow: AirflowPlace, hold: Hold, mark: Mark): Promise<void> {
  const unit = hold.unit as UnitKey;
  const disabled = (await airflow.home.readPointer(unit))?.disabled ?? [];
  await Promise.all(Object.keys(hold.before).map((dagId) => letGo(airflow, hold, { dagId, disabled })));
  if ((await airflow.home.readNote(leftName(unit), Left)) !== null) {
    await airflow.home.writeNote({ name: leftName(unit), value: null, mark });
  }
  await airflow.home.writeNote({ name: holdName(unit), value: null, mark });
}

async function letGo(
  { client, settings }: AirflowPlace,
  hold: Hold,
  { dagId, disabled }: { dagId: string; disabled: AssetKey[] },
): Promise<void> {
  const before = hold.before[dagId];
  if (before === 'paused' || disabled.includes(assetKey('airflow:dag', dagId))) return;
  if (before === 'new' && (!settings['start-new-dags'] || (await client.startsPaused(dagId)))) return;
  await client.setPaused(dagId, false);
}

/** Ends the hold of a unit that is taken out: its DAGs stay paused, and how they stood is kept for their return. */
export async function keepPaused(airflow: AirflowPlace, hold: Hold, mark: Mark): Promise<void> {
  const unit = hold.unit as UnitKey;
  const paused = Object.keys(hold.before).filter((dagId) => hold.before[dagId] === 'paused');
  await airflow.home.writeNote({ name: leftName(unit), value: { paused }, mark });
  await airflow.home.writeNote({ name: holdName(unit), value: null, mark });
}

/** `left`: the DAGs of a removed unit that were paused before it was removed; the others Headgate itself has paused. */
async function standing(
  { client }: AirflowPlace,
  dagId: string,
  left: string[] | null,
): Promise<Hold['before'][string]> {
  const dag = await client.dag(dagId);
  if (dag === null) return 'new';
  if (left !== null) return left.includes(dagId) ? 'paused' : 'running';
  return dag.isPaused ? 'paused' : 'running';
}

function holdName(unit: UnitKey): string {
  return `airflow/holds/${fileNameOf(unit)}`;
}

function leftName(unit: UnitKey): string {
  return `airflow/left/${fileNameOf(unit)}`;
}
