import { fail } from '../../base/errors.ts';
import { digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Step } from '../../model/step.ts';
import { layers } from '../../targets/contract.ts';
import type { Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { planWarnings } from './plan-warnings.ts';
import { startDigest } from './start-digest.ts';
import { survey, type TargetSurvey } from './survey.ts';
import { configureSteps, removeSteps, switchSteps, uploadSteps, verifySteps } from './unit-steps.ts';

/**
 * Lists the steps from what is live to what the bundle wants, in an order that is the same on every machine:
 * all uploads first, for they are harmless; then layer by layer configure, switch and, last, verify; then what the bundle
 * no longer has is removed, the highest layer first, so nothing is taken away from under a consumer.
 * An up-to-date environment gives a plan without steps.
 * Fails with `environment-unknown` when the bundle has no settings for the environment.
 */
export function buildPlan(input: PlanInput): Plan {
  if (!input.content.environments.some(({ name }) => name === input.environment.name)) {
    throw fail('environment-unknown', { environment: input.environment.name, bundle: input.bundle });
  }
  const surveys = survey(input);
  return sealPlan({
    project: input.project,
    environment: input.environment.name,
    bundle: input.bundle,
    start: startDigest(input),
    steps: orderedSteps(input, surveys),
    warnings: planWarnings(input, surveys),
  });
}

/** Gives a plan its digest: of the canonical JSON of everything else in it. */
export function sealPlan(content: Omit<Plan, 'digest'>): Plan {
  return { digest: planDigest(content), ...content };
}

/** The digest that the content of a plan should have. */
export function planDigest(content: Omit<Plan, 'digest'>): Plan['digest'] {
  const { project, environment, bundle, start, steps, warnings } = content;
  return digestOf(canonicalJson({ project, environment, bundle, start, steps, warnings }));
}

function orderedSteps(input: PlanInput, surveys: TargetSurvey[]): Step[] {
  const upwards = layers.map((layer) => surveys.filter(({ delivery }) => delivery.layer === layer));
  return [
    ...upwards.flatMap((layer) => layer.flatMap((one) => uploadSteps(one, input.bundle))),
    ...upwards.flatMap((layer) => [
      ...layer.flatMap((one) => configureSteps(one, input.bundle)),
      ...layer.flatMap((one) => switchSteps(one, input.disabled)),
      ...layer.flatMap(verifySteps),
    ]),
    ...upwards.toReversed().flatMap((layer) => layer.flatMap(removeSteps)),
  ];
}
