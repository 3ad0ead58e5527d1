import type { Held } from '../contract.ts';
import { readLive } from './live-files.ts';
import type { AirflowPlace } from './place.ts';

/** What the pointers of the home name, and what every stub shows: its own release and those that runs under way are pinned to. */
export async function held(airflow: AirflowPlace): Promise<Held> {
  const found = await airflow.home.held();
  for (const { unit } of await airflow.home.readPointers('airflow')) {
    const stub = (await readLive(airflow, unit))?.stub ?? null;
    if (stub === null) continue;
    const pins = Object.values(stub.pins).flatMap((runs) => Object.values(runs));
    found.bundles.push(stub.live.bundle, ...pins.map(([bundle]) => bundle));
    found.parts.push(stub.live.part, ...pins.map(([, part]) => part));
  }
  return found;
}
