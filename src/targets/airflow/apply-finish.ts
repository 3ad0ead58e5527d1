import type { UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { BundleReader, Mark, Outcome } from '../contract.ts';
import { samePointer } from '../release-home/live-pointer.ts';
import type { AirflowClient, DagState, ImportError } from './client.ts';
import type { AirflowEnvironment } from './environment-settings.ts';
import { type Hold, readHold, releaseHold } from './hold.ts';
import { placeOf, shownPointer } from './live-files.ts';
import { done, moved, waiting } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';
import { DRAINING_TAG, releaseTag } from './stub.ts';
import { factsAt } from './unit-facts.ts';

/** `proven`: Airflow has read this version before and the shape of its DAGs is that of now, so it need not be read first. */
export type Finish = { unit: UnitKey; to: Pointer; mark: Mark; proven: boolean };

const LOOK_AGAIN_SECONDS = 1;
/** A file that was being read while it was replaced may still be reported as the old one for so long. */
const READING_MILLISECONDS = 5000;

/** Waits until Airflow has read the file that is live and says so, then lets the unit's DAGs go on. */
export async function finish(airflow: AirflowPlace, { unit, to, mark, proven }: Finish): Promise<Outcome> {
  const shown = await shownPointer(airflow, unit, [to]);
  if (shown === 'other' || !samePointer(shown, to)) return moved(unit, shown, to);
  const hold = await readHold(airflow, unit);
  const seconds = secondsSince(airflow, hold?.written ?? null);
  if (seconds < airflow.settings['sync-seconds']) {
    const left = Math.ceil(airflow.settings['sync-seconds'] - seconds);
    return waiting('every machine of Airflow to have the new file', Math.min(left, 10));
  }
  const known = proven && (await importError(airflow.client, unit)) === null;
  const reading: Reading = known ? { is: 'read' } : await readingOf(airflow, { unit, to, hold });
  if (reading.is === 'broken') return broken(unit, reading.trace);
  if (reading.is === 'not-read') {
    if (seconds > airflow.settings['verify-seconds']) return notRead(unit, reading.missing, airflow.settings);
    return waiting(`Airflow to read ${reading.missing}`, LOOK_AGAIN_SECONDS);
  }
  if (hold !== null) await releaseHold(airflow, hold, mark);
  return done(`Airflow runs it under the tag ${releaseTag(to.bundle)}`);
}

export type Reading = { is: 'read' } | { is: 'not-read'; missing: string } | { is: 'broken'; trace: string };

/** What is asked of an Airflow and of the bundles, for a reading. */
type Seen = {
  client: Pick<AirflowClient, 'dag' | 'dagsTagged' | 'importErrors'>;
  world: { bundles: Pick<BundleReader, 'part'> };
};

/** `hold` null: the file was not put live just now, so whatever Airflow shows is of it. */
export type Wanted = { unit: UnitKey; to: Pointer; hold: Hold | null };

/**
 * What Airflow itself shows of a version: all its DAGs bear the release's tag since the file was put live, and there is no
 * import error of the file; one that is younger than the file is a no. A copied file bears no tag: Airflow knows its DAGs
 * and has no error for it.
 */
export async function readingOf({ client, world }: Seen, { unit, to, hold }: Wanted): Promise<Reading> {
  const written = hold?.written ?? null;
  const { dagIds, legacy } = await factsAt(world, unit, to);
  const error = await importError(client, unit);
  const since = written === null ? 0 : Date.parse(written) + READING_MILLISECONDS;
  if (error !== null && error.at.getTime() >= since && !isOnItsWay(error)) return { is: 'broken', trace: error.trace };
  if (error !== null) return { is: 'not-read', missing: `${placeOf(unit)} again, after an import error` };
  const missing = legacy
    ? await unknown(client, dagIds)
    : dagIds.length === 0
      ? await unseenFile(client, { unit, to, hold })
      : await untagged(client, dagIds, { unit, to, hold });
  return missing === null ? { is: 'read' } : { is: 'not-read', missing };
}

async function unknown(client: Pick<AirflowClient, 'dag'>, dagIds: string[]): Promise<string | null> {
  const known = await Promise.all(dagIds.map((dagId) => client.dag(dagId)));
  const first = dagIds.find((_, index) => known[index] === null);
  return first === undefined ? null : `the DAG ${first}`;
}

async function untagged(client: Seen['client'], dagIds: string[], wanted: Wanted): Promise<string | null> {
  const dags = await Promise.all(dagIds.map((dagId) => client.dag(dagId)));
  const late = dagIds.find((_, index) => !shows(dags[index] ?? null, wanted));
  return late === undefined ? null : `the DAG ${late}`;
}

/** For a file whose DAG ids are known only to Airflow: it shows at least one DAG of this release from it. */
async function unseenFile(client: Seen['client'], wanted: Wanted): Promise<string | null> {
  const dags = await client.dagsTagged(releaseTag(wanted.to.bundle));
  return dags.some((dag) => isAt(dag.fileloc, wanted.unit) && shows(dag, wanted)) ? null : placeOf(wanted.unit);
}

/** A tag alone may be left from a time when the same release was live before. */
function shows(dag: DagState | null, { to, hold }: Wanted): boolean {
  if (dag === null || !dag.isActive || !dag.tags.includes(releaseTag(to.bundle))) return false;
  return !dag.tags.includes(DRAINING_TAG) && dag.lastParsed !== hold?.parsed[dag.dagId];
}

async function importError(client: Seen['client'], unit: UnitKey): Promise<ImportError | null> {
  return (await client.importErrors()).find(({ filename }) => isAt(filename, unit)) ?? null;
}

/** The stub's own word for a folder that has not wholly arrived. */
function isOnItsWay({ trace }: ImportError): boolean {
  return trace.includes('is not complete here');
}

function isAt(path: string, unit: UnitKey): boolean {
  return path.endsWith(`/${placeOf(unit)}`);
}

function broken(unit: UnitKey, trace: string): Outcome {
  const lines = trace.trim().split('\n');
  return {
    outcome: 'failed',
    cause: 'import-error',
    message: `Airflow cannot import ${placeOf(unit)} of the new release: ${lines.at(-1) ?? ''}`,
    hint: 'Its DAGs are kept paused until the old release is back. The whole trace is among the import errors in Airflow.',
  };
}

function notRead(unit: UnitKey, missing: string, settings: AirflowEnvironment): Outcome {
  return {
    outcome: 'failed',
    cause: 'not-read',
    message: `Airflow has not shown ${missing} of the new release in ${settings['verify-seconds']} s (${placeOf(unit)}).`,
    hint: 'Is the scheduler running, and does it read this DAGs folder? Raise verify-seconds where it only reads seldom.',
  };
}

function secondsSince({ world }: AirflowPlace, written: string | null): number {
  return written === null ? Number.POSITIVE_INFINITY : (world.now().getTime() - Date.parse(written)) / 1000;
}
