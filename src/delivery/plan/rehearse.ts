import type { AssetKey, UnitKey } from '../../model/identifiers.ts';
import type { Pointer, Step, StepKind, StepOf } from '../../model/step.ts';
import type { Direction, LiveTarget } from '../../targets/contract.ts';
import type { LiveTargets } from './plan-input.ts';

/**
 * What would be live if the steps were carried out, or, with `undo`, taken back from the last to the first. Touches nothing,
 * the given state neither.
 */
export function rehearse(live: LiveTargets, steps: readonly Step[], direction: Direction = 'forward'): LiveTargets {
  const reached = structuredClone(live);
  for (const step of direction === 'forward' ? steps : steps.toReversed()) {
    const target = reached[step.target] ?? { units: [], settings: {} };
    reached[step.target] = target;
    rehearseStep(target, step, direction);
  }
  return reached;
}

type Rehearsals = {
  [Kind in StepKind]: (target: LiveTarget, step: StepOf<Kind>, isForward: boolean) => void;
};

const rehearsals: Rehearsals = {
  upload: nothing,
  drain: nothing,
  build: nothing,
  verify: nothing,
  configure(target, { part, from, to }, isForward) {
    const settings = isForward ? to : from;
    if (settings === null) delete target.settings[part];
    else target.settings[part] = settings;
  },
  switch: (target, { unit, from, to }, isForward) => point(target, unit, isForward ? to : from),
  remove: (target, { unit, from }, isForward) => point(target, unit, isForward ? null : from),
  disable: (target, { unit, asset }, isForward) => stop(target, { unit, asset, isStopped: isForward }),
  enable: (target, { unit, asset }, isForward) => stop(target, { unit, asset, isStopped: !isForward }),
};

function rehearseStep(target: LiveTarget, step: Step, direction: Direction): void {
  // Each entry takes the steps of its own kind; the compiler cannot follow the kind through the lookup.
  const rehearsal = rehearsals[step.kind] as (target: LiveTarget, step: Step, isForward: boolean) => void;
  rehearsal(target, step, direction === 'forward');
}

function nothing(): void {}

/** A unit keeps its stopped assets when its pointer moves. */
function point(target: LiveTarget, unit: UnitKey, pointer: Pointer | null): void {
  const known = target.units.find((candidate) => candidate.unit === unit);
  const others = target.units.filter((candidate) => candidate.unit !== unit);
  target.units = pointer === null ? others : [...others, { unit, pointer, disabled: known?.disabled ?? [] }];
}

function stop(
  target: LiveTarget,
  { unit, asset, isStopped }: { unit: UnitKey; asset: AssetKey; isStopped: boolean },
): void {
  for (const live of target.units.filter((candidate) => candidate.unit === unit)) {
    const others = live.disabled.filter((stopped) => stopped !== asset);
    live.disabled = isStopped ? [...others, asset].sort() : others;
  }
}
