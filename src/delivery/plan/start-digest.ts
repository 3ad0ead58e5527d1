import { type Digest, digestOf, partOf, type UnitKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Step } from '../../model/step.ts';
import type { LiveTarget } from '../../targets/contract.ts';
import type { Plan } from './plan.ts';
import type { LiveTargets, PlanInput } from './plan-input.ts';
import { compare, ownUnits } from './survey.ts';

export type StartInput = Pick<PlanInput, 'project' | 'content' | 'live' | 'liveContents' | 'deliveries' | 'disabled'>;

/** The digest of everything live that a plan looks at: own units with their pointers and stops, settings of own parts. */
export function startDigest(input: StartInput): Digest {
  const targets = Object.keys(input.deliveries)
    .sort()
    .map((target) => [target, looked(input, target)]);
  return digestOf(canonicalJson({ targets, disabled: [...new Set(input.disabled)].sort() }));
}

/** Where the environment is no longer what a plan was made for. */
export type Moved = { unit: string; expected: string; found: string };

/**
 * Null while the environment still is what the plan was made for. Else the first step whose start has moved, or,
 * when something moved that no step touches, the environment as a whole.
 */
export function planMoved(plan: Plan, input: StartInput): Moved | null {
  if (startDigest(input) === plan.start) return null;
  for (const step of plan.steps) {
    const moved = stepMoved(step, input.live);
    if (moved !== null) return moved;
  }
  return { unit: 'something', expected: 'another start', found: 'a state that differs from it' };
}

function looked(input: StartInput, target: string): LiveTarget {
  const units = ownUnits(input, target).map((unit) => ({ ...unit, disabled: [...unit.disabled].sort() }));
  const parts = new Set([
    ...input.content.parts.filter((part) => part.target === target).map((part) => part.part),
    ...units.map(({ unit }) => partOf(unit)),
  ]);
  const settings = Object.entries(input.live[target]?.settings ?? {})
    .filter(([part]) => [...parts].some((own) => own === part))
    .sort(([a], [b]) => compare(a, b));
  return { units, settings: Object.fromEntries(settings) };
}

function stepMoved(step: Step, live: LiveTargets): Moved | null {
  if (step.kind === 'configure') {
    const found = live[step.target]?.settings[step.part] ?? null;
    return found === step.from
      ? null
      : { unit: step.part, expected: step.from ?? 'nothing', found: found ?? 'nothing' };
  }
  if (step.kind !== 'switch' && step.kind !== 'remove') return null;
  const found = bundleOf(step.unit, live[step.target]);
  const expected = step.from?.bundle ?? null;
  return found === expected ? null : { unit: step.unit, expected: expected ?? 'nothing', found: found ?? 'nothing' };
}

function bundleOf(unit: UnitKey, live: LiveTarget | undefined): Digest | null {
  return live?.units.find((candidate) => candidate.unit === unit)?.pointer.bundle ?? null;
}
