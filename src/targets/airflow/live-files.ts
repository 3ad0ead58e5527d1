import type { UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { Mark } from '../contract.ts';
import type { AirflowPlace } from './place.ts';
import { parseStub, renderStub, type Stub, serialAfter } from './stub.ts';
import { factsAt } from './unit-facts.ts';

/** The file at a place of the DAGs folder. `stub` null: it is not one of Headgate's. */
export type LiveFile = { bytes: Uint8Array; version: string; stub: Stub | null };

/** Where a unit's file is inside the DAGs folder: `airflow/main#team/orders.py` is `team/orders.py`. */
export function placeOf(unit: UnitKey): string {
  return unit.slice(unit.indexOf('#') + 1);
}

export async function readLive({ files }: AirflowPlace, unit: UnitKey): Promise<LiveFile | null> {
  const file = await files.read(placeOf(unit));
  return file === null ? null : { ...file, stub: parseStub(Buffer.from(file.bytes).toString('utf8')) };
}

export type Putting = { unit: UnitKey; seen: LiveFile | null; bytes: Uint8Array | null; mark: Mark };

/**
 * Puts a unit's file live (`bytes` null: takes it away), after the fence and as the only writer. `seen` is the file that
 * the decision was made on; false when it has changed since, and then nothing is written.
 */
export async function putLive({ files, home }: AirflowPlace, { unit, seen, bytes, mark }: Putting): Promise<boolean> {
  const place = placeOf(unit);
  const expected = seen === null ? 'absent' : { version: seen.version };
  return home.guarded(mark, unit, async () => {
    if (bytes === null) return files.remove(place, expected);
    if (seen !== null && Buffer.from(bytes).equals(seen.bytes)) return true;
    return (await files.write(place, bytes, expected)) !== null;
  });
}

/** The bytes of a stub that is to be written now in place of `seen`. */
export function stubBytes({ world }: AirflowPlace, stub: Stub, seen: LiveFile | null): Uint8Array {
  return Buffer.from(renderStub({ ...stub, serial: serialAfter(seen?.stub ?? null, world.now()) }));
}

/** What a unit's file shows: a version, nothing of Headgate's (null), or something that nobody planned (`other`). */
export type Shown = Pointer | null | 'other';

/**
 * A stub says itself which version it is. A file that is copied as it is shows the version, recorded or one of
 * `candidates`, whose bytes it has.
 */
export async function shownPointer(
  airflow: AirflowPlace,
  unit: UnitKey,
  candidates: readonly (Pointer | null)[],
): Promise<Shown> {
  const live = await readLive(airflow, unit);
  if (live === null) return null;
  if (live.stub !== null) return live.stub.unit === unit ? live.stub.live : 'other';
  const recorded = (await airflow.home.readPointer(unit))?.pointer ?? null;
  for (const pointer of [recorded, ...candidates]) {
    if (pointer === null) continue;
    const facts = await factsAt(airflow.world, unit, pointer);
    const wanted = facts.legacy ? await airflow.home.readPartFile(pointer.part, facts.source) : null;
    if (wanted !== null && Buffer.from(wanted).equals(live.bytes)) return pointer;
  }
  return recorded === null ? null : 'other';
}
