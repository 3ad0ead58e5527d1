import { tableColumns, tableStatements } from '../sql/tables.ts';
import { moreWideQueries, wideQueries } from '../sql/wide-queries.ts';

const tables = Object.keys(tableColumns);
const word = new RegExp(`(?<=\\b(?:from|join|,) )(${tables.join('|')})\\b(?! as \\()`, 'g');

/** Queries of which models are made: those whose text reads as well over models as over tables. */
const chosen = [...wideQueries, ...moreWideQueries].filter(
  (sql, at) => at % 3 === 0 && !/natural|asof|pivot|with (?:recursive )?item/.test(sql),
);

/** Each on lines of its own, for changes of lines. */
function laidOut(sql: string): string {
  return sql.replaceAll(/ (?=(?:from|where|group by|having|order by|union|left join|join|qualify) )/g, '\n');
}

const configs = ['', "{{ config(materialized='table') }}\n", "{{ config(tags=['nightly']) }}\n", ''];

const marts = chosen.map((sql, at): [string, string] => [
  `models/marts/mart_${String(at).padStart(2, '0')}.sql`,
  `${configs[at % configs.length]}${laidOut(sql.replaceAll(word, "{{ ref('stg_$1') }}"))}\n`,
]);

const staging = tables.map((table): [string, string] => {
  const columns = tableColumns[table] ?? [];
  return [
    `models/staging/stg_${table}.sql`,
    `with source as (\n    select * from {{ source('tpc', '${table}') }}\n),\n\nrenamed as (\n    select\n        ${columns.join(',\n        ')}\n    from source\n)\n\nselect * from renamed\n`,
  ];
});

/** A dbt project over TPC-H and TPC-DS tables as many write them: staging, marts of every kind of query, reports that use macros. */
export const warehouseProject: { [path: string]: string } = {
  ...Object.fromEntries(staging),
  ...Object.fromEntries(marts),
  'dbt_project.yml': `name: shop
version: "1.0"
profile: shop
vars:
  since: "1995-01-01"
  least: 10
  states: [O, F]
  with_returns: true
models:
  shop:
    staging:
      +materialized: view
      +schema: staging
    marts:
      +materialized: view
    reports:
      +materialized: table
      +tags: [reports]
`,
  'profiles.yml': `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: ":memory:", schema: main }
    prod: { type: duckdb, path: ":memory:", schema: core }
`,
  'macros/money.sql': `{% macro revenue(price, discount, places=2) -%}
  round({{ price }} * (1 - coalesce({{ discount }}, 0)), {{ places }})
{%- endmacro %}

{% macro share(part, whole) %}case when {{ whole }} = 0 then null else {{ part }} * 1.0 / {{ whole }} end{% endmacro %}

{% macro is_known(column) -%} {{ column }} is not null and {{ column }} <> '' {%- endmacro %}

{% macro newest(relation, key, order_by) %}
select * from (
    select *, row_number() over (partition by {{ key }} order by {{ order_by }}) as place
    from {{ relation }}
) as ranked
where place = 1
{% endmacro %}

{% macro sum_of(column, values, target) %}
  {%- for value in values %}
  sum(case when {{ column }} = '{{ value }}' then {{ target }} else 0 end) as {{ target }}_{{ value | lower }}
  {%- if not loop.last %},{% endif %}
  {%- endfor %}
{% endmacro %}
`,
  'models/sources.yml': `sources:
  - name: tpc
    schema: raw
    tables:
${tables.map((table) => `      - name: ${table}`).join('\n')}
`,
  'models/schema.yml': `models:
  - name: orders_by_state
    description: What each customer has ordered.
    config: { materialized: table }
    columns:
      - name: o_custkey
        data_tests: [not_null]
  - name: lines
    description: Lines with what they bring in.
  - name: latest_orders
    columns:
      - name: o_orderkey
        data_tests: [unique]
`,
  'models/reports/orders_by_state.sql': `select
    o_custkey,
    {{ sum_of('o_orderstatus', var('states'), 'o_totalprice') }},
    count(*) as orders
from {{ ref('stg_orders') }}
where o_orderdate >= date '{{ var("since") }}'
group by o_custkey
having count(*) >= 1
`,
  'models/reports/lines.sql': `{{ config(materialized='incremental', unique_key='l_orderkey', on_schema_change='append_new_columns') }}
select
    l.l_orderkey,
    l.l_linenumber,
    {{ revenue('l.l_extendedprice', 'l.l_discount') }} as revenue,
    {% if var('with_returns') -%}
    l.l_returnflag = 'R' as is_returned,
    {%- endif %}
    o.o_orderdate
from {{ ref('stg_lineitem') }} as l
inner join {{ ref('stg_orders') }} as o on o.o_orderkey = l.l_orderkey
where l.l_quantity > 0 and {{ is_known('l.l_returnflag') }}
{% if is_incremental() %}
  and o.o_orderdate > (select max(o_orderdate) from {{ this }})
{% endif %}
`,
  'models/reports/latest_orders.sql':
    "{{ newest(ref('stg_orders'), 'o_custkey', 'o_orderdate desc nulls last, o_orderkey') }}\n",
  'models/reports/customers.sql': `{%- set balances = ['low', 'high'] -%}
with latest as (
    select * from {{ ref('latest_orders') }}
),

customers as (
    -- one row for each
    select c_custkey, c_name, c_nationkey, c_acctbal from {{ ref('stg_customer') }}
)

select
    customers.c_custkey,
    customers.c_name,
    nation.n_name as nation,
    {%- for balance in balances %}
    case when customers.c_acctbal {{ '<' if balance == 'low' else '>=' }} {{ var('least') }} then 1 else 0 end as is_{{ balance }},
    {%- endfor %}
    {{ share('latest.o_totalprice', 'customers.c_acctbal') }} as weight
from customers
left join latest on latest.o_custkey = customers.c_custkey
left join {{ ref('stg_nation') }} as nation on nation.n_nationkey = customers.c_nationkey
`,
  'models/reports/nations.sql': `select nation, count(*) as customers, sum(is_high) as rich
from {{ ref('customers') }}
where nation is not null
group by 1
order by 2 desc, 1
limit {{ var('least') }}
`,
  'models/reports/everything.sql': `select 'orders' as kind, count(*) as n from {{ ref('stg_orders') }}
union all
select 'lines', count(*) from {{ ref('lines') }}
union all
select 'codes', count(*) from {{ ref('codes') }}
`,
  'models/reports/small.sql': `{{ config(materialized='ephemeral') }}
select o_orderkey, o_totalprice from {{ ref('stg_orders') }} where o_totalprice < {{ var('least') * 5 }}
`,
  'models/reports/of_small.sql': "select count(*) as n, sum(o_totalprice) as total from {{ ref('small') }}\n",
  'seeds/codes.csv': 'code,meaning,rate\nA,Accepted,1\nN,None,0.5\nR,Returned,\n',
  'seeds/seeds.yml': 'seeds:\n  - name: codes\n    config: { column_types: { rate: double } }\n',
  'snapshots/orders.sql': `{% snapshot orders_history %}
{{ config(strategy='check', unique_key='o_orderkey', check_cols=['o_orderstatus', 'o_totalprice']) }}
select o_orderkey, o_orderstatus, o_totalprice from {{ ref('stg_orders') }}
{% endsnapshot %}
`,
  'tests/no_negative_revenue.sql': "select * from {{ ref('lines') }} where revenue < 0\n",
};

/** Statements that make what the project reads. */
export function warehouseTables(seed: number): string[] {
  return [
    'create schema raw',
    ...tableStatements(seed).map((sql) => sql.replace(/^(create table|insert into) (\w+)/, '$1 raw.$2')),
  ];
}
