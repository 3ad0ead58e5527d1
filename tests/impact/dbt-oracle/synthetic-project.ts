/** A dbt project that uses most of what dbt lets a project decide, by the paths of its files. */
export const syntheticProject: { [path: string]: string } = {
  'dbt_project.yml': `name: shop
version: "1.0"
profile: shop
vars:
  days: 7
  currency: EUR
  nothing: null
  strict: true
  methods: [card, cash, voucher]
  limits: { low: 10, high: 100 }
  shop:
    region: north
  tools:
    unit: cent
models:
  shop:
    +materialized: view
    marts:
      +materialized: table
      +schema: marts
      +post-hook: "{{ grant_to('reader') }}"
      finance:
        +tags: [finance]
        +on_schema_change: append_new_columns
    staging:
      +alias: null
snapshots:
  shop:
    +schema: history
seeds:
  shop:
    +quote_columns: false
    rates:
      +column_types: { rate: double }
dispatch:
  - macro_namespace: tools
    search_order: [shop, tools]
`,
  'profiles.yml': `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: ":memory:", schema: main }
    prod: { type: duckdb, path: ":memory:", schema: core }
`,
  'packages.yml': 'packages:\n  - local: dbt_packages/tools\n',
  'dbt_packages/tools/dbt_project.yml': 'name: tools\nversion: "1.0"\nvars:\n  unit: cent\n',
  'dbt_packages/tools/macros/units.sql': `{% macro to_units(column, scale=100) %}
  {{ return(adapter.dispatch('to_units', 'tools')(column, scale)) }}
{% endmacro %}
{% macro default__to_units(column, scale) %}({{ column }} / {{ scale }}){% endmacro %}
{% macro surrogate(columns) %}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- do parts.append("coalesce(cast(" ~ column ~ " as varchar), '')") -%}
  {%- endfor -%}
  md5({{ parts | join(" || '-' || ") }})
{% endmacro %}
`,
  'macros/money.sql': `{# Amounts are in minor units. #}
{% macro major(column, digits=2) -%}
  round({{ column }} / {{ scale_of(var('currency')) }}.0, {{ digits }})
{%- endmacro %}

{% macro scale_of(currency) -%}
  {%- if currency == 'JPY' -%} 1 {%- elif currency in ['KWD', 'BHD'] -%} 1000 {%- else -%} 100 {%- endif -%}
{%- endmacro %}

{% macro in_range(column, low=var('limits')['low'], high=none) %}
  {{ column }} >= {{ low }}{% if high is not none %} and {{ column }} < {{ high }}{% endif %}
{% endmacro %}
`,
  'macros/grants.sql': `{% macro grant_to(role) %}{% if target.name == 'prod' %}grant select on {{ this }} to {{ role }}{% else %}select 1{% endif %}{% endmacro %}
`,
  'macros/generate_schema_name.sql': `{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%} {{ target.schema }}
  {%- elif target.name == 'prod' -%} {{ custom_schema_name | trim }}
  {%- else -%} {{ target.schema }}_{{ custom_schema_name | trim }}
  {%- endif -%}
{%- endmacro %}
`,
  'macros/late.sql': `{% macro late(column, days=none) %}
  {% set back = days or var('days') %}
  {{ column }} > (select max({{ column }}) - {{ back }} from {{ this }})
{% endmacro %}

{% macro pivot(column, values, prefix='') %}
  {% for value in values %}
  sum(case when {{ column }} = '{{ value }}' then amount end) as {{ prefix }}{{ value }}_amount{{ ',' if not loop.last }}
  {% endfor %}
{% endmacro %}

{% macro fee_card(column) %}{{ column }} * 0.02{% endmacro %}
{% macro fee_cash(column) %}{{ column }} * 0{% endmacro %}
{% macro fee_of(kind, column) %}{{ context['fee_' ~ kind](column) }}{% endmacro %}
{% macro wrapped(name) %}({{ caller() }} + {{ name }}){% endmacro %}
{% macro methods() %}{{ return(['card', 'cash']) }}{% endmacro %}
`,
  'macros/shop__to_units.sql': '{% macro duckdb__surrogate_tail(x) %}{{ x }}{% endmacro %}\n',
  'models/sources.yml': `sources:
  - name: raw
    schema: landing
    loader: airflow
    tables:
      - name: orders
        description: All orders.
        columns: [{ name: id, data_tests: [not_null] }]
      - name: customers
        identifier: t_customers
      - name: events
        schema: events
        config: { enabled: true }
  - name: other
    database: memory
    schema: "{{ 'o_' ~ var('region') }}"
    tables: [{ name: fees }]
`,
  'models/schema.yml': `models:
  - name: stg_orders
    description: Orders as they came.
    columns:
      - name: id
        description: The key.
        data_tests: [unique, not_null]
      - name: status
        data_tests:
          - accepted_values: { arguments: { values: [paid, open] } }
  - name: stg_customers
    config: { materialized: view, tags: [daily] }
  - name: orders
    config:
      contract: { enforced: true }
      grants: { select: [reader] }
    columns:
      - { name: id, data_type: integer }
      - { name: amount, data_type: double }
      - { name: day, data_type: date }
  - name: terms
    latest_version: 1
    config: { materialized: table }
    columns: [{ name: a, data_type: integer }]
    versions:
      - v: 1
      - v: 2
        config: { materialized: view, alias: terms_two }
        columns: [{ include: all }, { name: b }]
  - name: flagged
    config: { enabled: "{{ var('strict') }}" }
seeds:
  - name: rates
    description: Rates.
exposures:
  - { name: board, type: dashboard, owner: { name: finance, email: f@example.com }, depends_on: [ref('orders')] }
`,
  'models/staging/stg_orders.sql': `select
    id,
    customer_id,
    amount,
    method, -- how it was paid
    status,
    day
from {{ source('raw', 'orders') }}
where status <> 'void'
`,
  'models/staging/stg_customers.sql': `with found as (
    select id, name, {{ tools.to_units('credit') }} as credit
    from {{ source('raw', 'customers') }}
)
select * from found
{% if target.name == 'dev' %} limit {{ var('limits').high }} {% endif %}
`,
  'models/staging/stg_events.sql': `{{ config(materialized='ephemeral') }}
select id, kind, "at" from {{ source('raw', 'events') }} where kind != '{{ var("skipped", "test") }}'
`,
  'models/marts/orders.sql': `{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert', on_schema_change='fail') }}
select id, cast({{ major('amount') }} as double) as amount, day
from {{ ref('stg_orders') }}
{% if is_incremental() %}
where {{ late('day') }}
{% endif %}
`,
  'models/marts/by_method.sql': `{% set methods = ['card', 'cash'] %}
{%- set unit -%} {{ var('currency') | lower }} {%- endset %}
select day, '{{ unit }}' as unit
{%- for method in methods %}
  , sum(case when method = '{{ method }}' then amount end) as {{ method }}_amount
{%- endfor %}
from {{ ref('stg_orders') }}
group by day
`,
  'models/marts/by_var.sql': `select day,
  {{ pivot('method', var('methods'), prefix='m_') }}
from {{ ref('stg_orders') }}
where {{ in_range('amount') }}
group by day
`,
  'models/marts/keyed.sql': `select {{ tools.surrogate(['id', 'day']) }} as key, id, {{ tools.to_units('amount', scale=1000) }} as amount
from {{ ref('stg_orders') }} o join {{ ref('stg_events') }} e using (id)
`,
  'models/marts/finance/fees.sql': `{{ config(alias='fees_' ~ var('region'), pre_hook=["{{ grant_to('loader') }}"]) }}
{%- set kinds = methods() %}
select id
  {%- for kind in kinds if kind != 'none' %}, {{ fee_of(kind, 'amount') }} as {{ kind }}_fee{% endfor %}
  , {{ "'" ~ var('nothing', 'x') ~ "'" }} as mark
from {{ ref('orders') }}
`,
  'models/marts/finance/sums.sql': `{%- set total = namespace(value=0) -%}
{%- for low in [1, 2, 3] -%}{%- set total.value = total.value + low -%}{%- endfor -%}
{%- set keys = {'a': 1, 'b': 2} -%}
select {{ total.value }} as total,
{% for name, value in keys.items() %}{{ value }} as {{ name }}, {% endfor %}
{% call wrapped(3) %} 1 + {{ var('days') * 2 }} {% endcall %} as called,
{% raw %}'{{ kept }}'{% endraw %} as kept
from {{ ref('rates') }}
`,
  'models/marts/finance/listed.sql': `select '{{ model.name }}' as me, '{{ this.schema }}' as place, {{ 3 // 2 }} as n
`,
  'models/terms_v1.sql': 'select 1 as a\n',
  'models/terms_v2.sql': 'select 1 as a, 2 as b\n',
  'models/reader.sql': "select a from {{ ref('terms') }}\n",
  'models/pinned.sql':
    "select a from {{ ref('terms', v=1) }} union all select a from {{ ref('shop', 'terms', version=2) }}\n",
  'models/flagged.sql':
    "{%- if var('strict') and not flags.FULL_REFRESH -%} select 1 as one {%- else -%} select 2 as one {%- endif -%}\n",
  'models/fees_of.sql': "select * from {{ source('other', 'fees') }} where region = '{{ var('region', 'south') }}'\n",
  'snapshots/orders_history.sql': `{% snapshot orders_history %}
{{ config(strategy='check', unique_key='id', check_cols=['amount', 'status']) }}
select id, amount, status from {{ ref('stg_orders') }}
{% endsnapshot %}
`,
  'snapshots/customers.yml': `snapshots:
  - name: customers_history
    relation: ref('stg_customers')
    config: { strategy: check, unique_key: id, check_cols: all }
`,
  'seeds/rates.csv': 'currency,rate\nEUR,1\nUSD,0.9\n',
  'seeds/regions.csv': 'region\nnorth\nsouth\n',
  'tests/positive.sql': "select * from {{ ref('orders') }} where amount < 0\n",
  'tests/generic/not_negative.sql':
    '{% test not_negative(model, column_name) %} select * from {{ model }} where {{ column_name }} < 0 {% endtest %}\n',
};
