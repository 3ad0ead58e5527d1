import type { AssetKey } from '../../model/identifiers.ts';
import type { AssetHealth, TargetConnection } from '../contract.ts';
import type { WholeParts } from '../release-home/whole-part-steps.ts';
import type { Build } from './build.ts';

/** Healthy: its release is whole, live, and built as far as Headgate builds it. Unknown: no live project has the asset. */
export async function health(
  { world, examine }: WholeParts,
  { inspect, build }: Pick<TargetConnection, 'inspect'> & { build: Build },
  assets: AssetKey[],
): Promise<AssetHealth[]> {
  const states = new Map<AssetKey, AssetHealth>();
  for (const { unit, pointer, disabled } of (await inspect()).units) {
    const wrong = await examine(unit, pointer);
    const built = await build.state(unit, pointer);
    const content = await world.bundles.content(pointer.bundle);
    const held = content.parts.flatMap((part) => part.units).find((candidate) => candidate.unit === unit);
    for (const asset of held?.assets ?? []) {
      if (wrong !== null) states.set(asset, { asset, state: 'unhealthy', detail: wrong });
      else if (disabled.includes(asset)) states.set(asset, { asset, state: 'unknown', detail: 'it is disabled' });
      else if (built === 'built')
        states.set(asset, { asset, state: 'healthy', detail: 'its release is live and built' });
      else states.set(asset, { asset, state: 'unknown', detail: 'its release is live but not built yet' });
    }
  }
  return assets.map((asset) => states.get(asset) ?? { asset, state: 'unknown', detail: 'no live dbt project has it' });
}
