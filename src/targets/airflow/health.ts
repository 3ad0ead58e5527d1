import type { AssetKey } from '../../model/identifiers.ts';
import type { AssetHealth } from '../contract.ts';
import type { AirflowClient } from './client.ts';

const AT_ONCE = 8;

/** How the last ended run of each DAG ended. A DAG that has not run, or that Airflow does not know, is unknown. */
export async function health(client: Pick<AirflowClient, 'latestRun'>, assets: AssetKey[]): Promise<AssetHealth[]> {
  const found: AssetHealth[] = [];
  for (let from = 0; from < assets.length; from += AT_ONCE) {
    found.push(...(await Promise.all(assets.slice(from, from + AT_ONCE).map((asset) => healthOf(client, asset)))));
  }
  return found;
}

async function healthOf(client: Pick<AirflowClient, 'latestRun'>, asset: AssetKey): Promise<AssetHealth> {
  if (!asset.startsWith('airflow:dag/')) return { asset, state: 'unknown', detail: 'it does not run by itself' };
  const run = await client.latestRun(asset.slice('airflow:dag/'.length));
  if (run === null) return { asset, state: 'unknown', detail: 'no run has ended yet' };
  const state = run.state === 'success' ? 'healthy' : 'unhealthy';
  return { asset, state, detail: `its last run ${run.runId} ended as ${run.state}` };
}
