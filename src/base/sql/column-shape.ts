/** A column of a table, both as written without quotes, in lower case; the table with its dots (`raw.orders`). */
export type ColumnUse = { table: string; column: string };

/** What a value is made of. `from` null: it cannot be told; `uses` then still holds every column that it may be made of. */
export type Made = { from: ColumnUse[] | null; uses: ColumnUse[] };
export type MadeOutput = Made & { name: string };

/**
 * What a query gives. `through`: tables of which all columns pass, by `*`; `complete`: the outputs are all there are.
 * `rows`: what decides which rows there are. `stars`: tables of which a new column would count.
 */
export type QueryShape = {
  outputs: MadeOutput[];
  through: string[];
  complete: boolean;
  rows: ColumnUse[];
  tables: string[];
  stars: string[];
};

/** Something that a query reads. `closed`: it has no other columns. `hidden`: it has columns of which nothing is known. */
export type Relation = {
  name: string | null;
  columns: Map<string, Made>;
  through: string[];
  closed: boolean;
  hidden: boolean;
};

/** The relations of a select and the names that it gives to its own outputs. */
export type ColumnScope = { relations: Relation[]; own: Map<string, Made> };

export function joinMade(all: readonly Made[]): Made {
  const isKnown = all.every((made) => made.from !== null);
  return {
    from: isKnown ? uniqueUses(all.flatMap((made) => made.from ?? [])) : null,
    uses: uniqueUses(all.flatMap((made) => made.uses)),
  };
}

export function uniqueUses(uses: readonly ColumnUse[]): ColumnUse[] {
  return [...new Map(uses.map((use) => [`${use.table} ${use.column}`, use])).values()];
}

function known(use: ColumnUse): Made {
  return { from: [use], uses: [use] };
}

/**
 * The columns that a name may mean, the innermost scope first. It is certain only where one relation alone can have it;
 * else all that could be meant are in `uses`. A qualifier that is no relation is itself a column, and the name a field of it.
 */
export function resolveColumn(name: string, qualifier: string | null, scopes: readonly ColumnScope[]): Made {
  if (qualifier !== null && !isRelation(qualifier, scopes)) return resolveColumn(qualifier, null, scopes);
  const maybe: Made[] = [];
  for (const scope of scopes) {
    const relations = scope.relations.filter((one) => qualifier === null || one.name === qualifier);
    const sure = relations.flatMap((one) => one.columns.get(name) ?? []);
    const possible = relations
      .filter((one) => !one.columns.has(name))
      .flatMap((one) => [
        ...(one.closed ? [] : one.through.map((table) => known({ table, column: name }))),
        ...(one.hidden && !one.closed ? [nothingKnown] : []),
        ...unnamedIn(one),
      ]);
    const own = qualifier === null && sure.length === 0 ? scope.own.get(name) : undefined;
    maybe.push(...sure, ...possible, ...(own === undefined ? [] : [own]));
    if (sure.length > 0 || (qualifier !== null && relations.length > 0)) break;
  }
  const [only] = maybe;
  if (maybe.length === 1 && only !== undefined) return only;
  return { from: null, uses: uniqueUses(maybe.flatMap((made) => made.uses)) };
}

/**
 * What `a.b.c` may mean: a column of a relation, whose schema and database may stand before it and whose fields behind it, or fields
 * of the column `a`.
 */
export function resolvePath(steps: readonly string[], scopes: readonly ColumnScope[]): Made {
  const [first = '', second = ''] = steps;
  if (steps.length === 1) return resolveColumn(first, null, scopes);
  if (isRelation(first, scopes)) return resolveColumn(second, first, scopes);
  const at = steps.findIndex((step, index) => index < steps.length - 1 && isRelation(step, scopes));
  const column = resolveColumn(first, null, scopes);
  if (at === -1) return column;
  // `raw.orders.id` is a column of `raw.orders` before it is a field of a field of a column `raw`.
  const qualified = resolveColumn(steps[at + 1] ?? '', steps[at] ?? '', scopes);
  return { from: qualified.from, uses: uniqueUses([...qualified.uses, ...column.uses]) };
}

/** What has no name in the text may have any: the database gives it one of its own, or it is several columns. */
function unnamedIn(relation: Relation): Made[] {
  const unnamed = relation.columns.get('');
  return unnamed === undefined ? [] : [{ from: null, uses: unnamed.uses }];
}

function isRelation(name: string, scopes: readonly ColumnScope[]): boolean {
  return scopes.some(({ relations }) => relations.some((one) => one.name === name));
}

const nothingKnown: Made = { from: null, uses: [] };
