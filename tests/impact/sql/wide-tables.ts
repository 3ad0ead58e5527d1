import { number, orNull, row, type TableShape, text } from './column-makers.ts';

const moment = orNull(
  (chance) =>
    `timestamp '${chance.pick(['1999-12-31 23:59:59', '2000-01-01 00:00:00', '2000-01-01 00:00:00.5', '2000-02-29 12:00:00', '2024-03-31 01:30:00'])}'`,
);
const day = orNull(
  (chance) => `date '${chance.pick(['1999-12-31', '2000-01-01', '2000-01-31', '2000-02-29', '2001-03-01'])}'`,
);
const float = orNull((chance) =>
  chance.pick([
    "'nan'::double",
    "'inf'::double",
    "'-inf'::double",
    "'-0.0'::double",
    '0',
    '0.1',
    '-1.5',
    '1',
    '2.5',
    '1e20',
  ]),
);

/** Tables with the names of TPC-DS, and one of values that are seldom thought of. */
export const wideTables: { [table: string]: TableShape } = {
  store_sales: {
    rows: 60,
    columns: {
      ss_sold_date_sk: ['int', number(0, 1, 2, 3, 9)],
      ss_item_sk: ['int', number(0, 1, 2, 3)],
      ss_customer_sk: ['int', number(0, 1, 2, 77)],
      ss_store_sk: ['int', number(0, 1)],
      ss_ticket: ['int', row],
      ss_quantity: ['int', number(-3, 0, 1, 1, 2, 7)],
      ss_sales_price: ['decimal(7,2)', number(0, 0.5, 1, 1, 19.99, -1)],
      ss_net_profit: ['decimal(9,2)', number(-10, -0.01, 0, 5, 5)],
    },
  },
  web_sales: {
    rows: 30,
    columns: {
      ws_sold_date_sk: ['int', number(0, 1, 2, 3)],
      ws_item_sk: ['int', number(1, 2, 3, 4)],
      ws_customer_sk: ['int', number(0, 1, 2)],
      ws_order: ['int', row],
      ws_quantity: ['int', number(0, 1, 2)],
      ws_sales_price: ['decimal(7,2)', number(0, 1, 19.99)],
    },
  },
  date_dim: {
    rows: 6,
    columns: {
      d_date_sk: ['int', row],
      d_date: ['date', day],
      d_year: ['int', number(1999, 2000, 2001)],
      d_moy: ['int', number(1, 2, 12)],
      d_day_name: ['varchar', text('Monday', 'monday', 'Sunday')],
    },
  },
  item: {
    rows: 6,
    columns: {
      i_item_sk: ['int', row],
      i_category: ['varchar', text('Books', 'books', 'Música', 'Shoes')],
      i_class: ['varchar', text('a', 'b', '')],
      i_brand: ['varchar', text('x_1', 'x%1', 'xa1')],
      i_current_price: ['decimal(7,2)', number(0, 1, 2.5, 99)],
    },
  },
  store: {
    rows: 3,
    columns: {
      st_store_sk: ['int', row],
      st_name: ['varchar', text('able', 'ought')],
      st_state: ['varchar', text('TN', 'tn')],
    },
  },
  readings: {
    rows: 30,
    columns: {
      r_id: ['int', row],
      r_group: ['varchar', text('a', 'b', 'B')],
      r_value: ['double', float],
      r_ratio: ['float', number(0, 0.1, 1, -1)],
      r_at: ['timestamp', moment],
      r_day: ['date', day],
      r_flag: ['boolean', orNull((chance) => chance.pick(['true', 'false']))],
      r_text: ['varchar', text('1', '01', ' 1', '10', '9', 'é', 'é', 'É', '%', '_', '\\', '')],
      r_list: ['int[]', orNull((chance) => chance.pick(['[1, 2]', '[]', '[2, 1, 2]', '[null, 1]']))],
      r_place: [
        'struct(x int, y varchar)',
        orNull((chance) => chance.pick(["{'x': 1, 'y': 'a'}", "{'x': null, 'y': 'b'}", "{'x': 2, 'y': null}"])),
      ],
      r_big: ['bigint', number(-1, 0, 3, 7, 9007199254740992)],
      r_small: ['smallint', number(-2, 0, 3, 7)],
    },
  },
};
