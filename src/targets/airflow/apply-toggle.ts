import { z } from 'zod';
import type { AssetKey, UnitKey } from '../../model/identifiers.ts';
import type { Mark, Outcome } from '../contract.ts';
import { fileNameOf } from '../release-home/live-pointer.ts';
import { readHold } from './hold.ts';
import { done } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';

export type Toggle = { unit: UnitKey; asset: AssetKey; mark: Mark };

/** Whether the DAG was paused by somebody else when Headgate disabled it; it then stays so when it is enabled. */
const Disabled = z.object({ wasPaused: z.boolean() });

/**
 * No further run and no further task begins, at once; with `stop-running` the runs under way are ended as failed.
 * Remembered in the release home first, so every later switch leaves it paused.
 */
export async function disable(airflow: AirflowPlace, { unit, asset, mark }: Toggle): Promise<Outcome> {
  const { home, client, settings } = airflow;
  const dagId = dagIdOf(asset);
  const live = await home.readPointer(unit);
  if (live?.disabled.includes(asset) !== true) {
    const held = (await readHold(airflow, unit))?.before[dagId];
    const wasPaused = held === undefined ? ((await client.dag(dagId))?.isPaused ?? false) : held === 'paused';
    await home.writeNote({ name: noteName(asset), value: { wasPaused }, mark });
    const disabled = [...(live?.disabled ?? []), asset].sort();
    await home.setDisabled({ unit, disabled, stopped: false, mark });
  }
  await client.setPaused(dagId, true);
  if (!settings['stop-running']) return done(`${dagId} is paused and stays so over releases`);
  const runs = await client.runsUnderWay([dagId]);
  for (const run of runs) await client.failRun(run);
  return done(`${dagId} is paused and stays so over releases; ${runs.length} runs were ended`);
}

/** The DAG goes on, unless somebody had paused it before it was disabled. */
export async function enable(airflow: AirflowPlace, { unit, asset, mark }: Toggle): Promise<Outcome> {
  const { home, client } = airflow;
  const dagId = dagIdOf(asset);
  const note = await home.readNote(noteName(asset), Disabled);
  const live = await home.readPointer(unit);
  if (note?.wasPaused !== true) await client.setPaused(dagId, false);
  const disabled = (live?.disabled ?? []).filter((other) => other !== asset);
  await home.setDisabled({ unit, disabled, stopped: false, mark });
  await home.writeNote({ name: noteName(asset), value: null, mark });
  return done(note?.wasPaused === true ? `${dagId} may run; it is paused as it was before` : `${dagId} runs`);
}

/** Whether the DAG is remembered as disabled and stands still. */
export async function isDisabled({ home, client }: AirflowPlace, unit: UnitKey, asset: AssetKey): Promise<boolean> {
  if ((await home.readPointer(unit))?.disabled.includes(asset) !== true) return false;
  return (await client.dag(dagIdOf(asset)))?.isPaused !== false;
}

function dagIdOf(asset: AssetKey): string {
  return asset.slice(asset.indexOf('/') + 1);
}

function noteName(asset: AssetKey): string {
  return `airflow/disabled/${fileNameOf(asset)}`;
}
