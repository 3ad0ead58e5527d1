import assert from 'node:assert/strict';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { s3Store } from '../../src/targets/release-home/s3-store.ts';
import { type Moto, startMoto } from '../s3/moto.ts';
import { type Project, releaseOf } from './estate.ts';
import { type Rig, startRig } from './rig.ts';

let [moto, rig]: [Moto | null, Rig | null] = [null, null];
let syncing: { stop(): Promise<void> } | null = null;
before(async () => {
  moto = await startMoto();
  rig = await startRig({ provider: 's3', ...moto.place, 'sync-seconds': 5 });
  syncing = await keepSyncing(moto, rig.stack.dags);
});
after(async () => {
  await syncing?.stop();
  await rig?.stop();
  await moto?.stop();
});

/** Brings what is in S3 to a folder, as MWAA does: again and again, file by file, in no order (stubs often before their parts). */
async function keepSyncing({ place }: Moto, folder: string): Promise<{ stop(): Promise<void> }> {
  const store = await s3Store({ ...place, prefix: '' });
  const have = new Map<string, string>();
  let going = true;
  const work = (async () => {
    while (going) {
      const paths = (await store.list('dags')).sort(() => Math.random() - 0.5);
      for (const path of paths) {
        const file = await store.read(path);
        if (file === null || have.get(path) === file.version) continue;
        const to = join(folder, path.slice('dags/'.length));
        await mkdir(dirname(to), { recursive: true });
        await writeFile(`${to}.syncing`, file.bytes);
        await rename(`${to}.syncing`, to);
        have.set(path, file.version);
        await sleep(150);
      }
      await sleep(500);
    }
  })();
  return {
    async stop() {
      going = false;
      await work;
      await store.close();
    },
  };
}

function project(release: string): Project {
  const file = 'airflow/dags/orders.py';
  const text = `
import datetime, os, time
from airflow import DAG
from airflow.operators.python import PythonOperator
import words

def work(run_name, step):
    time.sleep(4)
    with open(os.environ['HEADGATE_TEST_LOG'], 'a') as file:
        file.write(' '.join([run_name, step, '${release}', words.RELEASE]) + '\\n')

with DAG('orders', start_date=datetime.datetime(2024, 1, 1), schedule=None):
    steps = [PythonOperator(task_id=s, python_callable=work, op_args=['{{ run_id }}', s]) for s in ['one', 'two']]
    steps[0] >> steps[1]
`;
  return {
    files: { [file]: text, 'airflow/dags/words.py': `RELEASE = '${release}'\n` },
    dags: { [file]: { orders: 'a' } },
  };
}

test('releases go through S3, whatever order their files arrive in, and a run under way stays on its own', async () => {
  assert(rig !== null);
  const [one, two] = [releaseOf(project('one')), releaseOf(project('two'))];
  rig.releases.push(one, two);
  await rig.carryOut(rig.steps(null, one, ['orders.py']));
  await rig.rest('POST', '/dags/orders/dagRuns', { dag_run_id: 'spanning' });
  while ((await rig.client.runsUnderWay(['orders'])).length === 0) await sleep(200);
  await rig.carryOut(rig.steps(one, two, ['orders.py']));
  await rig.rest('POST', '/dags/orders/dagRuns', { dag_run_id: 'later' });
  const log = join(rig.folder, 'log');
  const deadline = Date.now() + 120_000;
  let lines: string[] = [];
  while (lines.length < 4 && Date.now() < deadline) {
    await sleep(500);
    lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  }
  assert.deepEqual(lines.sort(), [
    'later one two two',
    'later two two two',
    'spanning one one one',
    'spanning two one one',
  ]);
});
