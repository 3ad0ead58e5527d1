import type { AssetKey } from '../../model/identifiers.ts';
import type { AssetHealth } from '../../targets/contract.ts';

/** What the assets of a rollout add up to. `reasons` has a line for each asset that is not healthy, in the order of keys. */
export type HealthVerdict = { state: 'healthy' | 'unhealthy' | 'unknown'; reasons: string[] };

/**
 * One unhealthy asset makes the whole unhealthy. Else one that nobody can tell of, or that was asked for and not answered,
 * makes it unknown. When an asset is told of twice, the worse word counts.
 */
export function judgeHealth(asked: readonly AssetKey[], told: readonly AssetHealth[]): HealthVerdict {
  const worst = new Map<AssetKey, AssetHealth>();
  for (const one of told) {
    const known = worst.get(one.asset);
    if (known === undefined || severity[one.state] > severity[known.state]) worst.set(one.asset, one);
  }
  for (const asset of asked) {
    if (!worst.has(asset)) worst.set(asset, { asset, state: 'unknown', detail: 'its target did not answer for it' });
  }
  const judged = [...worst.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
  const level = Math.max(0, ...judged.map(({ state }) => severity[state]));
  return {
    state: states[level] ?? 'unknown',
    reasons: judged
      .filter(({ state }) => state !== 'healthy')
      .map(({ asset, state, detail }) => `${asset} is ${state}: ${detail}`),
  };
}

const states = ['healthy', 'unknown', 'unhealthy'] as const;
const severity: { [State in AssetHealth['state']]: number } = { healthy: 0, unknown: 1, unhealthy: 2 };
