import { type Chance, chanceOf } from '../sql/chance.ts';
import type { BaseProject, Way } from './base-projects.ts';
import { mutated, type Texts } from './mutations.ts';

/** A change of a project; `paths` are the files in which both differ. */
export type Planned = { at: number; name: string; head: Texts; paths: string[] };

/** Changes that are compiled together: each is of models of its own, so that what dbt makes of one tells nothing of another. */
export type Batch = { project: BaseProject; way: Way; changes: Planned[] };

const most = 8;

/** As many changes as asked for, the same for the same seed. */
export function plannedBatches(seed: number, count: number, projects: readonly BaseProject[]): Batch[] {
  const batches: Batch[] = [];
  for (let at = 0; at < count; ) {
    const chance = chanceOf(seed * 1_000_003 + at);
    const project = chance.pick([...projects, ...projects.slice(0, 1)]);
    const batch: Batch = { project, way: chance.pick(project.ways), changes: [] };
    const wanted = Math.min(most, count - at);
    for (let tries = 0; tries < wanted * 3 && batch.changes.length < wanted; tries += 1) {
      const change = planned(project.texts, chance, at + batch.changes.length);
      if (change === null) continue;
      const isFirst = batch.changes.length === 0;
      if (isFirst || (isPlain(change) && meetsNone(change, batch))) batch.changes.push(change);
      if (isFirst && !isPlain(change)) break;
    }
    at += Math.max(1, batch.changes.length);
    batches.push(batch);
  }
  return batches;
}

function planned(base: Texts, chance: Chance, at: number): Planned | null {
  const change = mutated(base, chance);
  if (change === null) return null;
  const all = new Set([...Object.keys(base), ...Object.keys(change.texts)]);
  const paths = [...all].filter((path) => base[path] !== change.texts[path]);
  return { at, name: change.name, head: change.texts, paths };
}

/** Another text in models and the like, and nothing else. */
export function isPlain({ head, paths }: Planned): boolean {
  return paths.every((path) => /^(?:models|snapshots)\/.*\.sql$/.test(path) && head[path] !== undefined);
}

function meetsNone({ paths }: Planned, { changes }: Batch): boolean {
  return changes.every((other) => !other.paths.some((path) => paths.includes(path)));
}
