import type { AssetKey, Digest } from '../../model/identifiers.ts';
import { sealPlan } from './build-plan.ts';
import type { Plan } from './plan.ts';
import { type StartInput, startDigest } from './start-digest.ts';

export type ToggleInput = StartInput & {
  environment: string;
  /** The bundle the environment is at; a toggle changes nothing of it. */
  bundle: Digest;
  asset: AssetKey;
  to: 'disable' | 'enable';
};

/**
 * A plan that stops one asset, or lets it go on: one step for each live unit that has the asset (normally one).
 * Without steps when no live unit has it, or when it is stopped (or going) already.
 */
export function togglePlan(input: ToggleInput): Plan {
  return sealPlan({
    project: input.project,
    environment: input.environment,
    bundle: input.bundle,
    start: startDigest(input),
    steps: holdersOf(input).map(({ target, unit }) => ({ kind: input.to, target, asset: input.asset, unit })),
    warnings: [],
  });
}

function holdersOf({ live, liveContents, asset, to }: ToggleInput) {
  return Object.keys(live)
    .sort()
    .flatMap((target) => (live[target]?.units ?? []).map((unit) => ({ target, ...unit })))
    .filter(({ unit, pointer }) =>
      (liveContents.get(pointer.bundle)?.parts ?? []).some((part) =>
        part.units.some((candidate) => candidate.unit === unit && candidate.assets.includes(asset)),
      ),
    )
    .filter(({ disabled }) => disabled.includes(asset) === (to === 'enable'));
}
