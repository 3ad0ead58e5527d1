/** What each file of the estate may say; null: it is not there. The first is what the series begins with. */
export const sayings: { [path: string]: readonly (string | null)[] } = {
  'headgate.yaml': [
    headgate(''),
    headgate('assets: { "dbt:model/shop.paid": { owner: finance } }\n'),
    headgate('assets: { "airflow:*": { owner: flows, service-level: { every: 1d } } }\n'),
    headgate('ignore: ["extra/**", "dbt/models/other/**"]\n'),
    headgate('').replace('default: lake-a', 'default: lake-b'),
    headgate('').replace('  spark: [{ name: settle, path: spark/settle, main: main.py }]\n', ''),
    headgate('').replace('name: events', 'name: facts'),
    'parts: [',
    null,
  ],
  'environments/dev.yaml': ['environment: dev\nvalues: { limit: 1 }\n', 'environment: dev\nvalues: { limit: 2 }\n'],
  'environments/prod.yaml': [
    'environment: prod\nafter: dev\nvalues: { limit: 9 }\n',
    'environment: prod\nafter: dev\nvalues: { limit: 7, lake: lake-p }\n',
    null,
  ],
  'dbt/dbt_project.yml': [
    'name: shop\nvars: { from: 3 }\n',
    'name: shop\nvars: { from: 4 }\n',
    'name: shop\nvars: { from: 3 }\nmodels: { shop: { other: { +materialized: table } } }\n',
    'name: shop\nvars: { from: 3 }\nmodels: { shop: { other: { +enabled: "{{ var(\'from\') == 3 }}" } } }\n',
  ],
  'dbt/packages.yml': [null, 'packages: [{ local: ../package }]\n'],
  'package/dbt_project.yml': [null, 'name: lent\n'],
  'package/macros/lent.sql': ['{% macro lent() %}1{% endmacro %}', '{% macro lent() %}2{% endmacro %}'],
  'dbt/macros/cents.sql': [
    '{% macro cents(a) %}{{ a }} / 100{% endmacro %}',
    '{% macro cents(a) %}{# why #}{{ a }} / 100{% endmacro %}',
    '{% macro cents(a) %}{{ a }} / 10{% endmacro %}',
    "{% macro cents(a) %}{{ a }} / (select 1 from {{ ref('rates') }}){% endmacro %}",
  ],
  'dbt/models/raw.sql': [
    "select id, amount, at from {{ source('in', 't') }}",
    "-- where it comes from\nselect id, amount, at from {{ source('in', 't') }}",
    "select id, amount, at, 1 as more from {{ source('in', 't') }}",
    "select id, amount, at from {{ source('in', 'u') }}",
    'select 1 as id, 2 as amount, 3 as at',
    null,
  ],
  'dbt/models/paid.sql': [
    "select id, {{ cents('amount') }} as amount from {{ ref('raw') }} where amount > {{ var('from') }}",
    "select id, {{ cents('amount') }} as amount from {{ ref('raw') }} where amount > {{ var('from') }} -- paid",
    "select id, {{ cents('amount') }} as amount from {{ ref('raw') }}",
    "select r.id, r.amount from {{ ref('raw') }} r join {{ ref('rates') }} using (id)",
    "select id, amount from {{ ref('gone') }}",
    "{{ config(materialized='table') }} select id, amount from {{ ref('raw') }}",
    '{{ config(enabled=false) }} select 1 as id',
    "select {{ graph.nodes | length }} as id from {{ ref('raw') }}",
    "select id from {{ ref(var('which')) }}",
  ],
  'dbt/models/sum.sql': [
    "select sum(amount) as total from {{ ref('paid') }}",
    "select sum(amount) as  total from {{ ref('paid') }}",
    "select count(*) as total from {{ ref('paid') }}",
    "select * from {{ ref('paid') }}",
  ],
  'dbt/models/other/late.sql': [
    "select * from {{ ref('sum') }}",
    "select * from {{ ref('kept') }}",
    "select {{ cents('total') }} as total from {{ ref('sum') }}",
    null,
  ],
  'dbt/models/other/paid.sql': [null, '{{ config(enabled=false) }} select 2 as id', 'select 3 as id'],
  'dbt/models/flat.py': [
    "def model(dbt, session):\n    return dbt.ref('raw')\n",
    "def model(dbt, session):\n    # all\n    return dbt.ref('raw')\n",
    "def model(dbt, session):\n    return dbt.ref('paid')\n",
    'nothing = 1\n',
  ],
  'dbt/models/schema.yml': [
    'sources: [{ name: in, tables: [{ name: t }, { name: u }] }]\nmodels: [{ name: paid, columns: [{ name: id, tests: [unique] }] }]\n',
    '# said of it\nsources: [{ name: in, tables: [{ name: t }, { name: u }] }]\nmodels: [{ name: paid, columns: [{ name: id, tests: [unique] }] }]\n',
    'sources: [{ name: in, schema: s, tables: [{ name: t }] }]\nmodels: [{ name: paid, description: paid, columns: [{ name: id }] }]\n',
    'sources: [{ name: in, tables: [{ name: t }, { name: u }] }]\nmodels: [{ name: sum, config: { materialized: table, meta: { owner: sums } } }]\n',
    'models: [',
  ],
  'dbt/snapshots/kept.sql': [
    "{% snapshot kept %}{{ config(unique_key='id') }} select * from {{ ref('paid') }}{% endsnapshot %}",
    "{% snapshot kept %}{{ config(unique_key='id') }} select id from {{ ref('paid') }}{% endsnapshot %}",
    "{% snapshot kept %}{{ config(unique_key='id') }} select * from {{ ref('raw') }}{% endsnapshot %}",
  ],
  'dbt/seeds/rates.csv': ['id,b\n1,2\n', 'id,b\n1,3\n', 'id\n1\n', null],
  'dbt/tests/positive.sql': [
    "select * from {{ ref('paid') }} where amount < 0",
    "select * from {{ ref('paid') }} where amount < 1",
    "select * from {{ ref('sum') }}",
  ],
  'dags/daily.py': [
    dag('daily', '@daily', 'dbt build --project-dir dbt --select paid+'),
    `# Each day.\n${dag('daily', '@daily', 'dbt build --project-dir dbt --select paid+')}`,
    dag('daily', '@hourly', 'dbt build --project-dir dbt --select paid+'),
    dag('daily', '@daily', 'dbt run --project-dir dbt --select +sum'),
    dag('daily', '@daily', 'dbt build --project-dir dbt'),
    null,
  ],
  'dags/extra.py': [null, dag('extra', '@daily', 'echo'), dag('daily', '@daily', 'echo')],
  'dags/shared/words.py': ["word = 'a'\n", "word = 'b'\n", "# said\nword = 'a'\n"],
  'spark/settle/main.py': [job('raw.t'), job('raw.u'), `${job('raw.t')}# done\n`],
  'kafka/topics.yaml': ['topics: { orders: { partitions: 6 } }\n', 'topics: { orders: { partitions: 3 } }\n'],
  'kafka/orders-value.avsc': [schema('string'), schema('int'), `${schema('string')}\n`],
  'terraform/main.tf': [stack('a'), `# lake\n${stack('a')}`, stack('b')],
  'extra/readme.txt': ['one', 'two', null],
};

function headgate(more: string): string {
  return `version: 1
project: estate
owner: data
environments: environments
values: { limit: { type: integer, default: 5 }, lake: { type: string, default: lake-a } }
${more}parts:
  airflow: [{ name: main, dags: dags }]
  dbt: [{ name: shop, path: dbt, vars: { limit: "\${values.limit}" } }]
  spark: [{ name: settle, path: spark/settle, main: main.py }]
  kafka: [{ name: events, path: kafka }]
  terraform: [{ name: lake, path: terraform, variables: { bucket: "\${values.lake}" } }]
`;
}

function dag(id: string, schedule: string, command: string): string {
  return `from airflow import DAG
from airflow.operators.bash import BashOperator

from shared.words import word

with DAG("${id}", schedule="${schedule}", doc_md=word):
    BashOperator(task_id="work", bash_command="${command}")
`;
}

function job(table: string): string {
  return `from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
spark.read.table("${table}").write.saveAsTable("lake.settled")
`;
}

function schema(type: string): string {
  return JSON.stringify({ type: 'record', name: 'Order', fields: [{ name: 'id', type }] });
}

function stack(name: string): string {
  return `variable "bucket" {}\nresource "aws_s3_bucket" "${name}" {\n  bucket = var.bucket\n}\n`;
}
