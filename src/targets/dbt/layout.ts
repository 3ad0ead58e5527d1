import type { Asset } from '../../model/asset.ts';
import { partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import type { LayoutInput, PartLayout } from '../contract.ts';
import { wholePartLayout } from '../release-home/whole-part-layout.ts';
import { DbtPart } from './config.ts';

/** A dbt project is delivered whole: its folder is one blob and one unit. */
export function layout(input: LayoutInput): PartLayout {
  const { path } = DbtPart.parse(input.part.settings);
  const facts = factsOf(input.discovery.assets);
  return wholePartLayout({ ...input, key: partKey('dbt', input.part.name), folder: path, facts });
}

/** What `irreversible` needs of the models: how each is kept, and the columns that it declares. */
function factsOf(assets: readonly Asset[]): JsonObject {
  const models = assets.filter((asset) => asset.kind === 'dbt:model' || asset.kind === 'dbt:snapshot');
  return {
    models: Object.fromEntries(
      models.map(({ key, kind, facts }) => [
        key,
        {
          materialized: kind === 'dbt:snapshot' ? 'snapshot' : (facts.materialized ?? null),
          columns: columnNames(facts.columns),
        },
      ]),
    ),
  };
}

function columnNames(columns: unknown): string[] {
  if (Array.isArray(columns)) {
    return columns.flatMap((column) => (typeof column === 'string' ? [column] : nameOf(column))).sort();
  }
  return columns !== null && typeof columns === 'object' ? Object.keys(columns).sort() : [];
}

function nameOf(column: unknown): string[] {
  return column !== null && typeof column === 'object' && 'name' in column && typeof column.name === 'string'
    ? [column.name]
    : [];
}
