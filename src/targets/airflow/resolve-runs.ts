import type { Edge } from '../../model/asset.ts';
import type { KnownAssets, RunResolver } from '../contract.ts';
import { dagKey } from './dag-assets.ts';

/**
 * What runs of other DAGs mean: `trigger` starts them, `wait` waits for them. A DAG that is not in the catalogue is no
 * edge. A shell command that cannot be read may run anything.
 */
export function resolveRuns(known: KnownAssets): RunResolver {
  const dags = new Set(known.assets.filter((asset) => asset.kind === 'airflow:dag').map((asset) => asset.key));
  return (from, run) => {
    if (run.kind === 'bash' || run.kind === 'container') return run.ref === '' ? 'unknown' : [];
    if (run.kind !== 'dag') return null;
    if (run.ref.includes('*') || run.ref.includes('{{')) return 'unknown';
    const other = dagKey(run.ref);
    if (!dags.has(other)) return [];
    const edge: Edge = run.detail.startsWith('wait')
      ? { from: other, to: from, kind: 'waits' }
      : { from, to: other, kind: 'triggers' };
    return [edge];
  };
}
