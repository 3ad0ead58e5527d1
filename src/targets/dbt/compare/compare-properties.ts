import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../../../model/change.ts';
import { listOf, objectOf } from '../static/dbt-project.ts';
import type { Resource } from './resources.ts';

export type PropertyChange = {
  effect: Effect;
  because: string;
  columns: { name: string; change: 'added' | 'removed' | 'changed' }[] | null;
};

/** Keys of a model's YAML that are told elsewhere, or change no data. */
const quiet = new Set([
  'name',
  'description',
  'docs',
  'meta',
  'tags',
  'config',
  'columns',
  'tests',
  'data_tests',
  'unit_tests',
  'access',
  'group',
  'deprecation_date',
  'latest_version',
  'versions',
  'constraints',
  'enabled',
  'quote_columns',
]);

/** What the changed YAML of a model, seed or snapshot does, its settings left out. */
export function compareProperties(
  base: Resource,
  head: Resource,
  enforced: { base: boolean; head: boolean },
): PropertyChange | null {
  if (isDeepStrictEqual(base.said, head.said)) return null;
  const other = [...new Set([...Object.keys(base.said), ...Object.keys(head.said)])].find(
    (key) => !quiet.has(key) && !isDeepStrictEqual(base.said[key], head.said[key]),
  );
  if (other !== undefined)
    return { effect: 'unknown', because: `What its YAML says under \`${other}\` differs.`, columns: null };
  if (enforced.base !== enforced.head)
    return {
      effect: 'breaking',
      because: enforced.head
        ? 'Its contract is enforced now, so that its columns get the types that it names.'
        : 'Its contract is not enforced any more.',
      columns: null,
    };
  if (enforced.head && !isDeepStrictEqual(contractOf(base), contractOf(head))) return contractChange(base, head);
  return { effect: 'none', because: 'Only descriptions, tests or tags of it differ.', columns: [] };
}

type Column = { type: unknown; constraints: unknown };

function contractOf({ said }: Resource): { columns: Map<string, Column>; constraints: unknown } {
  const columns = listOf(said.columns).flat().map(objectOf);
  const named = columns.map((column): [string, Column] => [
    String(column.name).toLowerCase(),
    { type: column.data_type ?? null, constraints: column.constraints ?? null },
  ]);
  return { columns: new Map(named), constraints: said.constraints ?? null };
}

function contractChange(base: Resource, head: Resource): PropertyChange {
  const [before, after] = [contractOf(base), contractOf(head)];
  if (!isDeepStrictEqual(before.constraints, after.constraints))
    return { effect: 'breaking', because: 'The constraints of its contract are others.', columns: null };
  const added = [...after.columns.keys()].filter((name) => !before.columns.has(name));
  const removed = [...before.columns.keys()].filter((name) => !after.columns.has(name));
  const changed = [...after.columns].filter(
    ([name, column]) => before.columns.has(name) && !isDeepStrictEqual(before.columns.get(name), column),
  );
  const [first] = [...removed, ...changed.map(([name]) => name)];
  return {
    effect: first === undefined ? 'compatible' : 'breaking',
    because:
      first === undefined
        ? `Its contract has \`${added[0]}\` as well.`
        : `Its contract says something else of \`${first}\`.`,
    columns: [
      ...added.map((name) => ({ name, change: 'added' as const })),
      ...removed.map((name) => ({ name, change: 'removed' as const })),
      ...changed.map(([name]) => ({ name, change: 'changed' as const })),
    ],
  };
}

/** What the changed YAML of a source does: where its table is decides what is read, the rest only what is known of it. */
export function compareSource(base: Resource, head: Resource): PropertyChange | null {
  if (isDeepStrictEqual(base.said, head.said)) return null;
  const differs = (key: string) => !isDeepStrictEqual(base.said[key] ?? null, head.said[key] ?? null);
  const place = ['database', 'schema', 'identifier', 'quoting', 'external', 'overrides', 'catalog'].find(differs);
  if (place !== undefined)
    return { effect: 'breaking', because: `It reads another table: its \`${place}\` is another one.`, columns: null };
  const known = ['freshness', 'loaded_at_field', 'loaded_at_query'].find(differs);
  if (known !== undefined)
    return {
      effect: 'compatible',
      because: `How its freshness is judged differs (\`${known}\`), which may change when it is read; its data does not.`,
      columns: null,
    };
  const calm = new Set([
    'name',
    'description',
    'meta',
    'tags',
    'tests',
    'data_tests',
    'columns',
    'loader',
    'loaded_at_field',
    'freshness',
    'docs',
    'config',
    // Told by whoever asks: it may be Jinja.
    'enabled',
  ]);
  const config = [objectOf(base.said.config), objectOf(head.said.config)].map(
    ({ tags: _tags, meta: _meta, freshness: _freshness, loaded_at_field: _at, enabled: _enabled, ...rest }) => rest,
  );
  const other = [...new Set([...Object.keys(base.said), ...Object.keys(head.said)])].find(
    (key) => !calm.has(key) && differs(key),
  );
  if (other !== undefined || !isDeepStrictEqual(config[0], config[1]))
    return { effect: 'unknown', because: `What its YAML says under \`${other ?? 'config'}\` differs.`, columns: null };
  return { effect: 'none', because: 'Only descriptions, tests or tags of it differ.', columns: [] };
}
