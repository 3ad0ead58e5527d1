import { fail } from '../../src/base/errors.ts';
import type { AssetKey, Digest, UnitKey } from '../../src/model/identifiers.ts';
import { canonicalJson } from '../../src/model/json.ts';
import type { Pointer, Step, StepKind, StepOf } from '../../src/model/step.ts';
import type { Direction, LiveTarget, Mark, Outcome, Sighting } from '../../src/targets/contract.ts';

/**
 * How a target remembers. `journal`: every key it was ever called with; the same key again changes nothing.
 * `pointer`: a pointer moves only from what the step expects, and only builds and drains are remembered by key.
 */
export type Memory = 'journal' | 'pointer';

export type TargetBehaviour = {
  memory: Memory;
  /** How long runs go on after no new ones may start. */
  runSeconds: number;
  /** How long a build takes; 0 builds at once. */
  buildSeconds: number;
  /** How long the target takes to do what it was asked, at the longest. */
  actSeconds: number;
  /** The step whose way forward is refused, and whether its effect stays half there. */
  refuses: { kind: StepKind; unit: UnitKey; afterEffect: boolean } | null;
};

type UnitState = { pointer: Pointer; disabled: AssetKey[] };
type Draining = { since: number };
type Building = { key: string; to: Digest | null; until: number };

/** Everything that is live in a target in memory. Plain, so that it can be copied and compared. */
export type TargetState = {
  epoch: number;
  keys: { [key: string]: true };
  blobs: { [blob: string]: true };
  units: { [unit: string]: UnitState };
  settings: { [part: string]: Digest };
  draining: { [unit: string]: Draining };
  building: { [unit: string]: Building };
  built: { [unit: string]: Digest };
};

export function emptyTarget(): TargetState {
  return { epoch: 0, keys: {}, blobs: {}, units: {}, settings: {}, draining: {}, building: {}, built: {} };
}

/** What the simulator is told of: a real change, or something that must never be asked for. */
export type Witness = { effect(kind: StepKind): void; wrong(what: string): void };

export type Call = { step: Step; direction: Direction; mark: Mark; now: number };

/** What `inspect` of a target gives. */
export function liveIn(state: TargetState): LiveTarget {
  return {
    units: Object.entries(state.units).map(([unit, { pointer, disabled }]) => ({
      unit: unit as UnitKey,
      pointer,
      disabled: [...disabled],
    })),
    settings: { ...state.settings },
  };
}

/** What people can see of the target: equal texts mean the same is live. Uploaded files beside it do not count. */
export function visible(state: TargetState): string {
  const { units, settings, draining, building, built } = state;
  return canonicalJson({ units, settings, draining, building, built });
}

/** Acts at one moment, whole: refuses older epochs, does nothing twice for a key it remembers. */
export function actOn(state: TargetState, behaviour: TargetBehaviour, call: Call, witness: Witness): Outcome {
  const { step, direction, mark } = call;
  if (mark.epoch < state.epoch) {
    throw fail('target-epoch-stale', {
      target: step.target,
      unit: nameOf(step),
      held: state.epoch,
      offered: mark.epoch,
    });
  }
  state.epoch = mark.epoch;
  const remembers = behaviour.memory === 'journal' || step.kind === 'build' || step.kind === 'drain';
  if (remembers && state.keys[mark.key]) return { outcome: 'done', detail: 'done before' };
  const refusal = direction === 'forward' && isRefused(behaviour, step);
  if (refusal && !behaviour.refuses?.afterEffect) return refused;
  const answer = effectOf(step)(state, call, { ...behaviour, witness });
  if (refusal && answer.outcome === 'done') return refused;
  if (answer.outcome === 'done') state.keys[mark.key] = true;
  return answer;
}

/** Where the step's subject stands. */
export function lookAt(state: TargetState, behaviour: TargetBehaviour, call: Omit<Call, 'mark'>): Sighting {
  const { step, direction, now } = call;
  const forward = direction === 'forward';
  switch (step.kind) {
    case 'upload':
      return state.blobs[step.blob] ? { at: 'after' } : { at: 'before' };
    case 'configure':
      return between(state.settings[step.part] ?? null, ends(step.from, step.to, forward));
    case 'switch':
      return pointed(state, step.unit, ends(step.from, step.to, forward));
    case 'remove':
      return pointed(state, step.unit, ends(step.from, null, forward));
    case 'drain':
      return drained(state.draining[step.unit], { forward, runSeconds: behaviour.runSeconds, now });
    case 'build':
      return buildSeen(state, step, { forward, now });
    case 'verify':
      return verified(state, step) && !isRefused(behaviour, step) ? { at: 'after' } : { at: 'before' };
    case 'disable':
      return stopped(state, step, forward);
    case 'enable':
      return stopped(state, step, !forward);
  }
}

type Context = TargetBehaviour & { witness: Witness };
type Effect<Kind extends StepKind> = (
  state: TargetState,
  call: Call & { step: StepOf<Kind> },
  context: Context,
) => Outcome;

const done: Outcome = { outcome: 'done', detail: 'done' };
const refused: Outcome = { outcome: 'failed', cause: 'refused', message: 'The target said no.', hint: '' };

const effects: { [Kind in StepKind]: Effect<Kind> } = {
  upload(state, { step }, { witness }) {
    if (!state.blobs[step.blob]) witness.effect('upload');
    state.blobs[step.blob] = true;
    return done;
  },
  configure(state, { step, direction }, { witness }) {
    const { before, after } = ends(step.from, step.to, direction === 'forward');
    const now = state.settings[step.part] ?? null;
    if (now === after) return done;
    if (now !== before) return refused;
    if (after === null) delete state.settings[step.part];
    else state.settings[step.part] = after;
    witness.effect('configure');
    return done;
  },
  drain(state, { step, direction, now }, { witness, runSeconds }) {
    if (direction === 'undo') {
      if (state.draining[step.unit] !== undefined) witness.effect('drain');
      delete state.draining[step.unit];
      return done;
    }
    if (state.draining[step.unit] === undefined) witness.effect('drain');
    const draining = state.draining[step.unit] ?? { since: now };
    state.draining[step.unit] = draining;
    const left = draining.since / 1000 + runSeconds - now / 1000;
    if (left > step.limitSeconds) return refused;
    return left > 0 ? { outcome: 'waiting', for: 'runs to end', againInSeconds: Math.min(20, left) } : done;
  },
  switch(state, { step, direction, now }, context) {
    if (direction === 'forward' && step.from !== null && !step.pinRuns) {
      const { at } = drained(state.draining[step.unit], { forward: true, runSeconds: context.runSeconds, now });
      if (at !== 'after') context.witness.wrong(`${step.unit} was switched under running runs`);
    }
    return point(state, { unit: step.unit, ...ends(step.from, step.to, direction === 'forward') }, context.witness);
  },
  remove: (state, { step, direction }, { witness }) =>
    point(state, { unit: step.unit, ...ends(step.from, null, direction === 'forward') }, witness),
  build(state, { step, direction, mark, now }, { buildSeconds, witness }) {
    const to = (direction === 'forward' ? step.to.fingerprint : step.from?.fingerprint) ?? null;
    settle(state, step.unit, now);
    const begun = state.building[step.unit];
    if (begun === undefined && (state.built[step.unit] ?? null) === to) return done;
    if (begun?.key !== mark.key) {
      witness.effect('build');
      state.building[step.unit] = { key: mark.key, to, until: now + buildSeconds * 1000 };
      settle(state, step.unit, now);
    }
    const left = (state.building[step.unit]?.until ?? now) - now;
    return left > 0 ? { outcome: 'waiting', for: 'the build', againInSeconds: left / 1000 } : done;
  },
  verify(state, { step, direction }) {
    return verified(state, step) || direction === 'undo' ? done : refused;
  },
  disable: (state, { step, direction }, { witness }) =>
    stop(state, { ...step, stop: direction === 'forward' }, witness),
  enable: (state, { step, direction }, { witness }) => stop(state, { ...step, stop: direction === 'undo' }, witness),
};

function effectOf(step: Step): Effect<StepKind> {
  // Each entry takes the steps of its own kind; the compiler cannot follow the kind through the lookup.
  return effects[step.kind] as Effect<StepKind>;
}

type Ends<Value> = { before: Value | null; after: Value | null };

function ends<Value>(from: Value | null, to: Value | null, forward: boolean): Ends<Value> {
  return forward ? { before: from, after: to } : { before: to, after: from };
}

function between(now: Digest | null, { before, after }: Ends<Digest>): Sighting {
  if (now === after) return { at: 'after' };
  return now === before ? { at: 'before' } : { at: 'elsewhere', found: now ?? 'nothing' };
}

function pointed(state: TargetState, unit: UnitKey, { before, after }: Ends<Pointer>): Sighting {
  const now = state.units[unit]?.pointer ?? null;
  if (isSame(now, after)) return { at: 'after' };
  return isSame(now, before) ? { at: 'before' } : { at: 'elsewhere', found: now?.bundle ?? 'nothing' };
}

function isSame(a: Pointer | null, b: Pointer | null): boolean {
  return a?.bundle === b?.bundle && a?.part === b?.part && a?.fingerprint === b?.fingerprint;
}

/** Moves a unit's pointer from `before` to `after`, and lets its runs start again. */
function point(
  state: TargetState,
  { unit, before, after }: Ends<Pointer> & { unit: UnitKey },
  witness: Witness,
): Outcome {
  const { at } = pointed(state, unit, { before, after });
  if (at === 'elsewhere') return refused;
  if (at === 'after') return done;
  witness.effect('switch');
  if (after === null) delete state.units[unit];
  else state.units[unit] = { pointer: after, disabled: state.units[unit]?.disabled ?? [] };
  delete state.draining[unit];
  return done;
}

type DrainView = { forward: boolean; runSeconds: number; now: number };

function drained(draining: Draining | undefined, { forward, runSeconds, now }: DrainView): Sighting {
  if (draining === undefined) return { at: forward ? 'before' : 'after' };
  if (!forward) return { at: 'before' };
  return now >= draining.since + runSeconds * 1000 ? { at: 'after' } : { at: 'underway', detail: 'runs go on' };
}

function buildSeen(
  state: TargetState,
  { unit, from, to }: StepOf<'build'>,
  { forward, now }: { forward: boolean; now: number },
): Sighting {
  const wanted = (forward ? to.fingerprint : from?.fingerprint) ?? null;
  settle(state, unit, now);
  const building = state.building[unit];
  if (building !== undefined) return building.to === wanted ? { at: 'underway', detail: 'building' } : { at: 'before' };
  return (state.built[unit] ?? null) === wanted ? { at: 'after' } : { at: 'before' };
}

/** The state at a later moment: builds that have had their time are there. */
export function settledAt(state: TargetState, now: number): TargetState {
  for (const unit of Object.keys(state.building)) settle(state, unit, now);
  return state;
}

/** A build that has had its time is there. */
function settle(state: TargetState, unit: string, now: number): void {
  const building = state.building[unit];
  if (building === undefined || building.until > now) return;
  if (building.to === null) delete state.built[unit];
  else state.built[unit] = building.to;
  delete state.building[unit];
}

function verified(state: TargetState, { unit, to }: StepOf<'verify'>): boolean {
  return isSame(state.units[unit]?.pointer ?? null, to);
}

type Stop = { unit: UnitKey; asset: AssetKey };

function stopped(state: TargetState, { unit, asset }: Stop, wanted: boolean): Sighting {
  return { at: (state.units[unit]?.disabled.includes(asset) ?? false) === wanted ? 'after' : 'before' };
}

function stop(state: TargetState, { unit, asset, stop: wanted }: Stop & { stop: boolean }, witness: Witness): Outcome {
  const known = state.units[unit];
  if (known === undefined) return refused;
  if (known.disabled.includes(asset) === wanted) return done;
  known.disabled = wanted ? [...known.disabled, asset].sort() : known.disabled.filter((other) => other !== asset);
  witness.effect(wanted ? 'disable' : 'enable');
  return done;
}

function isRefused({ refuses }: TargetBehaviour, step: Step): boolean {
  return refuses !== null && step.kind === refuses.kind && 'unit' in step && step.unit === refuses.unit;
}

function nameOf(step: Step): string {
  return 'unit' in step ? step.unit : step.part;
}
