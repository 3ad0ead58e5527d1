import { observedJobs } from '../../delivery/catalog/observed-jobs.ts';
import { type AssetColumns, passingColumns } from '../../model/columns.ts';
import { dataKinds } from '../../model/data-keys.ts';
import { type AssetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { targetById } from '../../targets/registry.ts';
import { type CataloguedProject, partRevision } from './part-revision.ts';

/**
 * The columns of these assets, from the targets that know; only answers that were asked for. Places hold what feeds them; of a job whose code does not
 * say them, what its runs were seen to do is taken.
 */
export async function columnsOf(revision: CataloguedProject, asked: readonly AssetKey[]): Promise<AssetColumns[]> {
  const wanted = new Set(asked);
  const partOf = new Map<PartKey, Set<AssetKey>>();
  const places = new Set<AssetKey>();
  for (const { key, kind, part, facts } of revision.catalog.assets) {
    if (!wanted.has(key)) continue;
    if (dataKinds.includes(kind) && facts.type !== 'view' && facts.type !== 'materialized view') places.add(key);
    else if (part !== null) partOf.set(part, (partOf.get(part) ?? new Set()).add(key));
  }
  const found: AssetColumns[] = [];
  for (const part of revision.reading.project.parts) {
    const keys = partOf.get(partKey(part.target, part.part.name));
    const { columns } = targetById(part.target);
    if (keys !== undefined && columns !== null) found.push(...(await columns(partRevision(revision, part), keys)));
  }
  const told = found.filter(({ key }) => wanted.has(key));
  const seen = await seenOf(revision, wanted, told);
  const better = new Set(seen.map(({ key }) => key));
  return [...told.filter(({ key }) => !better.has(key)), ...heldBy(revision, places), ...seen];
}

/** Of jobs whose code says nothing of their columns, or was seen to read more than it says. */
async function seenOf(
  revision: CataloguedProject,
  wanted: ReadonlySet<AssetKey>,
  told: readonly AssetColumns[],
): Promise<AssetColumns[]> {
  const known = new Map(told.map((one) => [one.key, one]));
  const observers = observedJobs(revision.catalog.assets).filter(({ of, reads }) => {
    if (of === null || !wanted.has(of)) return false;
    const said = known.get(of);
    const whole = new Set([...(said?.stars ?? []), ...(said?.uses ?? []).map(({ key }) => key)]);
    return said === undefined || reads.some((key) => !whole.has(key));
  });
  if (observers.length === 0) return [];
  const seen = await columnsOf(
    revision,
    observers.map(({ observer }) => observer.key),
  );
  const byKey = new Map(seen.map((one) => [one.key, one]));
  return [...Map.groupBy(observers, ({ of }) => of)].flatMap(([key, jobs]) => {
    const all = jobs.flatMap(({ observer }) => byKey.get(observer.key) ?? []);
    return key === null || all.length === 0 ? [] : [joinedColumns(key, all)];
  });
}

/** What several jobs that are one asset make, together. */
function joinedColumns(key: AssetKey, all: readonly AssetColumns[]): AssetColumns {
  const isKnown = all.some(({ outputs }) => outputs !== null);
  return {
    key,
    outputs: isKnown ? all.flatMap(({ outputs }) => outputs ?? []) : null,
    rows: all.flatMap(({ rows }) => rows ?? []),
    uses: null,
    stars: [],
  };
}

function heldBy({ catalog }: CataloguedProject, places: ReadonlySet<AssetKey>): AssetColumns[] {
  if (places.size === 0) return [];
  const feeding = Map.groupBy(
    catalog.edges.filter(({ to, kind }) => kind === 'feeds' && places.has(to)),
    ({ to }) => to,
  );
  return [...places].map((key) =>
    passingColumns(
      key,
      (feeding.get(key) ?? []).map(({ from }) => from),
    ),
  );
}
