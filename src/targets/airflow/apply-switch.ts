import { z } from 'zod';
import type { UnitKey } from '../../model/identifiers.ts';
import type { Pointer, StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome } from '../contract.ts';
import { fileNameOf, samePointer } from '../release-home/live-pointer.ts';
import { finish } from './apply-finish.ts';
import type { DagRun } from './client.ts';
import { type Hold, keepPaused, pauseHeld, releaseHold, takeHold, writeHold } from './hold.ts';
import { type LiveFile, type Putting, putLive, readLive, shownPointer, stubBytes } from './live-files.ts';
import { done, moved, partMissing, runsLeft, waiting } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';
import { type Pins, releaseTag, type Stub, tidied } from './stub.ts';
import { factsAt, plainStub, type UnitFacts } from './unit-facts.ts';

/** A change of what is live: `to` null takes the unit out. `pinRuns`: runs under way stay on `from`. */
export type Change = { unit: UnitKey; from: Pointer | null; to: Pointer | null; pinRuns: boolean; mark: Mark };

const Adopted = z.object({ base64: z.string() });
/** How long runs may last of a DAG that was not Headgate's, or was in another file, before its first switch gives up. */
const FOREIGN_SECONDS = 2 * 60 * 60;

/**
 * Forward, the DAGs are left paused: `verify` lets them go on, once for all units, when Airflow has read the new files.
 * Undo has no such step after it, so it ends only when they go on.
 */
export async function applySwitch(
  airflow: AirflowPlace,
  step: StepOf<'switch'>,
  { direction, mark }: { direction: Direction; mark: Mark },
): Promise<Outcome> {
  const { unit, pinRuns } = step;
  if (direction === 'forward') return change(airflow, { unit, from: step.from, to: step.to, pinRuns, mark });
  const taken = await change(airflow, { unit, from: step.to, to: step.from, pinRuns: true, mark });
  if (taken.outcome !== 'done') return taken;
  if (step.from === null) return takenOut(airflow, unit, mark);
  return finish(airflow, { unit, to: step.from, mark, proven: pinRuns });
}

/** Pauses, finds the runs under way, puts the new file live with their pins, and records it. Safe to begin again at any point. */
export async function change(airflow: AirflowPlace, { unit, from, to, pinRuns, mark }: Change): Promise<Outcome> {
  if (to !== null && !(await isWhole(airflow, to))) return partMissing(unit, to.part);
  const shown = await shownPointer(airflow, unit, [from, to]);
  if (shown === 'other') return moved(unit, shown, from);
  if (!samePointer(shown, to)) {
    if (!samePointer(shown, from)) return moved(unit, shown, from);
    const outcome = await putVersion(airflow, { unit, from, to, pinRuns, mark });
    if (outcome.outcome !== 'done') return outcome;
  }
  const recorded = await airflow.home.movePointer({ unit, expected: from, to, mark });
  return recorded.moved ? done(to === null ? 'taken out' : 'the new file is live') : moved(unit, recorded.found, from);
}

async function putVersion(airflow: AirflowPlace, wanted: Change): Promise<Outcome> {
  const { unit, from, to, mark } = wanted;
  const facts = await Promise.all([from, to].map((at) => (at === null ? null : factsAt(airflow.world, unit, at))));
  const [was, will] = [facts[0] ?? null, facts[1] ?? null];
  if (will?.legacy === true || (will === null && was?.legacy === true)) return putCopy(airflow, wanted, will);
  const live = await readLive(airflow, unit);
  const hold = await takeHold(
    airflow,
    unit,
    [...new Set([...(live?.stub?.dagIds ?? []), ...(will?.dagIds ?? [])])],
    mark,
  );
  await pauseHeld(airflow, hold);
  const runs = await settledRuns(airflow, hold);
  if (runs.length > 0 && live?.stub == null) return waitForForeign(airflow, hold, runs, mark);
  if (runs.length > 0 && !wanted.pinRuns) return waitForDrained(airflow, hold, runs, mark);
  if (live !== null && live.stub === null) await adopt(airflow, unit, live, mark);
  const bytes =
    will === null || to === null
      ? await adopted(airflow, unit)
      : stubBytes(airflow, nextStub({ unit, to, will, live, runs }), live);
  return put(airflow, hold, { unit, to, seen: live, bytes, mark });
}

/** A file that is copied as it is: replaced in one write, nothing paused, as it was before Headgate. */
async function putCopy(airflow: AirflowPlace, { unit, to, mark }: Change, will: UnitFacts | null): Promise<Outcome> {
  const live = await readLive(airflow, unit);
  if (to !== null && live !== null && live.stub === null && (await airflow.home.readPointer(unit)) === null) {
    await adopt(airflow, unit, live, mark);
  }
  const bytes =
    to === null || will === null ? await adopted(airflow, unit) : await airflow.home.readPartFile(to.part, will.source);
  if (to !== null && bytes === null) return partMissing(unit, to.part);
  return put(airflow, await takeHold(airflow, unit, [], mark), { unit, to, seen: live, bytes, mark });
}

type PuttingVersion = Putting & { to: Pointer | null };

/** What Airflow shows now, and the time, are noted first: what it shows later is of the new file. */
async function put(airflow: AirflowPlace, hold: Hold, { to, ...putting }: PuttingVersion): Promise<Outcome> {
  const parsed = await lastParsed(airflow, Object.keys(hold.before), to);
  await writeHold(airflow, { ...hold, written: airflow.world.now().toISOString(), parsed }, putting.mark);
  const written = await putLive(airflow, putting);
  return written ? done('put live') : waiting('another writer of the same file', 1);
}

/** When Airflow last read each DAG; of a file whose DAGs only Airflow knows by name, those that bear the release's tag. */
async function lastParsed(
  { client }: AirflowPlace,
  dagIds: readonly string[],
  to: Pointer | null,
): Promise<Hold['parsed']> {
  const byTag = dagIds.length === 0 && to !== null ? await client.dagsTagged(releaseTag(to.bundle)) : [];
  const known = [...byTag, ...(await Promise.all(dagIds.map((dagId) => client.dag(dagId))))];
  const parsed = known.flatMap((dag) => (dag?.lastParsed == null ? [] : [[dag.dagId, dag.lastParsed] as const]));
  return Object.fromEntries(parsed);
}

type Next = { unit: UnitKey; to: Pointer; will: UnitFacts; live: LiveFile | null; runs: DagRun[] };

/** The stub of the new version, in which every run under way keeps the release that it began on. */
function nextStub({ unit, to, will, live, runs }: Next): Stub {
  const fresh = plainStub(unit, to, will);
  const stub = live?.stub ?? null;
  if (stub === null) return fresh;
  const pins: Pins = {};
  for (const { dagId, runId } of runs) {
    const pin = stub.pins[dagId]?.[runId] ?? ([stub.live.bundle, stub.live.part] as const);
    pins[dagId] = { ...pins[dagId], [runId]: [pin[0], pin[1]] };
  }
  return tidied({ ...fresh, paths: { ...stub.paths, ...fresh.paths } }, pins);
}

/**
 * The runs under way, read until two readings agree. Once the pause is in Airflow's database no scheduler loop starts a
 * run's first task any more, so a run that is not seen here has not begun.
 */
async function settledRuns({ client }: AirflowPlace, hold: Hold): Promise<DagRun[]> {
  const dagIds = Object.keys(hold.before).filter((dagId) => hold.before[dagId] !== 'new');
  let runs = await client.runsUnderWay(dagIds);
  for (;;) {
    const again = await client.runsUnderWay(dagIds);
    if (again.map(nameOf).join() === runs.map(nameOf).join()) return again;
    runs = again;
  }
}

/** No stub stands there yet, so a run under way cannot be pinned: it must end first, and for that its DAG must go on. */
async function waitForForeign(airflow: AirflowPlace, hold: Hold, runs: DagRun[], mark: Mark): Promise<Outcome> {
  const seconds = (airflow.world.now().getTime() - Date.parse(hold.since)) / 1000;
  await letGoOn(airflow, hold);
  if (seconds < FOREIGN_SECONDS) return waiting(`${runs.length} runs that began before Headgate had this file`, 10);
  await releaseHold(airflow, hold, mark);
  return runsLeft(hold.unit as UnitKey, runs, FOREIGN_SECONDS);
}

/** Somebody let the DAG go on after it was drained. It is drained again before the switch, which a resumed rollout does. */
async function waitForDrained(airflow: AirflowPlace, hold: Hold, runs: DagRun[], mark: Mark): Promise<Outcome> {
  await releaseHold(airflow, hold, mark);
  return runsLeft(hold.unit as UnitKey, runs, 0);
}

export async function letGoOn({ client }: AirflowPlace, hold: Hold): Promise<void> {
  const going = Object.keys(hold.before).filter((dagId) => hold.before[dagId] === 'running');
  await Promise.all(going.map((dagId) => client.setPaused(dagId, false)));
}

/** The unit is out: its DAGs stay paused, for their file is gone. */
export async function takenOut(airflow: AirflowPlace, unit: UnitKey, mark: Mark): Promise<Outcome> {
  const hold = await takeHold(airflow, unit, [], mark);
  if ((await readLive(airflow, unit)) === null) await keepPaused(airflow, hold, mark);
  else await releaseHold(airflow, hold, mark);
  return done('taken out; its history stays in Airflow');
}

/** Keeps a file that was there before Headgate, so that taking the unit out brings it back. */
async function adopt({ home }: AirflowPlace, unit: UnitKey, live: LiveFile, mark: Mark): Promise<void> {
  const base64 = Buffer.from(live.bytes).toString('base64');
  await home.writeNote({ name: `airflow/adopted/${fileNameOf(unit)}`, value: { base64 }, mark });
}

async function adopted({ home }: AirflowPlace, unit: UnitKey): Promise<Uint8Array | null> {
  const kept = await home.readNote(`airflow/adopted/${fileNameOf(unit)}`, Adopted);
  return kept === null ? null : Buffer.from(kept.base64, 'base64');
}

async function isWhole({ home }: AirflowPlace, pointer: Pointer): Promise<boolean> {
  return (await home.hasPart(pointer.part)) && (await home.hasBundle(pointer.bundle));
}

function nameOf({ dagId, runId }: DagRun): string {
  return `${dagId}\n${runId}`;
}
