import { z } from 'zod';
import { type AssetKey, type Digest, parseDigest, partKey, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer, Step, StepKind, StepOf } from '../../model/step.ts';
import type { Direction, LiveTarget, Mark, Outcome, Sighting, TargetWorld } from '../contract.ts';
import { samePointer } from './live-pointer.ts';
import type { ReleaseHome } from './release-home.ts';

/** What a target whose units are whole parts needs: its id, its home, the world, and the two things only it can do. */
export type WholeParts = {
  target: string;
  home: ReleaseHome;
  world: TargetWorld;
  /** Null when what the pointer names is whole and usable, else what is wrong with it. Reads only. */
  examine(unit: UnitKey, pointer: Pointer): Promise<string | null>;
  /** Whether all of a unit stands still when these of its assets are disabled. */
  stops(unit: UnitKey, disabled: AssetKey[]): Promise<boolean>;
};

export type WholePartKind = Exclude<StepKind, 'build' | 'drain'>;
export type WholePartStep = StepOf<WholePartKind>;

const SettingsNote = z.object({ digest: z.string().transform((text) => parseDigest(text)) });

/** What is live, from the pointers and notes of the home. */
export async function inspectWholeParts({ home, target }: Pick<WholeParts, 'home' | 'target'>): Promise<LiveTarget> {
  const pointers = await home.readPointers(target);
  const units = pointers.flatMap(({ unit, pointer, disabled }) =>
    pointer === null ? [] : [{ unit, pointer, disabled }],
  );
  const settings: LiveTarget['settings'] = {};
  for (const note of await home.listNotes(`settings/${target}`)) {
    const name = note.slice(note.lastIndexOf('/') + 1);
    const digest = await settingsIn(home, partKey(target, name));
    if (digest !== null) settings[partKey(target, name)] = digest;
  }
  return { units: units.sort((left, right) => (left.unit < right.unit ? -1 : 1)), settings };
}

type Looks = {
  [Kind in WholePartKind]: (parts: WholeParts, step: StepOf<Kind>, direction: Direction) => Promise<Sighting>;
};
type Acts = {
  [Kind in WholePartKind]: (
    parts: WholeParts,
    step: StepOf<Kind>,
    how: { direction: Direction; mark: Mark },
  ) => Promise<Outcome>;
};

/** Where a step's subject stands. Uploads and questions have nothing to undo, so their undo is always done. */
const looks: Looks = {
  async upload({ home }, { blob, bundle }, direction) {
    if (direction === 'undo') return { at: 'after' };
    return (await home.hasPart(blob)) && (await home.hasBundle(bundle)) ? { at: 'after' } : { at: 'before' };
  },
  async configure({ home }, { part, from, to }, direction) {
    const found = await settingsIn(home, part);
    return sighted({ found, before: from, after: to, direction, same: (a, b) => a === b });
  },
  async switch({ home }, { unit, from, to }, direction) {
    return sightedPointer(home, unit, { before: from, after: to, direction });
  },
  async remove({ home }, { unit, from }, direction) {
    return sightedPointer(home, unit, { before: from, after: null, direction });
  },
  async verify(parts, { unit, to }, direction) {
    if (direction === 'undo') return { at: 'after' };
    return (await complaint(parts, unit, to)) === null ? { at: 'after' } : { at: 'before' };
  },
  async disable({ home }, { unit, asset }, direction) {
    return { at: (await isDisabled(home, unit, asset)) === (direction === 'forward') ? 'after' : 'before' };
  },
  async enable({ home }, { unit, asset }, direction) {
    return { at: (await isDisabled(home, unit, asset)) === (direction === 'undo') ? 'after' : 'before' };
  },
};

const acts: Acts = {
  async upload({ home, world }, { part, blob, bundle }, { direction, mark }) {
    if (direction === 'undo') return done('files beside what is live were left');
    const content = await world.bundles.content(bundle);
    const { files } = await world.bundles.part(bundle, part);
    await home.writeBundle({ bundle, environment: world.environment, content, mark });
    const unpack = (folder: string) => world.bundles.unpack(blob, folder);
    const { uploaded } = await home.uploadPart({ part, digest: blob, files, mark, unpack });
    return done(uploaded ? `${files} files` : 'the same files were there already');
  },
  async configure({ home }, { part, from, to }, { direction, mark }) {
    const wanted = direction === 'forward' ? to : from;
    await home.writeNote({ name: `settings/${part}`, value: wanted === null ? null : { digest: wanted }, mark });
    return done(wanted === null ? 'no settings' : `settings ${wanted}`);
  },
  async switch(parts, { unit, from, to }, { direction, mark }) {
    const [expected, wanted] = direction === 'forward' ? [from, to] : [to, from];
    return move(parts, { unit, expected, to: wanted, mark });
  },
  async remove(parts, { unit, from }, { direction, mark }) {
    const [expected, wanted] = direction === 'forward' ? [from, null] : [null, from];
    return move(parts, { unit, expected, to: wanted, mark });
  },
  async verify(parts, { unit, to }, { direction }) {
    if (direction === 'undo') return done('a question changes nothing');
    const wrong = await complaint(parts, unit, to);
    if (wrong === null) return done(to === null ? 'it is gone' : 'it is what runs');
    return {
      outcome: 'failed',
      cause: 'not-live',
      message: `${unit}: ${wrong}.`,
      hint: 'Look at the part in its release home.',
    };
  },
  disable: (parts, step, how) => setDisabled(parts, step, { ...how, wanted: how.direction === 'forward' }),
  enable: (parts, step, how) => setDisabled(parts, step, { ...how, wanted: how.direction === 'undo' }),
};

/** Where the step's subject stands; reads only. */
export function lookAtWholePart(parts: WholeParts, step: WholePartStep, direction: Direction): Promise<Sighting> {
  // The table's entry of a kind takes exactly the step of that kind; the compiler cannot see through the union.
  const look = looks[step.kind] as (p: WholeParts, s: WholePartStep, d: Direction) => Promise<Sighting>;
  return look(parts, step, direction);
}

type How = { direction: Direction; mark: Mark };

/** Carries the step out, or takes it back. */
export function actOnWholePart(parts: WholeParts, step: WholePartStep, how: How): Promise<Outcome> {
  const act = acts[step.kind] as (p: WholeParts, s: WholePartStep, h: How) => Promise<Outcome>;
  return act(parts, step, how);
}

/** True for the steps that these two functions know. */
export function isWholePartStep(step: Step): step is WholePartStep {
  return step.kind !== 'build' && step.kind !== 'drain';
}

/** Never lets a pointer name what is not wholly there. */
async function move(
  { home }: WholeParts,
  { unit, expected, to, mark }: { unit: UnitKey; expected: Pointer | null; to: Pointer | null; mark: Mark },
): Promise<Outcome> {
  if (to !== null && !((await home.hasPart(to.part)) && (await home.hasBundle(to.bundle)))) {
    const message = `${unit} was not switched: ${to.part} is not whole in ${home.location}.`;
    return {
      outcome: 'failed',
      cause: 'part-incomplete',
      message,
      hint: 'What was live is live. Deliver the bundle again.',
    };
  }
  const moved = await home.movePointer({ unit, expected, to, mark });
  if (moved.moved) return done(to === null ? 'removed' : `now at ${to.bundle}`);
  const message = `${unit} was not switched: it stands at ${moved.found?.bundle ?? 'nothing'}, not at ${expected?.bundle ?? 'nothing'}.`;
  return { outcome: 'failed', cause: 'moved', message, hint: 'What was live is live. Make the plan again.' };
}

async function complaint(parts: WholeParts, unit: UnitKey, to: Pointer | null): Promise<string | null> {
  const live = (await parts.home.readPointer(unit))?.pointer ?? null;
  if (!samePointer(live, to)) return `it stands at ${live?.bundle ?? 'nothing'}, not at ${to?.bundle ?? 'nothing'}`;
  if (to === null) return null;
  if (!(await parts.home.hasPart(to.part))) return `its files ${to.part} are not whole`;
  if (!(await parts.home.hasBundle(to.bundle))) return `the record of its bundle ${to.bundle} is missing`;
  return parts.examine(unit, to);
}

async function setDisabled(
  parts: WholeParts,
  { unit, asset }: { unit: UnitKey; asset: AssetKey },
  { wanted, mark }: { wanted: boolean; mark: Mark },
): Promise<Outcome> {
  const now = (await parts.home.readPointer(unit))?.disabled ?? [];
  const others = now.filter((candidate) => candidate !== asset);
  const disabled = wanted ? [...others, asset].sort() : others;
  const stopped = disabled.length > 0 && (await parts.stops(unit, disabled));
  await parts.home.setDisabled({ unit, disabled, stopped, mark });
  return done(wanted ? `${asset} is stopped` : `${asset} may run`);
}

async function isDisabled(home: ReleaseHome, unit: UnitKey, asset: AssetKey): Promise<boolean> {
  return (await home.readPointer(unit))?.disabled.includes(asset) ?? false;
}

async function settingsIn(home: ReleaseHome, part: string): Promise<Digest | null> {
  return (await home.readNote(`settings/${part}`, SettingsNote))?.digest ?? null;
}

async function sightedPointer(
  home: ReleaseHome,
  unit: UnitKey,
  { before, after, direction }: { before: Pointer | null; after: Pointer | null; direction: Direction },
): Promise<Sighting> {
  const found = (await home.readPointer(unit))?.pointer ?? null;
  return sighted({ found, before, after, direction, same: samePointer, show: (pointer) => pointer.bundle });
}

function sighted<Value>(input: {
  found: Value | null;
  before: Value | null;
  after: Value | null;
  direction: Direction;
  same(left: Value | null, right: Value | null): boolean;
  show?(value: Value): string;
}): Sighting {
  const { found, same, direction } = input;
  const [start, end] = direction === 'forward' ? [input.before, input.after] : [input.after, input.before];
  if (same(found, end)) return { at: 'after' };
  if (same(found, start)) return { at: 'before' };
  return { at: 'elsewhere', found: found === null ? 'nothing' : (input.show?.(found) ?? String(found)) };
}

function done(detail: string): Outcome {
  return { outcome: 'done', detail };
}
