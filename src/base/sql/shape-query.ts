import {
  type ColumnScope,
  type ColumnUse,
  joinMade,
  type Made,
  type MadeOutput,
  type QueryShape,
  type Relation,
  resolveColumn,
  resolvePath,
  uniqueUses,
} from './column-shape.ts';
import { makesRows } from './makes-rows.ts';
import { listOf, objectOf, type SyntaxTree } from './polyglot.ts';

/** What is known around a query: CTEs by name, scopes from inside out, and the columns of tables where somebody knows them. */
export type Around = {
  ctes: ReadonlyMap<string, QueryShape>;
  scopes: readonly ColumnScope[];
  columnsOf(table: string): readonly string[] | null;
};

const setOperations = ['union', 'intersect', 'except'];

/** The shape of a query's syntax tree; null where it is no query. */
export function shapeQuery(tree: SyntaxTree, around: Around): QueryShape | null {
  const [kind] = Object.keys(tree);
  const inside = objectOf(tree[kind ?? '']);
  if (kind === 'subquery' || kind === 'paren') return shapeQuery(objectOf(inside.this), withCtes(inside, around));
  if (kind === 'select') return shapeSelect(inside, withCtes(inside, around));
  return kind !== undefined && setOperations.includes(kind) ? shapeSet(inside, kind, withCtes(inside, around)) : null;
}

function withCtes(node: SyntaxTree, around: Around): Around {
  const clause = objectOf(node.with);
  const ctes = new Map(around.ctes);
  for (const one of listOf(clause.ctes).map(objectOf)) {
    const name = nameOf(one.alias);
    const isSelf = clause.recursive === true;
    const shape = shapeQuery(objectOf(one.this), {
      ...around,
      ctes: isSelf ? new Map([...ctes, [name, unknownShape]]) : ctes,
    });
    const named = renameOutputs(shape ?? unknownShape, listOf(one.columns).map(nameOf));
    ctes.set(name, isSelf ? blurred(named) : named);
  }
  return { ...around, ctes };
}

const unknownShape: QueryShape = { outputs: [], through: [], complete: false, rows: [], tables: [], stars: [] };

/** In a recursive query every column may be made of every other. */
function blurred(shape: QueryShape): QueryShape {
  const uses = uniqueUses([...shape.rows, ...shape.outputs.flatMap((one) => one.uses)]);
  return { ...shape, rows: uses, outputs: shape.outputs.map(({ name }) => ({ name, from: null, uses })) };
}

function renameOutputs(shape: QueryShape, names: readonly string[]): QueryShape {
  if (names.length === 0) return shape;
  const all = joinMade(shape.outputs);
  return {
    ...shape,
    complete: true,
    outputs: names.map((name, at) => ({
      ...(shape.complete ? (shape.outputs[at] ?? all) : { from: null, uses: all.uses }),
      name,
    })),
    stars: [...shape.stars, ...shape.through],
    through: [],
  };
}

function shapeSet(node: SyntaxTree, kind: string, around: Around): QueryShape {
  const left = shapeQuery(objectOf(node.left), around) ?? unknownShape;
  const right = shapeQuery(objectOf(node.right), around) ?? unknownShape;
  const meets = left.complete && right.complete;
  const outputs = left.outputs.map((one, at): MadeOutput => {
    const other = right.outputs[at];
    if (meets && other !== undefined) return { name: one.name, ...joinMade([one, other]) };
    return { name: one.name, from: null, uses: joinMade([one, ...right.outputs]).uses };
  });
  const isAll = kind === 'union' && node.all === true;
  const order = collect([node.order_by], {
    ...around,
    scopes: [{ relations: [], own: new Map(outputs.map((one) => [one.name, one])) }],
  });
  return {
    outputs,
    through: [...left.through, ...right.through],
    complete: meets,
    rows: uniqueUses([
      ...left.rows,
      ...right.rows,
      ...order.made.uses,
      ...(isAll ? [] : outputs.flatMap((one) => one.uses)),
    ]),
    tables: [...left.tables, ...right.tables],
    // A new column on one side no longer meets that of the other side.
    stars: [...left.stars, ...right.stars, ...left.through, ...right.through],
  };
}

type Reading = { tables: string[]; stars: string[]; rows: ColumnUse[] };

function shapeSelect(node: SyntaxTree, around: Around): QueryShape {
  const reading: Reading = { tables: [], stars: [], rows: [] };
  const scope: ColumnScope = { relations: [], own: new Map() };
  const inside: Around = { ...around, scopes: [scope, ...around.scopes] };
  for (const one of [...listOf(objectOf(node.from).expressions), ...listOf(node.joins), ...listOf(node.lateral_views)])
    readRelation(objectOf(one), { scope, inside, reading });
  const { outputs, through, complete } = readOutputs(listOf(node.expressions).map(objectOf), {
    scope,
    inside,
    reading,
  });
  const isDistinct = node.distinct === true;
  const byPlace = placesIn(node).flatMap((place) => (place === 'all' ? outputs : outputs.slice(place - 1, place)));
  const { expressions: _, from: _from, joins: _joins, with: _with, lateral_views: _views, ...clauses } = node;
  const rest = collect(Object.values(clauses), inside);
  addTo(reading, rest);
  const rows = [
    ...reading.rows,
    ...rest.made.uses,
    ...byPlace.flatMap((one) => one.uses),
    ...(isDistinct ? outputs.flatMap((one) => one.uses) : []),
  ];
  const stars = [...reading.stars, ...(isDistinct ? through : [])];
  return {
    outputs,
    through,
    complete,
    rows: uniqueUses(rows),
    tables: [...new Set(reading.tables)],
    stars: [...new Set(stars)],
  };
}

/** Outputs that a select groups or orders by their place; `all` where that is said. */
function placesIn(select: SyntaxTree): (number | 'all')[] {
  const [group, order] = [objectOf(select.group_by), objectOf(select.order_by)];
  const ordered = listOf(order.expressions).map((one) => objectOf(one).this);
  const places = [...listOf(group.expressions), ...ordered].flatMap((one) => {
    const { literal_type: type, value } = objectOf(objectOf(one).literal);
    return type === 'number' && /^\d+$/.test(String(value)) ? [Number(value)] : [];
  });
  return group.all === true ? [...places, 'all'] : places;
}

/** Columns whose name another relation has too, or may have: a natural join is made by them. */
function sharedColumns(relations: readonly Relation[]): ColumnUse[] {
  return relations.flatMap((one) =>
    [...one.columns].flatMap(([name, made]) => {
      const isShared = relations.some((other) => other !== one && (other.columns.has(name) || !other.closed));
      return isShared ? made.uses : [];
    }),
  );
}

type Into = { scope: ColumnScope; inside: Around; reading: Reading };

function readRelation(node: SyntaxTree, into: Into): void {
  const { scope, inside, reading } = into;
  if (node.this !== undefined && node.nesting_group !== undefined) {
    readRelation(objectOf(node.this), into);
    const on = collect([node.on], inside);
    addTo(reading, on);
    reading.rows.push(...on.made.uses);
    for (const name of listOf(node.using).map(nameOf))
      reading.rows.push(...resolveColumn(name, null, inside.scopes).uses);
    if (String(node.kind).startsWith('Natural')) {
      reading.stars.push(...scope.relations.flatMap((one) => one.through));
      reading.rows.push(...sharedColumns(scope.relations));
    }
    return;
  }
  const [kind = ''] = Object.keys(node);
  const value = objectOf(node[kind]);
  if (kind === 'table') {
    scope.relations.push(tableRelation(value, into));
    return;
  }
  const shape = kind === 'subquery' ? shapeQuery(node, inside) : null;
  if (shape === null) {
    readOdd(node, value, into);
    return;
  }
  const alias = nameOf(value.alias);
  scope.relations.push(
    relationOf(alias === '' ? null : alias, renameOutputs(shape, listOf(value.column_aliases).map(nameOf)), reading),
  );
}

/** What is not understood as a relation: all columns in it count for the rows, and it may have any column. */
function readOdd(node: SyntaxTree, value: SyntaxTree, { scope, inside, reading }: Into): void {
  const own: ColumnScope = { relations: [], own: new Map() };
  const before = reading.tables.length;
  for (const table of tablesWithin(node)) own.relations.push(tableRelation(table, { scope: own, inside, reading }));
  reading.stars.push(...reading.tables.slice(before));
  const all = collect([node], { ...inside, scopes: [own, ...inside.scopes] });
  addTo(reading, all);
  reading.rows.push(...all.made.uses);
  const alias = nameOf(value.alias) || nameOf(value.table_alias);
  scope.relations.push({
    name: alias === '' ? null : alias,
    columns: new Map(),
    through: own.relations.flatMap((one) => one.through),
    closed: false,
    hidden: true,
  });
}

function tablesWithin(value: unknown): SyntaxTree[] {
  if (Array.isArray(value)) return value.flatMap(tablesWithin);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    if (key === 'select' || setOperations.includes(key)) return [];
    return key === 'table' && objectOf(objectOf(inside).name).name !== undefined
      ? [objectOf(inside)]
      : tablesWithin(inside);
  });
}

function tableRelation(table: SyntaxTree, { inside, reading }: Into): Relation {
  const parts = [nameOf(table.catalog), nameOf(table.schema), nameOf(table.name)].filter((part) => part !== '');
  const full = parts.join('.');
  const name = nameOf(table.alias) || (parts.at(-1) ?? '');
  const aliases = listOf(table.column_aliases).map(nameOf);
  const cte = parts.length === 1 ? inside.ctes.get(full) : undefined;
  if (cte !== undefined) return relationOf(name, renameOutputs(cte, aliases), reading);
  reading.tables.push(full);
  const columns = inside.columnsOf(full);
  const outputs = (columns ?? []).map(
    (column): MadeOutput => ({ name: column, from: [{ table: full, column }], uses: [{ table: full, column }] }),
  );
  const shape: QueryShape = { ...unknownShape, outputs, through: [full], complete: columns !== null };
  return relationOf(name, renameOutputs(shape, aliases), reading);
}

function relationOf(name: string | null, shape: QueryShape, reading: Reading): Relation {
  reading.rows.push(...shape.rows);
  reading.tables.push(...shape.tables);
  reading.stars.push(...shape.stars);
  const columns = new Map<string, Made>();
  for (const { name: output, from, uses } of shape.outputs) {
    const known = columns.get(output);
    columns.set(
      output,
      known === undefined ? { from, uses } : { from: null, uses: uniqueUses([...known.uses, ...uses]) },
    );
  }
  const { complete: closed, through } = shape;
  return { name, columns, through, closed, hidden: !closed && through.length === 0 };
}

function readOutputs(
  items: readonly SyntaxTree[],
  { scope, inside, reading }: Into,
): Pick<QueryShape, 'outputs' | 'through' | 'complete'> {
  const outputs: MadeOutput[] = [];
  const through: string[] = [];
  let complete = true;
  for (const item of items) {
    if (item.star !== undefined) {
      const star = objectOf(item.star);
      const qualifier = nameOf(star.table);
      const named = scope.relations.filter(
        ({ name }) => qualifier === '' || name === qualifier || (name !== null && qualifier.endsWith(`.${name}`)),
      );
      if (named.length === 0) {
        // The fields of a column.
        outputs.push({ name: '', from: null, uses: resolvePath(qualifier.split('.'), inside.scopes).uses });
        complete = false;
        continue;
      }
      const left = new Set(listOf(star.except).map(nameOf));
      for (const one of named) {
        outputs.push(
          ...[...one.columns].filter(([name]) => !left.has(name)).map(([name, made]) => ({ name, ...made })),
        );
        through.push(...one.through);
        complete &&= one.closed;
      }
      complete &&= listOf(star.replace).length === 0 && listOf(star.rename).length === 0;
      continue;
    }
    const seen = collect([item], inside);
    addTo(reading, seen);
    if (makesRows(item)) reading.rows.push(...seen.made.uses);
    const name = outputName(item);
    outputs.push({ name, ...seen.made });
    if (name !== '') scope.own.set(name, seen.made);
  }
  return { outputs, through, complete };
}

function outputName(item: SyntaxTree): string {
  if (item.alias !== undefined) return nameOf(objectOf(item.alias).alias);
  return item.column === undefined ? '' : nameOf(objectOf(item.column).name);
}

type Seen = { made: Made; tables: string[]; stars: string[] };

function addTo(reading: Reading, seen: Seen): void {
  reading.tables.push(...seen.tables);
  reading.stars.push(...seen.stars);
}

/** Every column in an expression, those of queries inside it too. */
function collect(values: readonly unknown[], around: Around): Seen {
  const all: Made[] = [];
  const seen: Seen = { made: { from: [], uses: [] }, tables: [], stars: [] };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
    const node = objectOf(value);
    if (node.column !== undefined && objectOf(node.column).name !== undefined) {
      const { name, table } = objectOf(node.column);
      if (nameOf(table) === '') addRow(nameOf(name));
      all.push(resolveColumn(nameOf(name), nameOf(table) === '' ? null : nameOf(table), around.scopes));
      return;
    }
    const path = node.dot === undefined ? null : pathOf(node);
    if (path !== null) {
      all.push(resolvePath(path, around.scopes));
      return;
    }
    if (node.star !== undefined && typeof node.star === 'object') {
      seen.stars.push(...around.scopes.flatMap((scope) => scope.relations.flatMap((one) => one.through)));
      all.push({
        from: null,
        uses: around.scopes.flatMap((scope) =>
          scope.relations.flatMap((one) => [...one.columns.values()].flatMap((made) => made.uses)),
        ),
      });
    }
    const nested = 'select' in node || setOperations.some((kind) => kind in node) ? shapeQuery(node, around) : null;
    if (nested === null) {
      Object.values(node).forEach(visit);
      return;
    }
    all.push(joinMade([...nested.outputs, { from: nested.rows, uses: nested.rows }]));
    seen.tables.push(...nested.tables);
    seen.stars.push(...nested.stars, ...nested.through);
  };
  // The name of a relation alone is a whole row of it.
  const addRow = (name: string): void => {
    const rows = around.scopes.flatMap(({ relations }) => relations.filter((one) => one.name === name));
    if (rows.length === 0) return;
    seen.stars.push(...rows.flatMap((one) => one.through));
    all.push({ from: null, uses: rows.flatMap((one) => [...one.columns.values()].flatMap((made) => made.uses)) });
  };
  values.forEach(visit);
  return { ...seen, made: joinMade(all) };
}

/** The steps of `a.b.c`; null for anything else. */
function pathOf(node: SyntaxTree): string[] | null {
  const { name, table } = objectOf(node.column);
  if (name !== undefined) return [nameOf(table), nameOf(name)].filter((step) => step !== '');
  if (node.dot === undefined) return null;
  const { this: base, field } = objectOf(node.dot);
  const before = pathOf(objectOf(base));
  return before === null || nameOf(field) === '' ? null : [...before, nameOf(field)];
}

/** A name in a tree, without quotes, in lower case; empty where there is none. */
function nameOf(value: unknown): string {
  const name = typeof value === 'string' ? value : objectOf(value).name;
  return typeof name === 'string' ? name.toLowerCase() : '';
}
