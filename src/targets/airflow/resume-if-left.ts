import { assetKey, type UnitKey } from '../../model/identifiers.ts';
import { readHold } from './hold.ts';
import { readLive } from './live-files.ts';
import type { AirflowPlace } from './place.ts';

/**
 * For a worker that was overtaken while it acted: what it paused after the newer one had finished would stay paused, for
 * REST knows no epochs. So it takes its own pauses back where nobody holds the unit any more.
 */
export async function resumeIfLeft(airflow: AirflowPlace, unit: UnitKey): Promise<void> {
  const { home, client } = airflow;
  if ((await readHold(airflow, unit)) !== null) return;
  if ((await readLive(airflow, unit)) === null) return;
  const disabled = (await home.readPointer(unit))?.disabled ?? [];
  for (const dagId of airflow.paused.get(unit) ?? []) {
    if (!disabled.includes(assetKey('airflow:dag', dagId))) await client.setPaused(dagId, false);
  }
}
