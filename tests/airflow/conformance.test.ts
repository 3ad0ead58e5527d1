import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assetKey, hexOf } from '../../src/model/identifiers.ts';
import { conformance } from '../../src/targets/conformance.ts';
import { PART, type Project, pointerOf, releaseOf, settingsOfRelease } from './estate.ts';
import { startRig } from './rig.ts';

function project(release: string): Project {
  const file = 'airflow/dags/team/orders.py';
  const text = `
import datetime
from airflow import DAG
with DAG('orders', start_date=datetime.datetime(2024, 1, 1), schedule=None, description='${release}'):
    pass
`;
  return {
    files: { [file]: text },
    dags: { [file]: { orders: release } },
    values: { release },
    settings: {
      connections: { db: { type: 'postgres', host: release, password: '$' + '{secrets.db}' } },
      pools: { one: 1 },
    },
    secrets: { db: 'env:DB' },
  };
}

conformance('Airflow', async () => {
  const rig = await startRig();
  const [old, next] = [releaseOf(project('old')), releaseOf(project('new'))];
  rig.releases.push(old, next);
  const place = 'team/orders.py';
  return {
    target: 'airflow',
    part: PART,
    unit: pointerOf(old, place).unit,
    asset: assetKey('airflow:dag', 'orders'),
    old: { pointer: pointerOf(old, place).pointer, settings: settingsOfRelease(old) },
    new: { pointer: pointerOf(next, place).pointer, settings: settingsOfRelease(next) },
    switchSteps: ['drain', 'switch', 'verify'],
    connect: rig.connect,
    async snapshot() {
      const files = await filesOf(rig.stack.dags);
      const asked = ['/dags/orders', '/variables', '/connections', '/pools'].map((path) => rig.rest('GET', path));
      return JSON.stringify([files, (await Promise.all(asked)).map(withoutTimes)], null, 1);
    },
    async cutUpload(part) {
      await rm(join(rig.stack.home, 'parts', `${hexOf(part)}.json`));
    },
    close: rig.stop,
  };
});

/** What is kept for good: every file but the journal of what was done, the lock and Python's own caches. */
async function filesOf(folder: string): Promise<{ [path: string]: string }> {
  const found: { [path: string]: string } = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    if (/__pycache__|journal|\.lock/.test(path) || !(await stat(join(folder, path))).isFile()) continue;
    found[path] = await readFile(join(folder, path), 'utf8');
  }
  return found;
}

function withoutTimes(answer: unknown): unknown {
  if (answer === null || typeof answer !== 'object' || !('last_parsed_time' in answer)) return answer;
  const { last_parsed_time, next_dagrun_create_after, file_token, last_expired, ...rest } = answer as {
    [name: string]: unknown;
  };
  return rest;
}
