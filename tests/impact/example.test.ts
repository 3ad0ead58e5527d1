import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runProgram } from '../../bench/measure.ts';
import { headgate } from '../checks/headgate.ts';

const example = fileURLToPath(new URL('../../examples/payments/', import.meta.url));
const home = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-impact-')));
const estate = join(home, 'estate');
const effect = z.enum(['none', 'compatible', 'unknown', 'breaking']);

/** The documented shape of `impact --json`; a key more or less fails. */
const Told = z.strictObject({
  base: z.string().regex(/^[0-9a-f]{40}$/),
  head: z.string().nullable(),
  asked: z.string(),
  compared: z.string(),
  changed: z.array(
    z.strictObject({
      ...{ key: z.string(), effect, because: z.string().min(1) },
      columns: z
        .array(z.strictObject({ name: z.string(), change: z.enum(['added', 'removed', 'changed']) }))
        .nullable(),
    }),
  ),
  reached: z.array(
    z.strictObject({
      ...{
        key: z.string(),
        effect,
        because: z.string().min(1),
        via: z.array(z.string()).min(2),
        owner: z.string().nullable(),
      },
      serviceLevel: z
        .strictObject({ every: z.string().nullable(), within: z.string().nullable(), by: z.string().nullable() })
        .nullable(),
    }),
  ),
  findings: z.array(z.looseObject({ check: z.string(), path: z.string().nullable(), status: z.string() })),
});

function git(...argv: string[]): void {
  runProgram(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...argv], { cwd: estate });
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(join(estate, path), change(readFileSync(join(estate, path), 'utf8')));
}

async function told(...args: string[]) {
  const ended = await headgate(estate, ['impact', '--json', ...args], { HEADGATE_CACHE: join(home, 'cache') });
  assert.equal(ended.status, 0, ended.err + ended.out);
  return Told.parse(JSON.parse(ended.out));
}

function effects(all: readonly { key: string; effect: string }[]): { [key: string]: string } {
  return Object.fromEntries(all.map((one) => [one.key, one.effect]));
}

before(() => {
  cpSync(example, estate, { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', '--all');
  git('commit', '-q', '-m', 'estate');
});
beforeEach(() => {
  git('reset', '-q', '--hard');
  git('clean', '-qfd');
});
after(() => rmSync(home, { recursive: true, force: true }));

test('nothing that differs is no asset that changes', async () => {
  const { changed, reached, findings } = await told();
  assert.deepEqual([changed, reached, findings], [[], [], []]);
});

test('the good change is told layer by layer, with whom it reaches', async () => {
  cpSync(join(example, 'changes/good/files'), estate, { recursive: true });
  const { changed, reached } = await told('--base', 'main');
  assert.deepEqual(Object.keys(effects(changed)).sort(), [
    'airflow:dag/payments_daily',
    'dbt:model/shop.method_daily',
    'spark:job/settle',
  ]);
  const model = changed.find(({ key }) => key === 'dbt:model/shop.method_daily');
  assert.deepEqual([model?.effect, model?.columns], ['compatible', [{ name: 'captured_share', change: 'added' }]]);
  const table = reached.find(({ key }) => key === 'warehouse:table/raw.settlements');
  assert.deepEqual(table?.via, ['spark:job/settle', 'warehouse:table/raw.settlements']);
  const hourly = reached.find(({ key }) => key === 'airflow:dag/settle_hourly');
  assert.deepEqual([hourly?.owner, hourly?.serviceLevel?.within], ['payments', '45m']);
});

test('a field that the job writes under another name is breaking, down to the reconciliation', async () => {
  cpSync(join(example, 'changes/fails-at-run/files'), estate, { recursive: true });
  const { changed, reached, findings } = await told();
  assert.deepEqual(effects(changed), { 'spark:job/settle': 'breaking' });
  assert.equal(effects(reached)['dbt:model/shop.fct_settlement_reconciliation'], 'breaking');
  assert.equal(effects(reached)['airflow:dag/payments_daily'], 'breaking');
  assert.deepEqual(
    findings.map(({ check, path }) => [check, path]),
    [['impact-loose-file', 'spark/tests/test_settlement.py']],
  );
});

test('comments, layout and moved files everywhere are none, and reach nobody', async () => {
  edit('airflow/dags/payments_daily.py', (text) => `# why\n${text}`);
  edit('airflow/include/payments/warehouse.py', (text) => `${text}\n# the end\n`);
  edit('dbt/shop/models/marts/fct_payments.sql', (text) => `-- why\n${text}`);
  git('mv', 'dbt/shop/models/marts/fct_refunds.sql', 'dbt/shop/models/intermediate/fct_refunds.sql');
  edit('spark/jobs/settle/settlement.py', (text) => `${text}\n# the end\n`);
  edit('kafka/topics.yaml', (text) => text.replace('Refunds, keyed', 'All refunds, keyed'));
  edit('contracts/payments.odcs.yaml', (text) => text.replace('What has to be settled', 'All that has to be settled'));
  edit('terraform/lake/main.tf', (text) =>
    text.replace('  bucket = var.lake_bucket', '  bucket     =   var.lake_bucket # lake'),
  );
  const { changed, reached } = await told();
  assert.deepEqual(
    changed.filter((one) => one.effect !== 'none' && !one.key.includes('fct_refunds')),
    [],
  );
  assert.deepEqual(
    reached.filter(({ via }) => !via[0]?.includes('fct_refunds')),
    [],
  );
});

test('what an environment gives counts like code, with the address of what uses it', async () => {
  edit('environments/prod.yaml', (text) => text.replace(/lake_bucket: .*/, 'lake_bucket: another-lake'));
  const { changed } = await told();
  const stack = changed.find(({ key }) => key === 'terraform:stack/lake');
  assert.equal(stack?.effect, 'breaking');
  assert.match(stack?.because ?? '', /lake_bucket.*aws_s3_bucket\.lake/);
});

test('a project that is new is new in all its parts; one that is gone is gone', async () => {
  git('rm', '-q', '-r', '--cached', '.');
  git('commit', '-q', '--allow-empty', '-m', 'none');
  const fresh = await told('--base', 'HEAD');
  assert.deepEqual([...new Set(fresh.changed.map((one) => one.effect))], ['compatible']);
  const gone = await told('--base', 'HEAD~1', '--head', 'HEAD');
  assert.equal(effects(gone.changed)['dbt:model/shop.fct_payments'], 'breaking');
  git('reset', '-q', '--hard', 'HEAD~1');
});

test('--fail-on says no with 1, a revision that is not there is wrong use', async () => {
  edit('kafka/topics.yaml', (text) => text.replace('partitions: 12', 'partitions: 6'));
  const refused = await headgate(estate, ['impact', '--fail-on', 'breaking']);
  assert.equal(refused.status, 1, refused.err);
  assert.match(refused.out, /breaking +kafka:topic\/payments +Its partitions go from 12 to 6/);
  const unknown = await headgate(estate, ['impact', '--base', 'mian', '--json']);
  assert.equal(unknown.status, 2);
  assert.match(unknown.out, /"git-revision-unknown"[\s\S]*Did you mean `main`/);
});

test('lineage follows edges of all kinds up and down, and names the nearest key for one that is not there', async () => {
  const up = await headgate(estate, ['lineage', 'dbt:model/shop.method_daily', '--up', '--json']);
  assert.equal(up.status, 0, up.err);
  const found = z.looseObject({
    up: z.array(z.looseObject({ key: z.string(), distance: z.number() })),
    down: z.null(),
  });
  const keys = found.parse(JSON.parse(up.out)).up.map(({ key, distance }) => `${distance} ${key}`);
  assert.ok(keys.includes('1 dbt:model/shop.fct_payments'));
  assert.ok(keys.includes('5 warehouse:table/raw.payments'), keys.join('\n'));
  const wrong = await headgate(estate, ['lineage', 'dbt:model/shop.method_dayly']);
  assert.deepEqual([wrong.status, /Did you mean `dbt:model\/shop\.method_daily`/.test(wrong.err)], [2, true]);
});

test('one more environment changes nothing for anybody; a first one neither', async () => {
  const prod = readFileSync(join(estate, 'environments/prod.yaml'), 'utf8');
  writeFileSync(join(estate, 'environments/qa.yaml'), prod.replace('environment: prod', 'environment: qa'));
  const added = await told('--base', 'HEAD');
  assert.deepEqual(
    [...Object.values(effects(added.changed)), ...added.reached].filter((one) => one !== 'none'),
    [],
  );
  rmSync(join(estate, 'environments'), { recursive: true });
  rmSync(join(estate, 'headgate.yaml'));
  git('commit', '-qam', 'without Headgate');
  git('checkout', '-q', 'HEAD~1', '--', '.');
  const joined = await told('--base', 'HEAD');
  git('reset', '-q', '--hard', 'HEAD~1');
  assert.deepEqual(
    [...Object.values(effects(joined.changed)), ...joined.reached].filter((one) => one !== 'none'),
    [],
  );
});
