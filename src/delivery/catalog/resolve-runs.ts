import type { Asset, Edge } from '../../model/asset.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { KnownAssets, RunResolver, TaskRun } from '../../targets/contract.ts';

/**
 * Turns what the tasks of assets run into edges. `facts.tasks[].runs` holds the runs; an asset with a run that no target
 * can resolve gets `facts.runsUnknown: true`, which means that it may run anything.
 */
export function resolveRuns(
  known: KnownAssets,
  resolvers: readonly ((known: KnownAssets) => RunResolver)[],
): { assets: readonly Asset[]; edges: Edge[] } {
  const asked = resolvers.map((resolver) => resolver(known));
  const edges: Edge[] = [];
  const assets = known.assets.map((asset) => {
    const answers = runsOf(asset).map((run) =>
      asked.reduce<ReturnType<RunResolver>>((answer, ask) => answer ?? ask(asset.key, run), null),
    );
    edges.push(...answers.flatMap((answer) => (answer === null || answer === 'unknown' ? [] : answer)));
    return answers.includes('unknown') ? { ...asset, facts: { ...asset.facts, runsUnknown: true } } : asset;
  });
  // The same list where nothing was added to any of them.
  return { assets: assets.every((asset, at) => asset === known.assets[at]) ? known.assets : assets, edges };
}

/** The runs that an asset's facts name: those of its tasks, and `alsoRuns` that were read from its text only. */
export function runsOf(asset: Asset): TaskRun[] {
  const { tasks, alsoRuns } = asset.facts;
  return [...objects(tasks).flatMap((task) => objects(task.runs)), ...objects(alsoRuns)].map((run) => ({
    kind: String(run.kind),
    ref: String(run.ref),
    detail: String(run.detail),
  }));
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value)
    ? value.filter((item): item is JsonObject => item !== null && typeof item === 'object' && !Array.isArray(item))
    : [];
}
