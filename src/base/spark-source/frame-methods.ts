import { columnOf, madeOf, namedColumn, textColumn } from './column-values.ts';
import { type Column, type Frame, type FrameValue, flat, NotSimple, quoted, sqlText, textOf } from './frame-values.ts';

/** `query`: of which all that it uses counts for the program, beside what it writes. */
export type FrameUse = (sql: string) => void;
type Given = { positional: readonly FrameValue[]; named: ReadonlyMap<string, FrameValue>; use: FrameUse };
type FrameMethod = (frame: Frame, given: Given) => FrameValue;

/** The whole of a place, with its columns where they are known. */
export function rootFrame(relation: string, names: readonly string[] | null): Frame {
  return { is: 'frame', sql: `select * from ${quoted(relation)}`, names, open: null, lost: [], before: null };
}

export function queryFrame(sql: string): Frame {
  return { is: 'frame', sql, names: null, open: null, lost: [], before: null };
}

function fromOf(frame: Frame): string {
  if (frame.open === null) return `(${frame.sql}) as hg_frame`;
  const { from, where: conditions } = frame.open;
  return conditions.length === 0 ? from : `${from} where ${conditions.join(' and ')}`;
}

function ownColumn(name: string): Column {
  return { is: 'column', sql: quoted(name), name, relations: [] };
}

/** Every name before a dot must be one that can be used here, or surely never was one. */
function check(frame: Frame, columns: readonly Column[]): void {
  const usable = frame.open?.relations ?? [];
  for (const relation of columns.flatMap((column) => column.relations)) {
    if (!usable.includes(relation) && frame.lost.includes(relation))
      throw new NotSimple('a name of a join is used later');
  }
}

function lostOf(frame: Frame): readonly string[] {
  return [...new Set([...frame.lost, ...(frame.open?.relations ?? [])])];
}

function itemOf({ sql, name }: Column): string {
  return name === null || sql === quoted(name) ? sql : `${sql} as ${quoted(name)}`;
}

function project(frame: Frame, columns: readonly Column[], tail = ''): Frame {
  check(frame, columns);
  const names = columns.map(({ name }) => name);
  const isWhole = names.every((name) => name !== null) && new Set(names).size === names.length;
  return {
    is: 'frame',
    sql: `select ${columns.map(itemOf).join(', ')} from ${fromOf(frame)}${tail}`,
    names: isWhole ? names : null,
    open: null,
    lost: lostOf(frame),
    before: frame,
  };
}

/** The same columns, other rows. What a join is called can still be used after it. */
function filtered(frame: Frame, condition: Column, use: FrameUse): Frame {
  check(frame, [condition]);
  useBefore(frame, [condition], use);
  const { open } = frame;
  const text = `${condition.sql} = 1`;
  if (open === null) return { ...frame, sql: `select * from ${fromOf(frame)} where ${text}` };
  const narrowed = { ...frame, open: { ...open, where: [...open.where, text] } };
  return { ...narrowed, sql: `select * from ${fromOf(narrowed)}` };
}

function sorted(frame: Frame, columns: readonly Column[], use: FrameUse): Frame {
  if (columns.length === 0) return frame;
  check(frame, columns);
  useBefore(frame, columns, use);
  if (frame.open === null)
    return { ...frame, sql: `select * from ${fromOf(frame)} order by ${columns.map(({ sql }) => sql).join(', ')}` };
  use(`select ${madeOf(columns).sql} from ${fromOf(frame)}`);
  return frame;
}

/** Filters and orders may also use what a projection before them left out. */
function useBefore(frame: Frame, columns: readonly Column[], use: FrameUse): void {
  for (let at = frame.before; at !== null; at = at.before) use(`select ${madeOf(columns).sql} from ${fromOf(at)}`);
}

/** Each of these names made anew, the others as they were. */
function withColumns(frame: Frame, made: readonly [string, Column][]): Frame {
  const fresh = made.map(([name, column]): Column => ({ ...column, name }));
  const names = made.map(([name]) => name);
  const isNew = (name: string) => !names.some((one) => one.toLowerCase() === name.toLowerCase());
  if (frame.names !== null && frame.open === null) {
    const order = [
      ...frame.names,
      ...names.filter((name) => !frame.names?.some((one) => one.toLowerCase() === name.toLowerCase())),
    ];
    const byName = new Map(fresh.map((column) => [column.name?.toLowerCase(), column]));
    return project(
      frame,
      order.map((name) => byName.get(name.toLowerCase()) ?? ownColumn(name)),
    );
  }
  check(frame, fresh);
  const left = names.map(quoted).join(', ');
  return {
    is: 'frame',
    sql: `select * except (${left}), ${fresh.map(itemOf).join(', ')} from ${fromOf(frame)}`,
    names: frame.names === null ? null : [...frame.names.filter(isNew), ...names],
    open: null,
    lost: lostOf(frame),
    before: frame,
  };
}

function without(frame: Frame, names: readonly string[]): Frame {
  const lower = names.map((name) => name.toLowerCase());
  if (frame.names !== null && frame.open === null)
    return project(frame, frame.names.filter((name) => !lower.includes(name.toLowerCase())).map(ownColumn));
  const sql = `select * except (${names.map(quoted).join(', ')}) from ${fromOf(frame)}`;
  return { is: 'frame', sql, names: null, open: null, lost: lostOf(frame), before: frame };
}

function join(left: Frame, { positional, named }: Given): Frame {
  const right = positional[0] ?? named.get('other');
  if (right?.is !== 'frame') throw new NotSimple('what is joined is not known');
  const on = positional[1] ?? named.get('on');
  const how = positional[2] ?? named.get('how');
  const kind = how === undefined ? 'inner' : textOf(how, 'the kind of a join').toLowerCase().replaceAll('_', '');
  const sides = [sideOf(left, 'hg_left', true), sideOf(right, 'hg_right', false)];
  const conditions = on === undefined || on.is === 'none' ? [] : flat([on]);
  const using = conditions.every((one) => one.is === 'text') ? conditions.map((one) => textOf(one, 'a column')) : null;
  const columns = using === null ? conditions.map(columnOf) : [];
  const from = `${sides.map((side) => side.from).join(' join ')}${conditionText(using, columns)}`;
  const relations = sides.flatMap((side) => side.relations);
  if (new Set(relations).size !== relations.length) throw new NotSimple('two sides of a join have one name');
  const lost = [...lostOf(left), ...lostOf(right)].filter((name) => !relations.includes(name));
  const names = /^(left)?(semi|anti)$/.test(kind) ? left.names : namesOfJoin(left, right, using);
  const open = { from, where: [], relations };
  const joined: Frame = { is: 'frame', sql: `select * from ${from}`, names, open, lost, before: null };
  check(joined, columns);
  return joined;
}

function conditionText(using: readonly string[] | null, columns: readonly Column[]): string {
  if (using === null) return ` on ${madeOf(columns).sql} = 1`;
  return using.length === 0 ? ' on 1 = 1' : ` using (${using.map(quoted).join(', ')})`;
}

function namesOfJoin(left: Frame, right: Frame, using: readonly string[] | null): readonly string[] | null {
  if (left.names === null || right.names === null) return null;
  const shared = (using ?? []).map((name) => name.toLowerCase());
  const rest = (names: readonly string[]) => names.filter((name) => !shared.includes(name.toLowerCase()));
  const all = [...(using ?? []), ...rest(left.names), ...rest(right.names)];
  return new Set(all.map((name) => name.toLowerCase())).size === all.length ? all : null;
}

/** A side of a join as it stands behind `from`, and what of it can be named: an alias, or on the left all that was joined before. */
function sideOf(frame: Frame, name: string, isLeft: boolean): { from: string; relations: readonly string[] } {
  const { open } = frame;
  if (open !== null && open.where.length === 0 && (isLeft || open.relations.length === 1)) return open;
  const [alias = name, ...others] = open?.relations ?? [];
  const isNamed = open !== null && others.length === 0;
  return { from: `(${frame.sql}) as ${quoted(isNamed ? alias : name)}`, relations: isNamed ? [alias] : [] };
}

function union(frame: Frame, other: FrameValue | undefined, byName: boolean): Frame {
  if (other?.is !== 'frame') throw new NotSimple('what is added by a union is not known');
  const isSame =
    frame.names !== null &&
    other.names !== null &&
    [...frame.names]
      .map((name) => name.toLowerCase())
      .sort()
      .join() ===
      [...other.names]
        .map((name) => name.toLowerCase())
        .sort()
        .join();
  if (byName && !isSame) throw new NotSimple('a union by name of columns that are not known');
  const right = byName && frame.names !== null ? project(other, frame.names.map(ownColumn)).sql : other.sql;
  const sql = `select * from (${frame.sql}) as hg_left union all select * from (${right}) as hg_right`;
  return { is: 'frame', sql, names: frame.names, open: null, lost: [...lostOf(frame), ...lostOf(other)], before: null };
}

function conditionOf(value: FrameValue | undefined): Column {
  if (value?.is === 'text') return textColumn(sqlText(value, 'a condition'));
  if (value?.is === 'column') return value;
  throw new NotSimple('a condition is not literal');
}

function columnsOf({ positional, named }: Given): Column[] {
  return flat([...positional, ...[named.get('cols')].filter((one) => one !== undefined)]).map(columnOf);
}

function namedIn(value: FrameValue | undefined): [string, Column][] {
  if (value?.is !== 'dict') throw new NotSimple('the columns that are added are not literal');
  return value.entries.map(([name, column]) => [textOf(name, 'a column'), columnOf(column)]);
}

const same: FrameMethod = (frame) => frame;
const distinct: FrameMethod = (frame) => ({
  ...frame,
  sql: `select distinct * from (${frame.sql}) as hg_frame`,
  open: null,
  lost: lostOf(frame),
  before: null,
});
const where: FrameMethod = (frame, { positional, named, use }) =>
  filtered(frame, conditionOf(positional[0] ?? named.get('condition')), use);
const sort: FrameMethod = (frame, given) => sorted(frame, columnsOf(given), given.use);
const group: FrameMethod = (frame, given) => ({ is: 'grouped', frame, keys: columnsOf(given) });
const counted: FrameMethod = (frame, { use }) => {
  use(`select 1 as hg_one from (${frame.sql}) as hg_frame`);
  return { is: 'plain' };
};
/** What a program looks at counts, whatever it then does. */
const looked: FrameMethod = (frame, { use }) => {
  use(frame.sql);
  return { is: 'plain' };
};
const shown: FrameMethod = () => ({ is: 'plain' });

/** Methods of a DataFrame; any other one is not read. */
const methods: { [name: string]: FrameMethod } = {
  ...{
    cache: same,
    persist: same,
    unpersist: same,
    coalesce: same,
    repartition: same,
    repartitionByRange: same,
    hint: same,
  },
  ...{
    checkpoint: same,
    localCheckpoint: same,
    toDF: toDF,
    distinct,
    dropDuplicates: distinct,
    drop_duplicates: distinct,
  },
  ...{
    where,
    filter: where,
    orderBy: sort,
    sort,
    sortWithinPartitions: sort,
    groupBy: group,
    groupby: group,
    withWatermark: same,
  },
  ...{ count: counted, isEmpty: counted, collect: looked, first: looked, head: looked, take: looked, tail: looked },
  ...{ toPandas: looked, toLocalIterator: looked, show: shown, printSchema: shown, explain: shown },
  select: (frame, given) => project(frame, columnsOf(given)),
  selectExpr: (frame, { positional }) =>
    project(
      frame,
      flat(positional).map((one) => textColumn(sqlText(one, 'an expression'))),
    ),
  withColumn: (frame, { positional, named }) => {
    const [name, column] = [positional[0] ?? named.get('colName'), positional[1] ?? named.get('col')];
    if (column?.is !== 'column') throw new NotSimple('the column that is added is not literal');
    return withColumns(frame, [[textOf(name, 'a column'), column]]);
  },
  withColumns: (frame, { positional }) => withColumns(frame, namedIn(positional[0])),
  withColumnRenamed: (frame, { positional }) =>
    renamed(frame, [[textOf(positional[0], 'a column'), textOf(positional[1], 'a column')]]),
  withColumnsRenamed: (frame, { positional }) => {
    const [first] = positional;
    if (first?.is !== 'dict') throw new NotSimple('the columns that are renamed are not literal');
    return renamed(
      frame,
      first.entries.map(([from, to]): [string, string] => [textOf(from, 'a column'), textOf(to, 'a column')]),
    );
  },
  drop: (frame, { positional }) => {
    const names = flat(positional).flatMap((one) =>
      one.is === 'text' ? [one.value] : one.is === 'column' ? [] : [textOf(one, 'a column')],
    );
    return names.length === 0 ? frame : without(frame, names);
  },
  limit: (frame) => ({
    ...frame,
    sql: `select * from (${frame.sql}) as hg_frame limit 1`,
    open: null,
    lost: lostOf(frame),
    before: null,
  }),
  join: (frame, given) => join(frame, given),
  crossJoin: (frame, given) => join(frame, { ...given, positional: given.positional.slice(0, 1) }),
  union: (frame, { positional }) => union(frame, positional[0], false),
  unionAll: (frame, { positional }) => union(frame, positional[0], false),
  unionByName: (frame, { positional, named }) => {
    if (named.has('allowMissingColumns')) throw new NotSimple('a union by name of columns that may be missing');
    return union(frame, positional[0], true);
  },
  agg: (frame, given) => aggregate(frame, [], given),
  alias: (frame, { positional }) => {
    const name = textOf(positional[0], 'an alias');
    return {
      ...frame,
      open: { from: `(${frame.sql}) as ${quoted(name)}`, where: [], relations: [name] },
      lost: lostOf(frame).filter((one) => one !== name),
    };
  },
  dropna: (frame, given) => distinct(frame, given),
  fillna: same,
};

function toDF(frame: Frame, { positional }: Given): FrameValue {
  const names = positional.map((one) => textOf(one, 'a column'));
  if (names.length === 0) return frame;
  const { names: known } = frame;
  if (known === null || known.length !== names.length) throw new NotSimple('columns are named by their place');
  return project(
    frame,
    known.map((name, at): Column => ({ ...ownColumn(name), name: names[at] ?? name })),
  );
}

function renamed(frame: Frame, pairs: readonly [string, string][]): Frame {
  const to = new Map(pairs.map(([from, name]) => [from.toLowerCase(), name]));
  if (frame.names !== null && frame.open === null)
    return project(
      frame,
      frame.names.map((name): Column => ({ ...ownColumn(name), name: to.get(name.toLowerCase()) ?? name })),
    );
  const fresh = pairs.map(([from, name]): Column => ({ ...namedColumn(from), name }));
  const sql = `select * except (${pairs.map(([from]) => quoted(from)).join(', ')}), ${fresh.map(itemOf).join(', ')} from ${fromOf(frame)}`;
  return { is: 'frame', sql, names: null, open: null, lost: lostOf(frame), before: frame };
}

function aggregate(frame: Frame, keys: readonly Column[], given: Given): Frame {
  const [first] = given.positional;
  const dict = first?.is === 'dict' ? first.entries.map(([name]) => ({ ...columnOf(name), name: null })) : null;
  const columns = [...keys, ...(dict ?? columnsOf(given))];
  const grouped = keys.length === 0 ? '' : ` group by ${keys.map(({ sql }) => sql).join(', ')}`;
  return project(frame, columns, grouped);
}

/** `frame.groupBy(...).<name>(...)`. */
export function groupedMethod(frame: Frame, keys: readonly Column[], name: string, given: Given): FrameValue {
  if (name === 'agg') return aggregate(frame, keys, given);
  if (name === 'count') return aggregate(frame, keys, { ...given, positional: [{ ...madeOf([]), name: 'count' }] });
  if (!['sum', 'avg', 'mean', 'min', 'max'].includes(name)) throw new NotSimple(`groups are used by ${name}`);
  const columns = columnsOf(given).map((column) => ({ ...column, name: `${name}(${column.name ?? ''})` }));
  if (columns.length === 0) throw new NotSimple('all columns of groups are summed up');
  return aggregate(frame, keys, { ...given, positional: columns });
}

/** `frame.<name>(...)`. */
export function frameMethod(frame: Frame, name: string, given: Given): FrameValue {
  const method = methods[name];
  if (method === undefined) throw new NotSimple(`a DataFrame is used by ${name}`);
  return method(frame, given);
}
