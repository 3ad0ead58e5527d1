import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { assessImpact } from '../../delivery/impact/assess-impact.ts';
import type { Impact } from '../../delivery/impact/impact.ts';
import { lockChanges } from '../../delivery/impact/lock-changes.ts';
import { looseFiles } from '../../delivery/impact/loose-files.ts';
import { placesOf } from '../../delivery/project/check-places.ts';
import type { Project } from '../../delivery/project/project.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import { projectYaml } from '../../delivery/project/project-yaml.ts';
import type { AssetColumns } from '../../model/columns.ts';
import type { Finding } from '../../model/finding.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { lockFileName } from '../../model/runtime-lock.ts';
import { buildCatalog } from '../project/build-catalog.ts';
import { partSchemas } from '../project/read-project.ts';
import type { RevisionReading } from '../revision/read-revision.ts';
import type { AskedRevisions, Comparison } from '../revision/resolve-comparison.ts';
import { answerParts, type CataloguedRevision } from './answer-parts.ts';
import { columnsOf } from './columns-of.ts';
import { discoveryPlaces } from './discovery-places.ts';
import { type Ends, readEnds } from './read-ends.ts';
import { type SharedDiscoveries, shareDiscoveries } from './share-discoveries.ts';

/** What a change does, between which revisions. `base` and `head` are commits; `head` null is the working tree. */
export type ImpactReport = { comparison: Comparison; impact: Impact };

/**
 * Tells what the change from one revision of a project to another does, from their texts alone: nothing is checked out, installed
 * or run. What was found in files that did not change is taken from the cache on this machine.
 * Throws what `readEnds` throws; a part that cannot be read or compared is a finding that is `errored`.
 */
export async function tellImpact(folder: string, asked: AskedRevisions): Promise<ImpactReport> {
  const ends = await readEnds(folder, asked);
  const places = discoveryPlaces(ends.head.root);
  const shared = shareDiscoveries(places);
  await shared.recall(ends.head);
  await shared.recall(ends.base);
  const base = await catalogued(ends.base, shared, []);
  const head = await catalogued(ends.head, shared, [base.catalog]);
  const report = await impactOf(ends, shared, { base, head });
  await shared.keep();
  await places.cache.close();
  return report;
}

/**
 * The same for revisions that were read and catalogued already. Whoever answers again and again in one process gives the same `shared`
 * each time: parts whose files are as they were are not read again.
 */
export async function impactOf(
  ends: Ends,
  shared: SharedDiscoveries,
  { base, head }: { base: CataloguedRevision; head: CataloguedRevision },
): Promise<ImpactReport> {
  const changed = changedPaths(ends);
  if (changed.length > 0) await shared.takeTexts();
  const { changes, findings } = await answerParts({ base, head, changed: changed.map(({ path }) => path) });
  const discoveries = new Map([...base.catalog.discoveries, ...head.catalog.discoveries]);
  const texts = { base: ends.base.files.text(lockFileName), head: ends.head.files.text(lockFileName) };
  const answers = [...changes, ...lockChanges({ ...texts, parts: ends.head.project.parts, discoveries })];
  const told = [
    ...ends.findings,
    ...findings,
    ...unread(base, 'base'),
    ...unread(head, 'head'),
    ...looseFiles({
      changed,
      places: placesIn(ends),
      ofProject: [projectFileName, lockFileName, ...environmentFolders(ends)],
    }),
  ];
  const graphs = { base: base.catalog, head: head.catalog };
  const columns = new Map<AssetKey, AssetColumns>();
  for (;;) {
    const { impact, asked } = assessImpact({ ...graphs, answers, columns, findings: told });
    const known = await columnsOf(head, asked);
    if (known.length === 0) return { comparison: ends.comparison, impact };
    for (const one of known) columns.set(one.key, one);
  }
}

/** `like`: catalogues that this one may turn out to be equal to. */
export async function catalogued(
  reading: RevisionReading,
  shared: SharedDiscoveries,
  like: readonly Catalog[],
): Promise<CataloguedRevision> {
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null }, shared.of(reading), like);
  return { reading, catalog };
}

type ChangedPath = { path: string; change: 'added' | 'removed' | 'changed' };

/** Every path whose content is not the same in both; a submodule counts as one. Sorted. */
function changedPaths({ base, head }: Ends): ChangedPath[] {
  const found = [...changedIn(base.ids, head.ids), ...changedIn(base.submodules, head.submodules)];
  return joined(found).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function changedIn(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ChangedPath[] {
  const found: ChangedPath[] = [];
  for (const [path, id] of after) {
    const old = before.get(path);
    if (old !== id) found.push({ path, change: old === undefined ? 'added' : 'changed' });
  }
  for (const path of before.keys()) if (!after.has(path)) found.push({ path, change: 'removed' });
  return found;
}

/** A file that is now a submodule, or was one, is gone and added at once. */
function joined(found: readonly ChangedPath[]): ChangedPath[] {
  const byPath = new Map<string, ChangedPath>();
  for (const one of found) byPath.set(one.path, byPath.has(one.path) ? { path: one.path, change: 'changed' } : one);
  return [...byPath.values()];
}

/** What could not be read at all of a revision; everything else that is wrong with it is for `headgate check` to say. */
function unread({ catalog }: CataloguedRevision, end: 'base' | 'head'): Finding[] {
  return catalog.findings
    .filter((finding) => finding.status === 'errored')
    .map((finding) => ({ ...finding, message: `In the ${end}: ${finding.message}` }));
}

function placesIn({ base, head }: Ends): string[] {
  return [...new Set([base, head].flatMap(({ project }) => projectPlaces(project)))];
}

const places = new WeakMap<Project, readonly string[]>();

/** Worked out once for a project. */
function projectPlaces(project: Project): readonly string[] {
  const schemas = partSchemas();
  const found =
    places.get(project) ?? project.parts.flatMap(({ target, part }) => placesOf(schemas[target], part.settings));
  places.set(project, found);
  return found;
}

function environmentFolders({ base, head }: Ends): string[] {
  return [base, head].map(({ files }) => {
    const said: unknown = projectYaml(files.text(projectFileName) ?? '').value;
    const folder = said !== null && typeof said === 'object' && 'environments' in said ? said.environments : null;
    return normalFolder(typeof folder === 'string' ? folder : 'environments');
  });
}
