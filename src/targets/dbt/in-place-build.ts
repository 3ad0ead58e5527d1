import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import {
  awaitRun,
  type RunState,
  runOutput,
  runState,
  startRun,
  stopRun,
} from '../../base/recorded-run/recorded-run.ts';
import { redact } from '../../base/redact.ts';
import { digestOf, hexOf, parseDigest, partOf, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { Outcome, TargetWorld } from '../contract.ts';
import type { ReleaseHome } from '../release-home/release-home.ts';
import type { Build, WantedBuild } from './build.ts';
import type { DbtClient } from './client.ts';
import { DbtPart } from './config.ts';
import { dbtFailure } from './failures.ts';

export type InPlace = { home: ReleaseHome; world: TargetWorld; client: DbtClient; runs: string };

/** How long one call waits for a build; then the caller is told to ask again. */
const PATIENCE_MILLISECONDS = 5000;

const text = z.string().transform((value) => parseDigest(value));
const BuiltNote = z.object({ bundle: text, part: text, fingerprint: text });
const RunningNote = z.object({ key: z.string(), run: z.string(), fingerprint: text });

/**
 * Builds over what is there: `dbt build` with the settings and files of exactly one bundle. The run goes on when the worker
 * dies, and whoever comes next with the same key finds it; at most one runs for a unit at a time.
 */
export function inPlaceBuild(input: InPlace): Build {
  const { home } = input;
  return {
    async state(unit, to) {
      const built = await home.readNote(`built/${unit}`, BuiltNote);
      if (to === null ? built === null : built?.fingerprint === to.fingerprint && built.part === to.part)
        return 'built';
      const running = await home.readNote(`building/${unit}`, RunningNote);
      if (running === null || running.fingerprint !== (to?.fingerprint ?? null)) return 'not-built';
      return (await runState(running.run)).state === 'running' ? 'running' : 'not-built';
    },
    build: (wanted) => build(input, wanted),
  };
}

async function build(input: InPlace, { unit, to, mark }: WantedBuild): Promise<Outcome> {
  const { home } = input;
  const journal = await home.readJournal(mark.key);
  if (journal !== null) return noted(input, { unit, to, mark }, String(journal.detail));
  const stopped = await stopOther(input, { unit, mark });
  if (stopped !== null) return stopped;
  if (to === null) return noted(input, { unit, to, mark }, 'nothing was live before; what was built stays');
  const skip = await reasonToSkip(input, unit, to);
  if (skip !== null) return noted(input, { unit, to, mark }, skip);
  const run = await start(input, { unit, to, mark });
  const state = await awaitRun(run, PATIENCE_MILLISECONDS);
  return outcomeOf(input, { unit, to, mark }, { run, state });
}

/** Another version being built of the same unit is stopped first: it would write into what is built now. */
async function stopOther(
  { home }: InPlace,
  { unit, mark }: Pick<WantedBuild, 'unit' | 'mark'>,
): Promise<Outcome | null> {
  const running = await home.readNote(`building/${unit}`, RunningNote);
  if (running === null || running.key === mark.key) return null;
  // The fence keeps older epochs from starting anything; stopping takes a while, so it is done without the home's lock.
  await home.fence(mark.epoch);
  await stopRun(running.run);
  const state = await runState(running.run);
  return state.state === 'running' ? { outcome: 'waiting', for: 'an earlier build to stop', againInSeconds: 2 } : null;
}

async function reasonToSkip({ home, world }: InPlace, unit: UnitKey, to: Pointer): Promise<string | null> {
  const part = await world.bundles.part(to.bundle, partOf(unit));
  if (DbtPart.parse(part.settings).build !== true)
    return 'headgate.yaml does not ask for a build when it is rolled out';
  const live = await home.readPointer(unit);
  return live?.stopped === true ? 'it is disabled, so nothing was built' : null;
}

/** Starts the run of this key unless it was started before. Only one process at a time is in here, and never an old epoch. */
async function start(
  { home, client, runs }: InPlace,
  { unit, to, mark }: WantedBuild & { to: Pointer },
): Promise<string> {
  const run = join(runs, hexOf(digestOf(mark.key)));
  const disabled = (await home.readPointer(unit))?.disabled ?? [];
  await home.writeNote({ name: `building/${unit}`, value: { key: mark.key, run, fingerprint: to.fingerprint }, mark });
  const command = await client.buildCommand({ unit, to, disabled, mark });
  await home.guarded(mark, unit, async () => {
    const { state } = await runState(run);
    if (state === 'absent' || state === 'lost') await startRun(run, { key: mark.key, ...command.order }, command.env);
  });
  return run;
}

async function outcomeOf(
  input: InPlace,
  wanted: WantedBuild,
  { run, state }: { run: string; state: RunState },
): Promise<Outcome> {
  if (state.state === 'running')
    return { outcome: 'waiting', for: `dbt build (${state.seconds} s so far)`, againInSeconds: 2 };
  if (state.state !== 'ended') throw fail('dbt-run-lost', { unit: wanted.unit, run });
  if (state.end.code === 0) return noted(input, wanted, `built in ${Math.round(state.end.seconds)} s`);
  const failure = dbtFailure(await cleanOutput(input, wanted, run), state.end);
  const { cause, hint } = failure;
  const message = `${failure.message}\nlog: ${join(run, 'output.log')}`;
  if (!failure.again) return { outcome: 'failed', cause, message, hint };
  await input.home.guarded(wanted.mark, wanted.unit, () => input.client.forget(run));
  throw fail('dbt-run-interrupted', { unit: wanted.unit, cause, message: failure.message, hint });
}

/** The run's output without the secrets that it was given; they are read here only to be blotted out. */
async function cleanOutput({ client, world }: InPlace, { unit, to }: WantedBuild, run: string): Promise<string> {
  const references = to === null ? [] : await client.secretReferences(unit, to);
  for (const reference of references) await world.secret(reference).catch(() => null);
  return redact(await runOutput(run));
}

/** Writes down that the key is done and what the warehouse now holds. */
async function noted({ home }: InPlace, { unit, to, mark }: WantedBuild, detail: string): Promise<Outcome> {
  await home.writeNote({ name: `built/${unit}`, value: to === null ? null : { ...to }, mark });
  await home.writeNote({ name: `building/${unit}`, value: null, mark });
  await home.writeJournal(mark, { detail });
  return { outcome: 'done', detail };
}
