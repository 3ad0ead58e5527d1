import type { BundlePart, BundleUnit } from '../../model/bundle.ts';
import type { Digest, PartKey, UnitKey } from '../../model/identifiers.ts';
import { settingsDigest, settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { LiveUnit } from '../../targets/contract.ts';
import type { PlanDelivery, PlanInput } from './plan-input.ts';
import { wantedPointers } from './wanted-pointers.ts';

/** A unit that both sides know: what is wanted beside what is live. `was` is null when the live bundle cannot be read. */
export type WantedUnit = {
  part: BundlePart;
  unit: BundleUnit;
  to: Pointer;
  live: LiveUnit | null;
  was: BundleUnit | null;
};
export type LeavingUnit = { live: LiveUnit; was: BundleUnit | null };
export type Setting = { part: BundlePart; from: Digest | null; to: Digest; fromBundle: Digest | null };

/** Everything that one target has to do or leave alone. All lists are in the order of their keys. */
export type TargetSurvey = {
  target: string;
  delivery: PlanDelivery;
  wanted: WantedUnit[];
  leaving: LeavingUnit[];
  settings: Setting[];
};

/** Lays what is wanted beside what is live, target by target, in the order of target ids. */
export function survey(input: PlanInput): TargetSurvey[] {
  const pointers = wantedPointers({ ...input, environment: input.environment.name });
  return Object.keys(input.deliveries)
    .sort()
    .map((target) => surveyTarget(input, target, pointers));
}

/** Live units that belong to this project; those of a bundle known to be another project's are left alone. */
export function ownUnits(input: Pick<PlanInput, 'project' | 'live' | 'liveContents'>, target: string): LiveUnit[] {
  const units = input.live[target]?.units ?? [];
  return units
    .filter((unit) => (input.liveContents.get(unit.pointer.bundle)?.project ?? input.project) === input.project)
    .sort((a, b) => compare(a.unit, b.unit));
}

/** Orders texts by their code units, the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function surveyTarget(input: PlanInput, target: string, pointers: Map<UnitKey, Pointer>): TargetSurvey {
  const delivery = input.deliveries[target];
  if (delivery === undefined || input.live[target] === undefined) {
    throw new Error(`buildPlan: ${target} is to be delivered to but was not inspected`);
  }
  const parts = input.content.parts.filter((part) => part.target === target).sort((a, b) => compare(a.part, b.part));
  const live = new Map(ownUnits(input, target).map((unit) => [unit.unit, unit]));
  const wanted = parts.flatMap((part) => part.units.map((unit) => wantedUnit(input, { part, unit, live, pointers })));
  const kept = new Set(wanted.map(({ unit }) => unit.unit));
  return {
    target,
    delivery,
    wanted: wanted.sort((a, b) => compare(a.unit.unit, b.unit.unit)),
    leaving: [...live.values()]
      .filter((unit) => !kept.has(unit.unit))
      .map((unit) => ({ live: unit, was: unitWithin(input, unit.pointer.bundle, unit.unit) })),
    settings: parts.flatMap((part) => settingOf(input, part)),
  };
}

type Found = { part: BundlePart; unit: BundleUnit; live: Map<UnitKey, LiveUnit>; pointers: Map<UnitKey, Pointer> };

function wantedUnit(input: PlanInput, { part, unit, live, pointers }: Found): WantedUnit {
  const to = pointers.get(unit.unit);
  if (to === undefined) throw new Error(`buildPlan: no pointer for ${unit.unit}`);
  const now = live.get(unit.unit) ?? null;
  return { part, unit, to, live: now, was: now === null ? null : unitWithin(input, now.pointer.bundle, unit.unit) };
}

function unitWithin(input: PlanInput, bundle: Digest, key: UnitKey): BundleUnit | null {
  const parts = input.liveContents.get(bundle)?.parts ?? [];
  return parts.flatMap((part) => part.units).find((unit) => unit.unit === key) ?? null;
}

function settingOf(input: PlanInput, part: BundlePart): Setting[] {
  const settings = settingsOf(input.content, input.environment.name, part.part);
  if (settings === null) return [];
  const from = input.live[part.target]?.settings[part.part] ?? null;
  return [{ part, from, to: settingsDigest(settings), fromBundle: bundleWithSettings(input, part.part, from) }];
}

/** The live bundle that the settings came with; null when there were none, or no readable bundle has them. */
function bundleWithSettings(input: PlanInput, part: PartKey, from: Digest | null): Digest | null {
  if (from === null) return null;
  const bundles = [...input.liveContents].sort(([a], [b]) => compare(a, b));
  for (const [bundle, content] of bundles) {
    const settings = settingsOf(content, input.environment.name, part);
    if (settings !== null && settingsDigest(settings) === from) return bundle;
  }
  return null;
}
