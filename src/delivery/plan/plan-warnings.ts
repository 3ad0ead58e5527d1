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
