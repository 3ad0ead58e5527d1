import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from './measure.ts';

/** How many of each an estate has; `models` is a multiple of 50, as each folder of models has its own properties file. */
export type EstateSize = {
  models: number;
  dags: number;
  jobs: number;
  topics: number;
  contracts: number;
  stacks: number;
};

/** About 10,000 assets: models, their tests and sources, DAGs, jobs, topics with schemas, contracts, stacks. */
export const tenThousand: EstateSize = { models: 5000, dags: 250, jobs: 200, topics: 600, contracts: 300, stacks: 50 };

const perFolder = 50;

/** A small generator (mulberry32): the same seed makes the same estate. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The file that `changeEstate` edits. */
const changedModel = 'dbt/shop/models/area_50/model_2500.sql';

/** Writes an estate into an empty folder and commits it. */
export function writeEstate(root: string, size: EstateSize, seed = 1): void {
  const pick = seeded(seed);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('headgate.yaml', projectFile(size));
  for (const environment of ['dev', 'prod'])
    write(`environments/${environment}.yaml`, `environment: ${environment}\nvalues: { lake: s3://${environment} }\n`);
  writeDbt(write, size, pick);
  for (let at = 0; at < size.dags; at += 1) write(`airflow/dags/flow_${at}.py`, dagText(at, pick(size.models)));
  for (let at = 0; at < size.jobs; at += 1) write(`spark/job_${at}/main.py`, jobText(at, size));
  write('kafka/topics.yaml', topicsText(size));
  for (let at = 0; at < size.topics; at += 1) write(`kafka/schemas/topic_${at}-value.avsc`, schemaText(at));
  for (let at = 0; at < size.contracts; at += 1) write(`contracts/contract_${at}.odcs.yaml`, contractText(at));
  for (let at = 0; at < size.stacks; at += 1) write(`terraform/stack_${at}/main.tf`, stackText(at));
  git(root, ['init', '-q', '-b', 'main']);
  git(root, ['add', '--all']);
  git(root, [...identity, 'commit', '-q', '-m', 'estate']);
  git(root, ['gc', '-q']);
}

/** One more commit: a filter of one model is another. */
export function changeEstate(root: string): void {
  writeFileSync(join(root, changedModel), modelText(2500, [2400, 2300], 'amount > 10'));
  git(root, [...identity, 'commit', '-q', '-a', '-m', 'change one model']);
}

const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid'];

function git(root: string, argv: readonly string[]): void {
  runProgram(['git', ...argv], { cwd: root });
}

type Write = (path: string, text: string) => void;

function writeDbt(write: Write, size: EstateSize, pick: (below: number) => number): void {
  const profile = 'shop:\n  target: dev\n  outputs: { dev: { type: duckdb, path: shop.duckdb } }\n';
  write(
    'dbt/shop/dbt_project.yml',
    'name: shop\nversion: "1.0"\nprofile: shop\nmodels: { shop: { +materialized: view } }\n',
  );
  write('dbt/shop/profiles.yml', profile);
  write('dbt/shop/macros/cents.sql', '{% macro cents(column) %}({{ column }} / 100.0){% endmacro %}\n');
  for (let folder = 0; folder < size.models / perFolder; folder += 1) {
    const first = folder * perFolder;
    for (let at = first; at < first + perFolder; at += 1) {
      const above = at < perFolder ? [] : [pick(at), pick(at)];
      write(`dbt/shop/models/area_${folder}/model_${at}.sql`, modelText(at, above, 'amount > 0'));
    }
    write(`dbt/shop/models/area_${folder}/models.yml`, propertiesText(folder, first));
  }
}

function modelText(at: number, above: readonly number[], filter: string): string {
  const from =
    above.length === 0 ? [`{{ source('raw_0', 'table_${at % 3}') }}`] : above.map((one) => `{{ ref('model_${one}') }}`);
  const inputs = from.map(
    (one, index) => `input_${index} as (\n    select id, customer, amount, happened_at from ${one}\n)`,
  );
  const join = from.length === 2 ? '\n    left join input_1 on input_0.id = input_1.id' : '';
  return `-- Model ${at} of the estate.
with ${inputs.join(',\n')},

joined as (
    select
        input_0.id,
        input_0.customer,
        {{ cents('input_0.amount') }} as amount,
        input_0.happened_at
    from input_0${join}
    where input_0.${filter}
)

select
    id,
    customer,
    amount,
    happened_at,
    ${at} as origin
from joined
`;
}

function propertiesText(folder: number, first: number): string {
  const models = Array.from({ length: perFolder }, (_, index) => first + index).map(
    (at) =>
      `  - name: model_${at}\n    description: What happened, by customer (${at}).\n    columns:\n      - { name: id${at % 2 === 0 ? ', data_tests: [not_null]' : ''} }\n      - name: amount\n`,
  );
  const tables = [0, 1, 2].map((at) => `      - name: table_${at}\n`);
  return `version: 2\nsources:\n  - name: raw_${folder}\n    tables:\n${tables.join('')}models:\n${models.join('')}`;
}

function dagText(at: number, model: number): string {
  return `from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("flow_${at}", schedule="${at % 60} ${at % 24} * * *", start_date=datetime(2025, 1, 1), catchup=False) as dag:
    load = BashOperator(task_id="load", bash_command="echo load ${at}")
    build = BashOperator(
        task_id="build",
        bash_command="dbt build --project-dir dbt/shop --select model_${model}",
    )
    load >> build
`;
}

function jobText(at: number, size: EstateSize): string {
  return `from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("job_${at}").getOrCreate()
payments = spark.read.table("raw_${at}.table_0")
events = spark.read.format("kafka").option("subscribe", "topic_${at % size.topics}").load()
payments.join(events, "id").write.saveAsTable("lake.job_${at}")
`;
}

function topicsText(size: EstateSize): string {
  const topics = Array.from(
    { length: size.topics },
    (_, at) => `  topic_${at}: { partitions: 6, replication: 3, owner: team_${at % 9} }\n`,
  );
  return `topics:\n${topics.join('')}`;
}

function schemaText(at: number): string {
  const fields = ['id', 'customer', 'amount'].map((name) => ({ name, type: 'string' }));
  return `${JSON.stringify({ type: 'record', name: `Event${at}`, namespace: 'shop', fields }, null, 2)}\n`;
}

function contractText(at: number): string {
  return `apiVersion: v3.1.0
kind: DataContract
id: contract_${at}
name: contract_${at}
version: 1.0.0
status: active
servers: [{ server: lake, type: postgres, schema: lake }]
schema:
  - name: job_${at}
    properties:
      - { name: id, logicalType: string, required: true }
      - { name: amount, logicalType: integer }
`;
}

function stackText(at: number): string {
  return `provider "aws" {}\n\nresource "aws_s3_bucket" "lake" {\n  bucket = "lake-${at}"\n  tags   = { team = "team_${at % 9}" }\n}\n`;
}

function projectFile(size: EstateSize): string {
  const jobs = Array.from(
    { length: size.jobs },
    (_, at) => `    - { name: job_${at}, path: spark/job_${at}, main: main.py }\n`,
  );
  const stacks = Array.from(
    { length: size.stacks },
    (_, at) => `    - { name: stack_${at}, path: terraform/stack_${at} }\n`,
  );
  return `version: 1
project: estate
owner: data
environments: environments
values:
  lake: { type: string }
parts:
  airflow:
    - { name: main, dags: airflow/dags }
  dbt:
    - { name: shop, path: dbt/shop }
  kafka:
    - { name: events, path: kafka }
  contracts:
    - { name: all, path: contracts }
  spark:
${jobs.join('')}  terraform:
${stacks.join('')}assets:
  "dbt:model/shop.model_4999": { owner: finance, service-level: { every: 1d, within: 2h } }
`;
}
