import type { Asset } from '../../model/asset.ts';
import { reach } from '../impact/reach.ts';
import type { PlanWarning } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { TargetSurvey } from './survey.ts';
import { drains, isChanged } from './unit-steps.ts';

/** What people should know before they approve: what cannot be taken back, what waits for runs, what is not delivered. */
export function planWarnings(input: PlanInput, surveys: TargetSurvey[]): PlanWarning[] {
  return [
    ...surveys.flatMap(irreversible),
    ...surveys.flatMap(waits),
    ...surveys.flatMap(lostSettings),
    ...undelivered(input),
    ...reached(input, surveys),
  ];
}

function irreversible({ delivery, wanted, leaving }: TargetSurvey): PlanWarning[] {
  return [
    ...wanted.filter(isChanged).flatMap(({ was, unit }) => delivery.irreversible(was, unit)),
    ...leaving.flatMap(({ was }) => delivery.irreversible(was, null)),
  ].map(({ unit, because }) => ({ unit, because }));
}

function waits(survey: TargetSurvey): PlanWarning[] {
  return survey.wanted
    .filter((unit) => isChanged(unit) && drains(survey, unit))
    .map(({ unit, was }) => ({
      unit: unit.unit,
      because:
        was === null
          ? 'the bundle that is live cannot be read, so runs under way must end before the switch'
          : 'its shape changes, so runs under way must end before the switch',
    }));
}

function lostSettings({ settings }: TargetSurvey): PlanWarning[] {
  return settings
    .filter(({ from, to, fromBundle }) => from !== null && from !== to && fromBundle === null)
    .map(({ part }) => ({
      unit: null,
      because: `the settings that ${part.part} has now come from no bundle that can be read, so they cannot be brought back`,
    }));
}

function undelivered({ content, deliveries, environment }: PlanInput): PlanWarning[] {
  return content.parts
    .filter((part) => deliveries[part.target] === undefined)
    .map((part) => ({
      unit: null,
      because: `${part.part} is not delivered: ${environment.name} has no target for it`,
    }));
}

/** How many reached assets are named; the rest are counted. */
const namedAtMost = 8;

/**
 * Whom a change of something that is live already reaches: assets downstream that somebody owns and that have a service
 * level or a sensitivity, the nearest first.
 */
function reached({ content }: PlanInput, surveys: TargetSurvey[]): PlanWarning[] {
  const changed = surveys.flatMap(({ wanted }) => wanted.filter((unit) => isChanged(unit) && unit.live !== null));
  const assets = new Map(content.assets.map((asset) => [asset.key, asset]));
  const downstream = reach(
    changed.flatMap(({ unit }) => unit.assets),
    content.edges,
  ).flatMap(({ key }) => assets.get(key) ?? []);
  const promised = downstream.filter(
    ({ serviceLevel, sensitivity }) => serviceLevel !== null || sensitivity.length > 0,
  );
  if (promised.length === 0) return [];
  const named = promised.slice(0, namedAtMost).map(promiseOf).join(', ');
  const more = promised.length > namedAtMost ? ` and ${promised.length - namedAtMost} more` : '';
  return [{ unit: null, because: `the change reaches ${named}${more}` }];
}

function promiseOf({ key, owner, serviceLevel, sensitivity }: Asset): string {
  const level = serviceLevel?.by ?? serviceLevel?.within ?? serviceLevel?.every ?? null;
  const words = [
    owner,
    level === null ? null : `due ${serviceLevel?.by === null ? 'within ' : ''}${level}`,
    ...sensitivity,
  ];
  return `${key} (${words.filter((word) => word !== null).join(', ')})`;
}
