import type { Asset, Edge } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { Discovery, ExactDiscovery } from '../../targets/contract.ts';
import { runsOf } from './resolve-runs.ts';

/**
 * Puts what the real tool said over what was read from text, file by file: assets of covered files come from the tool
 * alone, others stay as read from their text. An asset that both have in different files is the tool's. Where the tool
 * had to assume modules that are not installed, runs that only the text shows are kept as `facts.alsoRuns`.
 */
export function mergeExact(fromText: Discovery, exact: ExactDiscovery): Discovery {
  const covered = new Set(exact.covered);
  const known = new Set(exact.assets.map((asset) => asset.key));
  const isReplaced = (asset: Asset) => known.has(asset.key) || (asset.path !== null && covered.has(asset.path));
  const gone = new Set(fromText.assets.filter(isReplaced).map((asset) => asset.key));
  const twins = new Map(fromText.assets.map((asset) => [asset.key, asset]));
  const kept = fromText.assets.filter((asset) => !isReplaced(asset));
  const edges = fromText.edges.filter((edge) => !gone.has(ownerOf(edge)));
  const findings = fromText.findings.filter((finding) => finding.path === null || !covered.has(finding.path));
  return {
    assets: [...exact.assets.map((asset) => withTextRuns(asset, twins.get(asset.key))), ...kept],
    edges: [...exact.edges, ...edges],
    findings: [...exact.findings, ...findings],
  };
}

/** A stand-in for a missing operator hides what it runs; the text may show it. */
function withTextRuns(asset: Asset, text: Asset | undefined): Asset {
  if (asset.exactness !== 'assumed' || text === undefined) return asset;
  const known = runsOf(asset);
  const kinds = new Set(known.map((run) => run.kind));
  const more = runsOf(text).filter((run) => !kinds.has(run.kind) && run.kind !== 'python');
  return more.length === 0 ? asset : { ...asset, facts: { ...asset.facts, alsoRuns: more } };
}

/** The asset whose code an edge was read from: the consumer of data, the one that runs, triggers, waits or describes. */
function ownerOf(edge: Edge): AssetKey {
  return edge.kind === 'feeds' || edge.kind === 'waits' ? edge.to : edge.from;
}
