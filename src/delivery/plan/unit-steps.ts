import type { AssetKey, Digest } from '../../model/identifiers.ts';
import type { Step, StepKind, StepOf } from '../../model/step.ts';
import type { LeavingUnit, TargetSurvey, WantedUnit } from './survey.ts';

/** How long a drain waits for runs under way before it gives up and the rollout turns back. */
const drainLimitSeconds = 2 * 60 * 60;

/** Whether the unit has to be switched: it is new, or what it does has changed. */
export function isChanged({ live, to }: WantedUnit): boolean {
  return live === null || live.pointer.fingerprint !== to.fingerprint;
}

/** Whether runs under way must end before the unit changes. Without the live bundle at hand nobody can tell: drain. */
export function drains({ delivery }: TargetSurvey, unit: WantedUnit): boolean {
  if (unit.live === null || !delivery.switchSteps.includes('drain')) return false;
  return unit.was === null || delivery.needsDrain(unit.was, unit.unit);
}

/** One upload a part that has anything to switch or to configure. */
export function uploadSteps(survey: TargetSurvey, bundle: Digest): Step[] {
  return survey.settings
    .filter(({ part, from, to }) => from !== to || survey.wanted.some((unit) => unit.part === part && isChanged(unit)))
    .map(({ part }) => ({ kind: 'upload', target: survey.target, part: part.part, blob: part.blob, bundle }));
}

export function configureSteps(survey: TargetSurvey, bundle: Digest): Step[] {
  return survey.settings
    .filter(({ from, to }) => from !== to)
    .map(({ part, from, to, fromBundle }) => ({
      kind: 'configure',
      target: survey.target,
      part: part.part,
      from,
      to,
      bundle,
      fromBundle,
    }));
}

/** The target's own steps for each changed unit; then what a person disabled is stopped where it is not stopped yet. */
export function switchSteps(survey: TargetSurvey, disabled: AssetKey[]): Step[] {
  return survey.wanted.flatMap((unit) => [
    ...(isChanged(unit) ? survey.delivery.switchSteps.flatMap((kind) => unitSteps[kind](survey, unit)) : []),
    ...disableSteps(survey, unit, disabled),
  ]);
}

/** `verify` for each changed unit of a target that can tell; these stand last in their layer. */
export function verifySteps(survey: TargetSurvey): Step[] {
  if (!survey.delivery.switchSteps.includes('verify')) return [];
  return survey.wanted
    .filter(isChanged)
    .map(({ unit, to }) => ({ kind: 'verify', target: survey.target, unit: unit.unit, to }));
}

/** Drains (where the target can), removes and verifies each unit that the bundle no longer has. */
export function removeSteps(survey: TargetSurvey): Step[] {
  const { target, delivery, leaving } = survey;
  const verified = delivery.switchSteps.includes('verify');
  return [
    ...leaving.flatMap((unit) => [...leavingDrain(survey, unit), removeStep(target, unit)]),
    ...(verified ? leaving : []).map(({ live }): Step => ({ kind: 'verify', target, unit: live.unit, to: null })),
  ];
}

type UnitSteps = { [Kind in StepKind]: (survey: TargetSurvey, unit: WantedUnit) => Step[] };

/** How each kind of `switchSteps` becomes steps of one unit. Kinds that are placed elsewhere in the plan give none here. */
const unitSteps: UnitSteps = {
  drain: (survey, unit) => (drains(survey, unit) ? [drainStep(survey.target, unit.was ?? unit.unit)] : []),
  switch: (survey, unit) => [
    {
      kind: 'switch',
      target: survey.target,
      unit: unit.unit.unit,
      from: unit.live?.pointer ?? null,
      to: unit.to,
      pinRuns: unit.live !== null && !drains(survey, unit),
    },
  ],
  build: ({ target }, { unit, live, to }) => [
    { kind: 'build', target, unit: unit.unit, from: live?.pointer ?? null, to },
  ],
  upload: () => [],
  configure: () => [],
  verify: () => [],
  remove: () => [],
  disable: () => [],
  enable: () => [],
};

function drainStep(target: string, unit: Pick<WantedUnit['unit'], 'unit' | 'assets'>): StepOf<'drain'> {
  return { kind: 'drain', target, unit: unit.unit, assets: [...unit.assets].sort(), limitSeconds: drainLimitSeconds };
}

function leavingDrain({ target, delivery }: TargetSurvey, { live, was }: LeavingUnit): Step[] {
  if (!delivery.switchSteps.includes('drain')) return [];
  return [drainStep(target, { unit: live.unit, assets: was?.assets ?? live.disabled })];
}

function removeStep(target: string, { live }: LeavingUnit): Step {
  return { kind: 'remove', target, unit: live.unit, from: live.pointer };
}

function disableSteps({ target }: TargetSurvey, { unit, live }: WantedUnit, disabled: AssetKey[]): Step[] {
  return unit.assets
    .filter((asset) => disabled.includes(asset) && !(live?.disabled ?? []).includes(asset))
    .sort()
    .map((asset) => ({ kind: 'disable', target, asset, unit: unit.unit }));
}
