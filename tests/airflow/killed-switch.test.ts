import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Project, pointerOf, type Release, releaseOf } from './estate.ts';
import { type Rig, startRig } from './rig.ts';
import type { Order } from './switching-process.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig?.stop());

/** One file with a DAG that goes and one that a person paused. */
function project(release: string): Project {
  const text = `
import datetime
from airflow import DAG
for name in ['going', 'resting']:
    with DAG(name, start_date=datetime.datetime(2024, 1, 1), schedule=None, description='${release}'):
        pass
`;
  const file = 'airflow/dags/pair.py';
  return { files: { [file]: text }, dags: { [file]: { going: 'a', resting: 'a' } } };
}

const program = fileURLToPath(new URL('./switching-process.ts', import.meta.url));
let epoch = 10;

async function carryOutIn(
  process_: Pick<Order, 'steps' | 'killAt'>,
): Promise<{ signal: string | null; effects: number }> {
  epoch += 1;
  const { settings, releases } = rig;
  const order: Order = { settings, releases, password: rig.stack.password, epoch, ...process_ };
  const file = join(rig.folder, 'order.json');
  await writeFile(file, JSON.stringify(order));
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, trouble] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (trouble += chunk));
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on('close', (code, signal) => done([code, signal])),
  );
  assert.ok(code === 0 || signal === 'SIGKILL', trouble);
  return { signal, effects: Number(output) };
}

async function pausedNow(): Promise<(boolean | undefined)[]> {
  return Promise.all(['going', 'resting'].map(async (dagId) => (await rig.client.dag(dagId))?.isPaused));
}

test('a switch that is killed before or after any effect is finished by the next worker, and nothing stays paused', async (context) => {
  const [one, two] = [releaseOf(project('one')), releaseOf(project('two'))];
  rig.releases.push(one, two);
  await rig.carryOut(rig.steps(null, one, ['pair.py']));
  await rig.client.setPaused('resting', true);
  let [live, next]: [Release, Release] = [one, two];
  const turn = () => rig.steps(live, next, ['pair.py']).filter(({ kind }) => kind !== 'upload');
  await rig.carryOut(rig.steps(live, next, ['pair.py']).slice(0, 1));
  const whole = await carryOutIn({ steps: turn(), killAt: null });
  [live, next] = [next, live];
  let kills = 0;
  for (let effect = 1; effect <= whole.effects; effect++) {
    for (const when of ['before', 'after'] as const) {
      const steps = turn();
      const killed = await carryOutIn({ steps, killAt: { effect, when } });
      assert.equal(killed.signal, 'SIGKILL', `effect ${effect}`);
      kills += 1;
      await carryOutIn({ steps, killAt: null });
      assert.deepEqual(await pausedNow(), [false, true], `killed ${when} effect ${effect}`);
      assert.deepEqual(await readdir(join(rig.stack.home, 'notes/airflow/holds')), []);
      const connection = await rig.connect();
      const { units } = await connection.inspect();
      await connection.close();
      assert.deepEqual(units[0]?.pointer, pointerOf(next, 'pair.py').pointer);
      [live, next] = [next, live];
    }
  }
  context.diagnostic(`${whole.effects} effects in a switch, ${kills} kills, each finished by the next worker`);
});
