import type { AssetKey } from '../../model/identifiers.ts';
import type { AssetHealth, LiveTarget } from '../contract.ts';
import type { WholeParts } from '../release-home/whole-part-steps.ts';

/** Healthy: the job's release is live and could be started. Unknown: disabled, or no live job has the asset. */
export async function health(parts: WholeParts, live: LiveTarget, assets: AssetKey[]): Promise<AssetHealth[]> {
  const states = new Map<AssetKey, AssetHealth>();
  for (const { unit, pointer, disabled } of live.units) {
    const wrong = await parts.examine(unit, pointer);
    const content = await parts.world.bundles.content(pointer.bundle);
    const held = content.parts.flatMap((part) => part.units).find((candidate) => candidate.unit === unit);
    for (const asset of held?.assets ?? []) {
      if (wrong !== null) states.set(asset, { asset, state: 'unhealthy', detail: wrong });
      else if (disabled.includes(asset)) states.set(asset, { asset, state: 'unknown', detail: 'it is disabled' });
      else states.set(asset, { asset, state: 'healthy', detail: 'its release is live and can be started' });
    }
  }
  return assets.map((asset) => states.get(asset) ?? { asset, state: 'unknown', detail: 'no live Spark job has it' });
}
