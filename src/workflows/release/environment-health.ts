import { fail, messageOf } from '../../base/errors.ts';
import { judgeHealth } from '../../delivery/health/judge-health.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { AssetHealth } from '../../targets/contract.ts';
import { connectTarget } from './connect-targets.ts';
import type { PlanningPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

/** How the live assets of an environment do, as their targets say. A target that cannot be asked makes it unknown. */
export type EnvironmentHealth = {
  environment: string;
  state: 'healthy' | 'unhealthy' | 'unknown';
  reasons: string[];
};

/** Reads only. @throws environment-not-registered */
export async function environmentHealth(name: string, ports: PlanningPorts): Promise<EnvironmentHealth> {
  const environment = await ports.store.environment(name);
  if (environment === null) throw fail('environment-not-registered', { environment: name });
  const assets = await liveAssets(name, ports);
  if ([...assets.values()].flat().length === 0)
    return { environment: name, state: 'unknown', reasons: ['nothing is live, or all of it is stopped'] };
  const told = await Promise.all([...assets].map(([target, keys]) => ask(environment, { target, keys }, ports)));
  const { state, reasons } = judgeHealth([...assets.values()].flat(), told.flat());
  return { environment: name, state, reasons };
}

/** By target. Assets that a person stopped are left out: they are meant to stand still. */
async function liveAssets(environment: string, ports: PlanningPorts): Promise<Map<string, AssetKey[]>> {
  const stopped = new Set((await ports.store.disabled(environment)).map(({ asset }) => asset));
  const states = ['live'] as const;
  const live = await ports.store.releases({ environment, project: null, states, wereLive: false, limit: 100 });
  const assets = new Map<string, AssetKey[]>();
  for (const { bundle } of live) {
    for (const { target, units } of (await ports.bundles.content(bundle)).parts) {
      if (ports.target(target).delivery === null) continue;
      assets.set(target, [
        ...(assets.get(target) ?? []),
        ...units.flatMap((unit) => unit.assets).filter((key) => !stopped.has(key)),
      ]);
    }
  }
  return assets;
}

type Question = { target: string; keys: AssetKey[] };

async function ask(
  environment: RegisteredEnvironment,
  { target, keys }: Question,
  ports: PlanningPorts,
): Promise<AssetHealth[]> {
  try {
    const connection = await connectTarget(environment, target, ports);
    try {
      return await connection.health(keys);
    } finally {
      await connection.close();
    }
  } catch (error) {
    return keys.map((asset) => ({ asset, state: 'unknown', detail: messageOf(error) }));
  }
}
