import { chanceOf } from './chance.ts';
import { number, orNull, row, type TableShape, text } from './column-makers.ts';
import { wideTables } from './wide-tables.ts';

const date = orNull(
  (chance) =>
    `date '${chance.pick(['1992-01-01', '1995-01-01', '1995-01-02', '1998-09-02', '1998-12-31', '9999-12-31'])}'`,
);
const names = text('Ann', 'ann', 'Bo', '', ' ', "O''Neil", 'a%b', 'Zoë', 'x');

/** Tables with the names of TPC-H: few rows, many that are alike, nulls, empty texts, zeros and borders of ranges. */
const tables: { [table: string]: TableShape } = {
  nation: {
    rows: 5,
    columns: { n_nationkey: ['int', row], n_name: ['varchar', names], n_regionkey: ['int', number(0, 1)] },
  },
  customer: {
    rows: 24,
    columns: {
      c_custkey: ['int', row],
      c_name: ['varchar', names],
      c_nationkey: ['int', number(0, 1, 2, 9)],
      c_acctbal: ['decimal(12,2)', number(-1, 0, 0.01, 99.99, 100, 101)],
      c_mktsegment: ['varchar', text('BUILDING', 'building', 'AUTO', 'none', '')],
    },
  },
  supplier: {
    rows: 12,
    columns: {
      s_suppkey: ['int', row],
      s_name: ['varchar', names],
      s_nationkey: ['int', number(0, 1, 2)],
      s_acctbal: ['decimal(12,2)', number(-5, 0, 1)],
    },
  },
  part: {
    rows: 10,
    columns: { p_partkey: ['int', row], p_name: ['varchar', names], p_size: ['int', number(1, 10, 11, 39, 40)] },
  },
  partsupp: {
    rows: 20,
    columns: {
      ps_partkey: ['int', number(0, 1, 2, 3)],
      ps_suppkey: ['int', number(0, 1, 2, 3)],
      ps_availqty: ['int', number(0, 1, 5)],
    },
  },
  orders: {
    rows: 40,
    columns: {
      o_orderkey: ['int', row],
      o_custkey: ['int', number(0, 1, 2, 3, 4, 99)],
      o_orderstatus: ['varchar', text('O', 'F', 'P', 'o', '')],
      o_totalprice: ['decimal(12,2)', number(0, 10, 20, 50, 50.01, 400, 401)],
      o_orderdate: ['date', date],
    },
  },
  lineitem: {
    rows: 80,
    columns: {
      l_orderkey: ['int', number(...Array.from({ length: 40 }, (_, at) => at))],
      l_partkey: ['int', number(0, 1, 2, 3, 4)],
      l_suppkey: ['int', number(0, 1, 2)],
      l_linenumber: ['int', number(1, 2, 3)],
      l_quantity: ['int', number(-1, 0, 1, 2, 50)],
      l_extendedprice: ['decimal(12,2)', number(0, 1, 99.99, 100)],
      l_discount: ['decimal(4,2)', number(0, 0.05, 0.1)],
      l_returnflag: ['varchar', text('A', 'N', 'R', 'a')],
      l_linestatus: ['varchar', text('O', 'F')],
      l_shipdate: ['date', date],
    },
  },
};

/** The columns of each table with their types. */
export const tableTypes: { [table: string]: { [column: string]: string } } = Object.fromEntries(
  Object.entries({ ...tables, ...wideTables }).map(([table, { columns }]) => [
    table,
    Object.fromEntries(Object.entries(columns).map(([column, [type]]) => [column, type])),
  ]),
);

/** The names of the columns of each table. */
export const tableColumns: { [table: string]: string[] } = Object.fromEntries(
  Object.entries(tableTypes).map(([table, types]) => [table, Object.keys(types)]),
);

/** Statements that make the tables; the same seed makes the same rows. */
export function tableStatements(seed: number): string[] {
  const chance = chanceOf(seed);
  return Object.entries({ ...tables, ...wideTables }).flatMap(([table, { rows, columns }]) => {
    const defined = Object.entries(columns).map(([column, [type]]) => `${column} ${type}`);
    const values = Array.from(
      { length: rows },
      (_, at) =>
        `(${Object.values(columns)
          .map(([, make]) => make(chance, at))
          .join(', ')})`,
    );
    return [`create table ${table} (${defined.join(', ')})`, `insert into ${table} values ${values.join(', ')}`];
  });
}
