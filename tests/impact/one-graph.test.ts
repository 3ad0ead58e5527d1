import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellImpact } from '../../src/workflows/impact/tell-impact.ts';
import { traceLineage } from '../../src/workflows/impact/trace-lineage.ts';
import { type GitFolder, inRepository } from '../estate/git-folder.ts';

const spark = `from pyspark.sql import SparkSession
from pyspark.sql import functions as F
spark = SparkSession.builder.getOrCreate()
`;

/** One path through every layer: topic, stream, table, model, Spark job, table, source, model, exposure, and who runs and makes them. */
const estate: { [path: string]: string } = {
  'headgate.yaml': `version: 1
project: one
values:
  lake_root: { type: string }
  day: { type: string, default: "1" }
parts:
  airflow: [{ name: main, dags: dags }]
  dbt: [{ name: shop, path: dbt, vars: { since: "\${values.day}" } }]
  spark:
    - { name: score, path: jobs/score, main: score.py }
    - { name: hidden_job, path: jobs/hidden, main: hidden.py }
  streaming: [{ name: intake, path: streams, main: intake.py, args: ["--lake", "\${values.lake_root}"] }]
  kafka: [{ name: topics, path: kafka }]
  contracts: [{ name: promised, path: contracts }]
  terraform: [{ name: lake, path: terraform }]
  openlineage: [{ name: seen, path: lineage }]
`,
  'environments/prod.yaml': 'environment: prod\nvalues: { lake_root: "s3://prod-lake" }\n',
  'dags/daily.py': `from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("daily", schedule="@daily"):
    BashOperator(task_id="score", bash_command="headgate-run spark score")
`,
  'streams/intake.py': `${spark}raw = spark.readStream.format("kafka").option("subscribe", "payments").load()
raw.select(F.col("value").alias("id"), F.col("timestamp").alias("at")).writeStream.queryName("intake").option("checkpointLocation", "/c").toTable("raw.payments")
`,
  'kafka/topics.yaml': 'topics: { payments: { partitions: 3, replication: 1, schemas: { value: money.avsc } } }\n',
  'kafka/money.avsc': '{"type":"record","name":"M","fields":[{"name":"id","type":"string"}]}',
  'terraform/main.tf': 'resource "kafka_topic" "payments" {\n  name       = "payments"\n  partitions = 3\n}\n',
  'dbt/dbt_project.yml': 'name: shop\nmodels: { shop: { marts: { +schema: marts } } }\n',
  'dbt/models/sources.yml':
    'sources:\n  - name: raw\n    tables: [{ name: payments }]\n  - name: scores\n    tables: [{ name: risk }]\nexposures:\n  - { name: board, type: dashboard, owner: { name: finance }, depends_on: ["ref(\'risk_daily\')"] }\n',
  'dbt/models/marts/facts.sql':
    "select id, at, {{ cents('1') }} as cents, 2 as spare from {{ source('raw', 'payments') }} where at > '{{ var('since') }}'\n",
  'dbt/models/risk_daily.sql': "select id, score from {{ source('scores', 'risk') }}\n",
  'dbt/macros/m.sql': '{% macro cents(x) %}{{ x }} * 100{% endmacro %}\n',
  'jobs/score/score.py': `${spark}facts = spark.table("analytics_marts.facts").where("cents > 0")
facts.select("id", (F.col("cents") / 100).alias("score")).write.mode("overwrite").saveAsTable("scores.risk")
`,
  'jobs/hidden/hidden.py': 'import loader\nloader.run_everything()\n',
  'contracts/facts.yaml':
    'kind: DataContract\napiVersion: v3.1.0\nid: facts\nservers: [{ server: w, type: postgres, schema: analytics_marts }]\nschema: [{ name: facts }]\n',
  'lineage/events.jsonl': `${JSON.stringify({
    eventType: 'COMPLETE',
    eventTime: '2025-06-02T10:00:00Z',
    run: { runId: 'r' },
    job: { namespace: 'prod', name: 'hidden_job.execute_insert' },
    producer: 'https://example.org',
    inputs: [{ namespace: 'postgres://h:1', name: 'dw.scores.risk' }],
    outputs: [
      {
        ...{ namespace: 's3://prod-lake', name: 'gold/risk' },
        facets: {
          columnLineage: {
            fields: {
              level: { inputFields: [{ namespace: 'postgres://h:1', name: 'dw.scores.risk', field: 'score' }] },
            },
          },
        },
      },
    ],
  })}\n`,
};

async function inEstate(act: (folder: GitFolder) => Promise<void>): Promise<void> {
  await inRepository(async (folder) => {
    folder.commit(estate);
    await act(folder);
  });
}

test('one path goes through all layers, with who runs, makes, describes and sets them up', async () => {
  await inEstate(async ({ root }) => {
    const trace = async (key: string) =>
      traceLineage(root, { key, directions: ['up', 'down'], column: null, depth: null });
    const up = (await trace('dbt:exposure/shop.board')).up?.map(({ key }) => key) ?? [];
    assert.deepEqual(
      [...up].sort(),
      [
        'airflow:dag/daily',
        'dbt:macro/shop.cents',
        'dbt:model/shop.facts',
        'dbt:model/shop.risk_daily',
        'dbt:source/shop.raw.payments',
        'dbt:source/shop.scores.risk',
        'kafka:schema/money',
        'kafka:topic/payments',
        'spark:job/score',
        'streaming:query/intake',
        'terraform:resource/lake.kafka_topic.payments',
        'terraform:stack/lake',
        'value:day',
        'value:lake_root',
        'warehouse:table/analytics_marts.facts',
        'warehouse:table/raw.payments',
        'warehouse:table/scores.risk',
        'contract:facts',
      ].sort(),
    );
    const down = (await trace('warehouse:table/scores.risk')).down?.map(({ key }) => key) ?? [];
    assert.ok(down.includes('storage:path/s3://prod-lake/gold/risk' as never), down.join(' '));
  });
});

test('a column is followed from an exposure’s model through Spark into dbt, and through a job that was only seen', async () => {
  await inEstate(async ({ root }) => {
    const found = await traceLineage(root, {
      ...{ key: 'dbt:model/shop.facts', directions: ['down'], column: 'cents', depth: null },
    });
    const steps =
      found.columns?.map(({ from, to, how }) => `${from.key} ${from.column} ${how} ${to.key} ${to.column}`) ?? [];
    for (const step of [
      'dbt:model/shop.facts cents value warehouse:table/analytics_marts.facts cents',
      'warehouse:table/analytics_marts.facts cents value spark:job/score score',
      'warehouse:table/analytics_marts.facts cents rows spark:job/score *',
      'spark:job/score score value warehouse:table/scores.risk score',
      'warehouse:table/scores.risk score value dbt:source/shop.scores.risk score',
      'dbt:source/shop.scores.risk score value dbt:model/shop.risk_daily score',
      'warehouse:table/scores.risk score value spark:job/hidden_job level',
      'spark:job/hidden_job level value storage:path/s3://prod-lake/gold/risk level',
    ])
      assert.ok(steps.includes(step), `${step} is not in\n${steps.join('\n')}`);
  });
});

test('a change of a column reaches a Spark job that reads it, and none that does not', async () => {
  await inEstate(async ({ root, write }) => {
    const facts = estate['dbt/models/marts/facts.sql'] ?? '';
    const reach = async (text: string) => {
      write({ 'dbt/models/marts/facts.sql': text });
      const { impact } = await tellImpact(root, { base: 'main', head: null });
      return new Map(impact.reached.map(({ key, effect }) => [String(key), effect]));
    };
    const spare = await reach(facts.replace('2 as spare', '3 as spare'));
    assert.equal(spare.get('spark:job/score') ?? 'none', 'none');
    assert.equal(spare.get('dbt:exposure/shop.board') ?? 'none', 'none');
    const cents = await reach(facts.replace("cents('1')", "cents('2')"));
    assert.equal(cents.get('spark:job/score'), 'breaking');
    assert.equal(cents.get('dbt:exposure/shop.board'), 'breaking');
    assert.equal(cents.get('spark:job/hidden_job'), 'breaking');
    assert.equal(cents.get('contract:facts'), 'breaking');
    assert.equal(cents.get('airflow:dag/daily'), 'breaking');
  });
});
