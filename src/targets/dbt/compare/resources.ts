import type { Asset } from '../../../model/asset.ts';
import type { Collected } from '../static/collect.ts';
import { listOf, objectOf } from '../static/dbt-project.ts';
import type { Entry } from '../static/properties.ts';
import { versionsOf } from '../static/versions.ts';
import type { Side } from './side.ts';

/** What a revision says of one resource: its YAML (`said`), its place, and its own text where it has one. */
export type Resource = {
  section: 'models' | 'seeds' | 'snapshots' | 'sources' | 'data_tests' | 'exposures';
  name: string;
  path: string | null;
  steps: readonly string[];
  said: { [key: string]: unknown };
};

const sections: { [kind: string]: Resource['section'] } = {
  'dbt:model': 'models',
  'dbt:seed': 'seeds',
  'dbt:snapshot': 'snapshots',
  'dbt:source': 'sources',
  'dbt:test': 'data_tests',
  'dbt:exposure': 'exposures',
};

/** Finds what is said of each asset of a side. */
export function resourcesOf({ found }: Side): (asset: Asset) => Resource {
  const finder = finders.get(found) ?? finderOf(found);
  finders.set(found, finder);
  return finder;
}

const finders = new WeakMap<Collected, (asset: Asset) => Resource>();

function finderOf({ entries, models, seeds, snapshots, tests }: Collected): (asset: Asset) => Resource {
  const steps = new Map(
    [...models, ...seeds, ...snapshots, ...tests].map((code) => [`${code.file}#${code.name}`, code.steps]),
  );
  const byName = new Map(entries.map((entry) => [`${entry.section}/${entry.name}`, entry.said]));
  const versions = versionsOf(entries);
  const sources = Map.groupBy(
    entries.filter((entry) => entry.section === 'sources'),
    (entry) => entry.name,
  );
  return (asset) => {
    const section = sections[asset.kind] ?? 'models';
    const file = asset.path?.replace(/^.*\//, '').replace(/\.\w+$/, '') ?? '';
    const versioned = section === 'models' ? versions.get(file) : undefined;
    const own =
      versioned === undefined
        ? byName.get(`${section}/${asset.name}`)
        : ofVersion(versioned.entry.said, versioned.version);
    const said = section === 'sources' ? sourceSaid(sources, asset) : (own ?? {});
    return {
      section,
      name: asset.name,
      path: asset.path,
      steps: steps.get(`${asset.path}#${asset.name}`) ?? steps.get(`${asset.path}#${file}`) ?? [],
      said,
    };
  };
}

/** What a model's YAML says of one version: its own columns and settings over those of all. */
function ofVersion(said: { [key: string]: unknown }, version: string): { [key: string]: unknown } {
  const own =
    listOf(said.versions)
      .map(objectOf)
      .find((one) => String(one.v) === version) ?? {};
  const { v: _v, defined_in: _file, columns, ...rest } = own;
  const { versions: _versions, latest_version: _latest, ...shared } = said;
  const config = { ...objectOf(shared.config), ...objectOf(rest.config) };
  return { ...shared, ...rest, config, ...(columns === undefined ? {} : { columns: [shared.columns, columns] }) };
}

/** A source's table with what holds for all tables of the source. */
function sourceSaid(sources: ReadonlyMap<string, Entry[]>, asset: Asset): { [key: string]: unknown } {
  const name = String(asset.facts.source ?? '');
  for (const entry of sources.get(name) ?? []) {
    const table = listOf(entry.said.tables)
      .map(objectOf)
      .find((one) => one.name === asset.name);
    if (table === undefined) continue;
    const { tables: _tables, name: _name, ...shared } = entry.said;
    return {
      schema: name,
      identifier: asset.name,
      ...shared,
      ...table,
      config: { ...objectOf(shared.config), ...objectOf(table.config) },
    };
  }
  return {};
}
