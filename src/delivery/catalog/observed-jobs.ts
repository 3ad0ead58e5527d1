import type { Asset, Edge } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, parseAssetKey } from '../../model/identifiers.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/** A job of which runs were seen, and the asset of the project that it is: `of` null when none or several may be meant. */
export type ObservedJob = {
  observer: Asset;
  of: AssetKey | null;
  may: AssetKey[];
  reads: AssetKey[];
  writes: AssetKey[];
};

/**
 * Which asset each job is that `facts.observes` tells of: the one that headgate.yaml names; else the DAG, job or stream of one of its names, the
 * first name that one alone has. Names are equal whatever their case and signs, as Spark's listener writes `Load orders` as `load_orders`.
 */
export function observedJobs(assets: readonly Asset[]): ObservedJob[] {
  const observers = assets.filter((asset) => isObject(asset.facts.observes));
  if (observers.length === 0) return [];
  const own = assets.filter((asset) => asset.part !== null);
  const keys = new Set(own.map((asset) => asset.key));
  const dags = Map.groupBy(
    own.filter(({ kind }) => kind === 'airflow:dag'),
    ({ name }) => name,
  );
  const jobs = Map.groupBy(
    own.filter(({ kind }) => kind === 'spark:job' || kind === 'streaming:query'),
    ({ name }) => plainName(name),
  );
  return observers.map((observer): ObservedJob => {
    const observes = objectOf(observer.facts.observes);
    const seen = { observer, reads: keysIn(observes.reads), writes: keysIn(observes.writes) };
    if (typeof observes.key === 'string') {
      const key = parseAssetKey(observes.key);
      return { ...seen, of: key !== null && keys.has(key) ? key : null, may: key === null ? [] : [key] };
    }
    const found = [
      ...textsIn(observes.names).map((name) => jobs.get(plainName(name)) ?? []),
      ...textsIn(observes.dags).map((name) => dags.get(name) ?? []),
    ].find((named) => named.length > 0);
    const may = (found ?? []).map((asset) => asset.key);
    return { ...seen, of: may.length === 1 ? (may[0] ?? null) : null, may };
  });
}

/** What was seen goes through the asset that the job is; a job that is none stands for itself. */
export function observedEdges(observed: readonly ObservedJob[]): Edge[] {
  return observed.flatMap(({ observer, of, reads, writes }) => {
    const job = of ?? observer.key;
    return [
      ...reads.map((from): Edge => ({ from, to: job, kind: 'feeds' })),
      ...writes.map((to): Edge => ({ from: job, to, kind: 'feeds' })),
    ];
  });
}

export function observedFindings(observed: readonly ObservedJob[]): Finding[] {
  return observed
    .filter(({ of }) => of === null)
    .map(({ observer, may }) => ({
      check: 'openlineage-job',
      asset: observer.key,
      path: observer.path,
      line: observer.line,
      status: 'failed',
      severity: 'warning',
      message:
        may.length === 0
          ? `Runs of \`${observer.name}\` were seen, and no asset has such a name.`
          : may.length === 1
            ? `Runs of \`${observer.name}\` were seen, which headgate.yaml says is \`${may[0]}\`, and no asset has that key.`
            : `Runs of \`${observer.name}\` were seen, and it may be each of ${may.map((key) => `\`${key}\``).join(', ')}.`,
      hint: 'Say which asset it is under `jobs` of the part in headgate.yaml.',
    }));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}

function isObject(value: Json | undefined): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function keysIn(value: Json | undefined): AssetKey[] {
  return textsIn(value).flatMap((text) => parseAssetKey(text) ?? []);
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
