import { didYouMean } from '../../../base/did-you-mean.ts';
import { failed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import type { AssetKey } from '../../../model/identifiers.ts';
import type { PromisedColumn } from './promised-columns.ts';

/** What makes a table, and its columns with their types where these are known. `whole`: it has no others. */
export type MadeTable = {
  asset: AssetKey;
  name: string;
  columns: { [column: string]: string | null };
  whole: boolean;
};

const CHECK = 'contract-columns';

/** Names of one type in several databases; lengths and precisions are not compared. */
const SAME: readonly (readonly string[])[] = [
  ['bigint', 'int8', 'long', 'int64'],
  ['integer', 'int', 'int4', 'int32'],
  ['smallint', 'int2', 'short'],
  ['text', 'varchar', 'character varying', 'string', 'char', 'character'],
  ['numeric', 'decimal', 'number'],
  ['double precision', 'double', 'float8', 'float', 'float64'],
  ['real', 'float4'],
  ['boolean', 'bool'],
  ['timestamp', 'timestamp without time zone', 'timestamp_ntz', 'datetime'],
  ['timestamptz', 'timestamp with time zone', 'timestamp_tz'],
];

/** Whether the tables that the project makes have the columns that a contract promises. Tables of others are not judged. */
export function judgeColumns(
  path: string,
  promised: readonly PromisedColumn[],
  made: (table: string) => MadeTable | null,
): Finding[] {
  const found = promised.flatMap((one) => {
    const table = made(one.table);
    if (table === null) return [];
    const type = typeOf(one.column, table);
    if (type === undefined) return table.whole ? [missing(path, one, table)] : [];
    if (one.type === null || type === null || sameType(one.type, type)) return [];
    return [
      failed(CHECK, {
        ...{ path, line: one.line, asset: table.asset, severity: 'warning' },
        message: `The contract promises \`${one.column}\` as ${one.type}, and \`${table.name}\` makes it as ${type}.`,
        hint: 'Change the one or the other, or agree on a new version of the contract.',
      }),
    ];
  });
  return [...found, ...untold(path, promised, made)];
}

/** Undefined: no such column is known. Names without quotes are the same in any case. */
function typeOf(column: string, { columns }: MadeTable): string | null | undefined {
  return Object.entries(columns).find(([name]) => name.toLowerCase() === column.toLowerCase())?.[1];
}

function missing(path: string, one: PromisedColumn, table: MadeTable): Finding {
  const near = didYouMean(one.column, Object.keys(table.columns));
  return failed(CHECK, {
    ...{ path, line: one.line, asset: table.asset },
    message: `The contract promises the column \`${one.column}\`, which \`${table.name}\` does not make.`,
    hint:
      near === null
        ? 'Add the column to the model, or agree on a new version of the contract.'
        : `Did you mean \`${near}\`?`,
  });
}

/** One note for the tables whose columns nobody has written down. */
function untold(
  path: string,
  promised: readonly PromisedColumn[],
  made: (table: string) => MadeTable | null,
): Finding[] {
  const open = promised.filter((one) => {
    const table = made(one.table);
    return table !== null && !table.whole && typeOf(one.column, table) === undefined;
  });
  const names = [...new Set(open.map(({ table }) => table))].sort();
  if (names.length === 0) return [];
  const because = `Whether ${names.slice(0, 3).join(', ')} ${names.length === 1 ? 'has' : 'have'} all promised columns could not be told: not all columns are known.`;
  return [skipped(CHECK, because, { path, hint: 'Enforce a contract on the dbt model, with all its columns.' })];
}

function sameType(a: string, b: string): boolean {
  const [left, right] = [plainType(a), plainType(b)];
  return left === right || SAME.some((names) => names.includes(left) && names.includes(right));
}

function plainType(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s*\([^)]*\)/g, '')
    .trim();
}
