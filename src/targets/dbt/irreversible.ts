import type { BundleUnit } from '../../model/bundle.ts';
import type { Irreversible } from '../contract.ts';

type Model = { materialized: string | null; columns: string[] };

/**
 * What building in place cannot take back. Rows that the new code wrote stay until the old code is built again, and for
 * incremental models and snapshots even then; a column that is dropped is gone.
 */
export function irreversible(from: BundleUnit | null, to: BundleUnit | null): Irreversible[] {
  const unit = (to ?? from)?.unit;
  if (unit === undefined) return [];
  if (to === null)
    return [{ unit, because: 'Tables and views that dbt built stay in the warehouse when the project is removed.' }];
  const before = modelsOf(from);
  const after = modelsOf(to);
  const sentences = [
    from === null
      ? 'Tables and views of a first build stay in the warehouse when the release is taken back.'
      : 'dbt builds in place: rows written by the new code stay until the old code has been built again.',
    keptRows(after),
    droppedColumns(before, after),
    leavingModels(before, after),
  ];
  return sentences.flatMap((because) => (because === null ? [] : [{ unit, because }]));
}

function keptRows(models: Map<string, Model>): string | null {
  const keeping = [...models].filter(
    ([, { materialized }]) => materialized === 'incremental' || materialized === 'snapshot',
  );
  return keeping.length === 0
    ? null
    : `Rows that the new code adds to ${named(keeping.map(([key]) => key))} stay even then; only a full refresh, or a restore for snapshots, takes them back.`;
}

function droppedColumns(before: Map<string, Model>, after: Map<string, Model>): string | null {
  const dropped = [...after].flatMap(([key, { columns }]) => {
    const gone = (before.get(key)?.columns ?? []).filter((column) => !columns.includes(column));
    return columns.length === 0 ? [] : gone.map((column) => `${key}.${column}`);
  });
  return dropped.length === 0
    ? null
    : `Columns that are no longer declared go with what they hold, unless the model still selects them: ${named(dropped)}.`;
}

function leavingModels(before: Map<string, Model>, after: Map<string, Model>): string | null {
  const gone = [...before.keys()].filter((key) => !after.has(key));
  return gone.length === 0
    ? null
    : `What ${named(gone)} built stays in the warehouse and is no longer kept up to date.`;
}

function named(all: readonly string[]): string {
  const names = all.map((key) => key.replace(/^dbt:[a-z]+\//, '')).sort();
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

function modelsOf(unit: BundleUnit | null): Map<string, Model> {
  const models = unit?.facts.models;
  if (models === undefined || models === null || typeof models !== 'object' || Array.isArray(models)) return new Map();
  return new Map(Object.entries(models).map(([key, model]) => [key, modelOf(model)]));
}

function modelOf(model: unknown): Model {
  const fields = new Map<string, unknown>(model !== null && typeof model === 'object' ? Object.entries(model) : []);
  const materialized = fields.get('materialized');
  const columns = fields.get('columns');
  return {
    materialized: typeof materialized === 'string' ? materialized : null,
    columns: Array.isArray(columns) ? columns.filter((column) => typeof column === 'string') : [],
  };
}
