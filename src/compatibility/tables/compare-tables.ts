import type { Json, JsonObject } from '../../model/json.ts';
import type { TableFormat, TableProblem } from '../rules/table-rules.ts';
import type { Direction, PairProblem } from '../verdict.ts';
import { compareTypes, edgeValue } from './compare-types.ts';
import { typeText } from './sql-type.ts';
import { type Column, sameName, sameTable, type Table } from './table.ts';

/** `row` shows the problem: null where none does. `compareLimits` gives a value that the writer's limits allow and the reader's refuse. */
export type TableFinding = PairProblem & { row: JsonObject | null };
export type LimitSearch = (reader: Column, writer: Column) => { value: Json } | 'within' | 'unknown';
export type TablesAsked = { format: TableFormat; direction: Direction; compareLimits: LimitSearch };

type Sides<Side> = { reader: Side; writer: Side };

/** What a reader of some tables cannot count on in what the writer gives. A removed table or column breaks both directions. */
export function compareTables({ reader, writer }: Sides<readonly Table[]>, asked: TablesAsked): TableFinding[] {
  const [old, fresh] = asked.direction === 'backward' ? [writer, reader] : [reader, writer];
  return old.flatMap((table): TableFinding[] => {
    const other = fresh.find((one) => sameTable(one.name, table.name));
    if (other === undefined) return [finding(asked, 'table-removed', table.name, `${table.name} is gone.`, null)];
    const sides = asked.direction === 'backward' ? { reader: other, writer: table } : { reader: table, writer: other };
    return [...renamedTable(sides, asked), ...columnProblems(sides, asked), ...tableProblems(sides, asked)];
  });
}

function renamedTable({ reader, writer }: Sides<Table>, asked: TablesAsked): TableFinding[] {
  if (!isRenamed(reader, writer)) return [];
  const message = `${reader.name} is ${reader.physical} to the reader and ${writer.physical} to the writer.`;
  return [finding(asked, 'table-removed', reader.name, message, null)];
}

/** Whether the warehouse calls it otherwise: who asks for the one name does not find the other. */
function isRenamed(reader: Table | Column, writer: Table | Column): boolean {
  return (
    !sameName(reader.physical ?? reader.name, writer.physical ?? writer.name) && reader.physical !== writer.physical
  );
}

function finding(
  { format }: TablesAsked,
  kind: TableProblem,
  path: string,
  message: string,
  row: JsonObject | null,
): TableFinding {
  // Each format names only kinds that it can say; the table of rules leaves the others out.
  return { rule: `${format}-${kind}` as PairProblem['rule'], path, message, row };
}

function columnProblems({ reader, writer }: Sides<Table>, asked: TablesAsked): TableFinding[] {
  const missing = reader.columns.filter((column) => findColumn(writer, column) === undefined);
  const extra = writer.columns.filter((column) => findColumn(reader, column) === undefined);
  const gone = asked.direction === 'backward' ? extra : missing;
  const added = asked.direction === 'backward' ? missing : [];
  const at = (column: Column) => `${reader.name}.${column.name}`;
  return [
    ...gone.map((column) =>
      finding(
        asked,
        'column-removed',
        at(column),
        `Column ${column.name} is gone.`,
        asked.direction === 'backward' ? { [column.name]: edge(column) } : {},
      ),
    ),
    ...added
      .filter((column) => column.required && !column.filled)
      .map((column) =>
        finding(
          asked,
          'column-added-required',
          at(column),
          `${column.name} is never null and has no default; earlier rows have no value for it.`,
          {},
        ),
      ),
    ...reader.columns.flatMap((column) => {
      const other = findColumn(writer, column);
      return other === undefined ? [] : valueProblems({ reader: column, writer: other }, at(column), asked);
    }),
  ];
}

function findColumn(table: Table, column: Column): Column | undefined {
  return table.columns.find((other) => sameName(other.name, column.name));
}

function edge(column: Column): Json {
  return column.type === null ? 'value' : edgeValue(column.type);
}

function valueProblems({ reader, writer }: Sides<Column>, path: string, asked: TablesAsked): TableFinding[] {
  const found: TableFinding[] = [];
  const { name } = reader;
  const add = (kind: TableProblem, message: string, row: JsonObject | null) =>
    found.push(finding(asked, kind, path, message, row));
  if (reader.required && !writer.required)
    add('column-made-required', `${name} may be null to the writer, never to the reader.`, { [name]: null });
  if (isRenamed(reader, writer))
    add(
      'column-removed',
      `${name} is ${reader.physical ?? name} to the reader and ${writer.physical ?? name} to the writer.`,
      null,
    );
  if (reader.type !== null && writer.type === null) {
    add('type-changed', `${name} is ${typeText(reader.type)} to the reader; the writer promises no type.`, null);
  } else if (reader.type !== null && writer.type !== null) {
    const verdict = compareTypes(reader.type, writer.type);
    const message = `${name} is ${typeText(writer.type)} to the writer and ${typeText(reader.type)} to the reader.`;
    if (verdict !== 'fits')
      add(verdict === 'narrowed' ? 'type-narrowed' : 'type-changed', message, { [name]: edge(writer) });
  }
  const limits = asked.compareLimits(reader, writer);
  if (limits !== 'within')
    add(
      'values-narrowed',
      `${name} is limited more by the reader.`,
      limits === 'unknown' ? null : { [name]: limits.value },
    );
  return found;
}

function tableProblems({ reader, writer }: Sides<Table>, asked: TablesAsked): TableFinding[] {
  const found: TableFinding[] = [];
  const add = (kind: TableProblem, message: string, row: JsonObject | null = null) =>
    found.push(finding(asked, kind, reader.name, message, row));
  const single = reader.columns.filter((column) => column.unique).map((column) => [column.name]);
  for (const key of [reader.key, ...reader.uniques, ...single]) {
    if (key.length > 0 && !isKept(key, writer))
      add('key-lost', `(${key.join(', ')}) is unique to the reader, not to the writer.`, twice(key, writer));
  }
  for (const check of reader.checks) {
    if (!writer.checks.includes(check)) add('check-added', `The reader holds rows to: ${check}.`);
  }
  if (reader.enforced === true && writer.enforced === false)
    add('contract-lifted', 'The reader counts on an enforced contract; the writer’s is not enforced.');
  return found;
}

/** Two rows with the same values of a key; null where the writer lacks one of its columns. */
function twice(key: readonly string[], writer: Table): JsonObject | null {
  const columns = key.map((name) => writer.columns.find((column) => sameName(column.name, name)));
  const row: JsonObject = {};
  for (const column of columns) {
    if (column === undefined) return null;
    row[column.name] = edge(column);
  }
  return { 'one row': row, 'another row': row };
}

/** Unique columns stay unique with more of them. */
function isKept(key: readonly string[], writer: Table): boolean {
  const single = writer.columns.filter((column) => column.unique).map((column) => [column.name]);
  const keys = [writer.key, ...writer.uniques, ...single].filter((own) => own.length > 0);
  return keys.some((own) => own.every((name) => key.some((other) => sameName(name, other))));
}
