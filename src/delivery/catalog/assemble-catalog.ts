import { lately } from '../../base/lately.ts';
import type { Asset, Edge } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import type { AssetKey, PartKey } from '../../model/identifiers.ts';
import type { Discovery, KnownAssets, RunResolver } from '../../targets/contract.ts';
import type { Project } from '../project/project.ts';
import { applyRules } from './asset-rules.ts';
import type { Catalog } from './catalog.ts';
import { cycleFindings } from './cycles.ts';
import { linkedData } from './linked-data.ts';
import { observedEdges, observedFindings, observedJobs } from './observed-jobs.ts';
import { resolveRuns } from './resolve-runs.ts';
import { valueAssets } from './value-assets.ts';

export type AssembleInput = {
  project: Project;
  discoveries: Map<PartKey, Discovery>;
  resolvers: readonly ((known: KnownAssets) => RunResolver)[];
  findings: readonly Finding[];
};

/** Joins what the targets found into one catalogue. The order of the parts does not matter for the result. */
export function assembleCatalog(input: AssembleInput): Catalog {
  const found = [...input.discoveries.values()];
  const unique = uniqueAssets(found.flatMap((discovery) => discovery.assets));
  const known = {
    assets: unique.assets,
    edges: found.flatMap((discovery) => discovery.edges),
    parts: input.project.parts,
  };
  const runs = resolveRuns(known, input.resolvers);
  const observed = observedJobs(runs.assets);
  const seen = observedEdges(observed);
  const linked = linkedData({
    ...known,
    edges: seen.length === 0 ? known.edges : [...known.edges, ...seen],
    assets: runs.assets,
    environments: input.project.environments,
  });
  const values = assetsOfValues(input.project, runs.assets);
  const edges = uniqueEdges([...known.edges, ...runs.edges, ...linked, ...values.edges, ...seen]);
  const ruled = ruledAssets(runs.assets, values.assets, input.project);
  const findings = [
    ...input.findings,
    ...found.flatMap((discovery) => discovery.findings),
    ...unique.findings,
    ...ruled.findings,
    ...observedFindings(observed),
    ...cycleFindings(ruled.assets, edges),
  ];
  return { assets: ruled.assets, edges, findings, discoveries: withRuns(input.discoveries, runs.assets) };
}

/** Most assets are the same objects from one catalogue of a project to the next; what is told of them then is as well. */
const MOST_LATELY = 3;

const assetsOfValues = lately(MOST_LATELY, valueAssets);

const ruledAssets = lately(MOST_LATELY, (found: readonly Asset[], values: readonly Asset[], project: Project) =>
  applyRules(values.length === 0 ? found : [...found, ...values].sort((a, b) => compare(a.key, b.key)), project),
);

/** Whether an asset may run anything is known only with all parts; each part's own view is told of it. */
function withRuns(discoveries: Map<PartKey, Discovery>, resolved: readonly Asset[]): Map<PartKey, Discovery> {
  const unknown = new Set(resolved.filter((asset) => asset.facts.runsUnknown === true).map((asset) => asset.key));
  if (unknown.size === 0) return discoveries;
  const told = (asset: Asset) =>
    unknown.has(asset.key) ? { ...asset, facts: { ...asset.facts, runsUnknown: true } } : asset;
  return new Map([...discoveries].map(([part, found]) => [part, { ...found, assets: found.assets.map(told) }]));
}

/** Assets that several parts only mention (no place of their own) are one; two definitions of one key are a finding. */
const uniqueAssets = lately(MOST_LATELY, (all: readonly Asset[]): { assets: Asset[]; findings: Finding[] } => {
  const byKey = new Map<AssetKey, { asset: Asset; at: number }>();
  const further: { asset: Asset; at: number }[] = [];
  for (const [at, asset] of all.entries()) {
    const known = byKey.get(asset.key);
    const isFirst = known === undefined || byPlace(asset, known.asset) < 0;
    if (isFirst) byKey.set(asset.key, { asset, at });
    if (known !== undefined) further.push(isFirst ? known : { asset, at });
  }
  further.sort((a, b) => byPlace(a.asset, b.asset) || a.at - b.at);
  const findings = further.flatMap(({ asset }) => {
    const first = byKey.get(asset.key)?.asset ?? asset;
    return asset.path !== null && placeOf(first) !== placeOf(asset) ? [twice(first, asset)] : [];
  });
  const assets = [...byKey.keys()].sort().flatMap((key) => byKey.get(key)?.asset ?? []);
  return { assets, findings };
});

/** Assets with a place come before those that are only mentioned. */
function byPlace(a: Asset, b: Asset): number {
  return (
    Number(a.path === null) - Number(b.path === null) ||
    compare(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0)
  );
}

function placeOf(asset: Asset): string {
  return asset.line === null ? (asset.path ?? '') : `${asset.path}:${asset.line}`;
}

function twice(first: Asset, second: Asset): Finding {
  return {
    check: 'asset-key-twice',
    asset: first.key,
    path: second.path,
    line: second.line,
    status: 'failed',
    severity: 'error',
    message: `Two assets have the key \`${first.key}\`: ${placeOf(first)} and ${placeOf(second)}.`,
    hint: 'Rename one of them; the catalogue keeps the first.',
  };
}

/** Sorted, each once, and none from an asset to itself. */
function uniqueEdges(edges: readonly Edge[]): Edge[] {
  const byStart = new Map<AssetKey, Edge[]>();
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const known = byStart.get(edge.from);
    if (known === undefined) byStart.set(edge.from, [edge]);
    else known.push(edge);
  }
  const unique: Edge[] = [];
  for (const start of [...byStart.keys()].sort()) {
    const own = byStart.get(start) ?? [];
    if (own.length > 1) own.sort((a, b) => compare(a.to, b.to) || compare(a.kind, b.kind));
    for (const [at, edge] of own.entries()) {
      const last = own[at - 1];
      if (last?.to !== edge.to || last.kind !== edge.kind) unique.push(edge);
    }
  }
  return unique;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
