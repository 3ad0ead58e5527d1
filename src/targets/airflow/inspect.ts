import { type AssetKey, type PartKey, parseDigest, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer, Step, StepKind, StepOf } from '../../model/step.ts';
import type { Direction, LiveTarget, LiveUnit, Sighting } from '../contract.ts';
import { samePointer } from '../release-home/live-pointer.ts';
import { configuredSettings } from './apply-configure.ts';
import { readingOf } from './apply-finish.ts';
import { isDisabled } from './apply-toggle.ts';
import { readHold } from './hold.ts';
import { readLive, type Shown, shownPointer } from './live-files.ts';
import { shown } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';

/** What is live, by the files themselves: a stub that somebody took away or replaced is not live whatever the record says. */
export async function inspect(airflow: AirflowPlace): Promise<LiveTarget> {
  const { home } = airflow;
  const recorded = await home.readPointers('airflow');
  const units = await Promise.all(
    recorded.map(async ({ unit, disabled }): Promise<LiveUnit[]> => {
      const pointer = await shownPointer(airflow, unit, []);
      return pointer === null || pointer === 'other' ? [] : [{ unit, pointer, disabled }];
    }),
  );
  const settings: LiveTarget['settings'] = {};
  for (const name of await home.listNotes('airflow/configured')) {
    const part = decodeURIComponent(name.slice(name.lastIndexOf('/') + 1)) as PartKey;
    const digest = parseDigest((await configuredSettings(airflow, part)) ?? '');
    if (digest !== null) settings[part] = digest;
  }
  return { units: units.flat().sort((a, b) => (a.unit < b.unit ? -1 : 1)), settings };
}

/** Where a step's subject stands. Reads only. */
export async function look(airflow: AirflowPlace, step: Step, direction: Direction): Promise<Sighting> {
  // The entry of a kind takes exactly the steps of that kind; the compiler cannot see through the union.
  const one = looks[step.kind] as (place: AirflowPlace, step: Step, direction: Direction) => Promise<Sighting>;
  return one(airflow, step, direction);
}

type Looks = {
  [Kind in StepKind]: (airflow: AirflowPlace, step: StepOf<Kind>, direction: Direction) => Promise<Sighting>;
};

const AFTER: Sighting = { at: 'after' };
const BEFORE: Sighting = { at: 'before' };

const looks: Looks = {
  async upload({ home }, { blob, bundle }, direction) {
    if (direction === 'undo') return AFTER;
    return (await home.hasPart(blob)) && (await home.hasBundle(bundle)) ? AFTER : BEFORE;
  },
  async configure(airflow, { part, from, to }, direction) {
    const found = await configuredSettings(airflow, part);
    const [start, end] = direction === 'forward' ? [from, to] : [to, from];
    if (found === end) return AFTER;
    return found === start ? BEFORE : { at: 'elsewhere', found: found ?? 'no settings' };
  },
  async drain(airflow, { unit }, direction) {
    const hold = await readHold(airflow, unit);
    const draining = (await readLive(airflow, unit))?.stub?.draining === true;
    if (direction === 'undo') return hold === null && !draining ? AFTER : BEFORE;
    if (hold?.drained === true) return AFTER;
    return hold === null && !draining ? BEFORE : { at: 'underway', detail: 'runs are ending' };
  },
  switch: (airflow, { unit, from, to }, direction) => lookAtFile(airflow, unit, { from, to, direction }),
  remove: (airflow, { unit, from }, direction) =>
    lookAtFile(airflow, unit, { from, to: null, direction, settles: true }),
  async verify(airflow, { unit, to }, direction) {
    if (direction === 'undo') return AFTER;
    const found = await shownPointer(airflow, unit, [to]);
    const hold = await readHold(airflow, unit);
    if (found === 'other' || !samePointer(found, to) || hold !== null) return BEFORE;
    if (to === null) return AFTER;
    return (await readingOf(airflow, { unit, to, hold })).is === 'read' ? AFTER : BEFORE;
  },
  async build() {
    return { at: 'elsewhere', found: 'a step that Airflow does not have (build)' };
  },
  disable: (airflow, step, direction) => lookAtToggle(airflow, step, direction === 'forward'),
  enable: (airflow, step, direction) => lookAtToggle(airflow, step, direction !== 'forward'),
};

type FileLook = { from: Pointer | null; to: Pointer | null; direction: Direction; settles?: boolean };

/** The file, its record, and (where nothing comes after it) that its DAGs go on: all three make `after`. */
async function lookAtFile(
  airflow: AirflowPlace,
  unit: UnitKey,
  { from, to, direction, settles = false }: FileLook,
): Promise<Sighting> {
  const [start, end] = direction === 'forward' ? [from, to] : [to, from];
  const file = await shownPointer(airflow, unit, [start, end]);
  const record = (await airflow.home.readPointer(unit))?.pointer ?? null;
  const held = (await readHold(airflow, unit)) !== null;
  const at = (shown: Shown, pointer: Pointer | null) => shown !== 'other' && samePointer(shown, pointer);
  if (at(file, end) && samePointer(record, end)) {
    const unfinished = held && (settles || direction === 'undo');
    return unfinished ? { at: 'underway', detail: 'its DAGs are still paused' } : AFTER;
  }
  if (at(file, start) && samePointer(record, start)) return BEFORE;
  const onTheWay = [file, record].every((one) => at(one, start) || at(one, end));
  if (onTheWay) return { at: 'underway', detail: 'the file is live, its record is not' };
  return { at: 'elsewhere', found: shown(at(file, start) || at(file, end) ? record : file) };
}

async function lookAtToggle(
  airflow: AirflowPlace,
  { unit, asset }: { unit: UnitKey; asset: AssetKey },
  wanted: boolean,
): Promise<Sighting> {
  const recorded = (await airflow.home.readPointer(unit))?.disabled.includes(asset) === true;
  if (!wanted) return recorded ? BEFORE : AFTER;
  return (await isDisabled(airflow, unit, asset)) ? AFTER : BEFORE;
}
