import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findPython } from '../../src/base/python/find-python.ts';
import { createRig, environmentText, type Rig } from './rig.ts';

let rig: Rig;
let ada = '';

before(async () => {
  rig = await createRig();
  await rig.serve();
  ada = await rig.token('ada@example.test', 'author');
  const text = environmentText(rig, { name: 'dev' }).replace(
    'approvals: 0',
    'approvals: 0, required-checks: [python-lint]',
  );
  await rig.environments({ 'dev.yaml': text });
  await mkdir(join(rig.project, 'jobs', 'settle'), { recursive: true });
});
after(() => rig.close());

async function checkedBundle(text: string, ...more: string[]): Promise<string> {
  await writeFile(join(rig.project, 'jobs', 'settle', 'settle.py'), text);
  const made = await rig.cli(ada, 'bundle', '--static', ...more);
  assert.equal(made.status, 0, made.stdout + made.stderr);
  return String(made.json.digest);
}

test('a gate that requires a check is met only by findings that a trusted key signed', async () => {
  const bundle = await checkedBundle('print("one")\n');
  const strange = await rig.cli(ada, 'promote', bundle, '--environment', 'dev');
  assert.deepEqual([strange.status, strange.json.state], [1, 'refused']);
  assert.match(String(strange.json.because), /no signed findings/);
  const key = join(rig.project, '.headgate', 'keys', 'signing.pem');
  assert.equal((await rig.cli(rig.operator, 'token', 'trust', 'ci', key)).status, 2, 'a private key is not taken');
  assert.equal((await rig.cli(rig.operator, 'token', 'trust', 'ci', `${key}.pub`)).status, 0);
  const known = await rig.cli(ada, 'promote', bundle, '--environment', 'dev');
  assert.deepEqual([known.status, known.json.state], [0, 'live'], known.stdout);
});

test('findings that block stop the release', async () => {
  const bundle = await checkedBundle('def settle(:\n', '--allow-blocking');
  const stopped = await rig.cli(ada, 'promote', bundle, '--environment', 'dev');
  assert.deepEqual([stopped.status, stopped.json.state], [1, 'refused'], stopped.stdout);
  assert.match(String(stopped.json.because), /findings block/);
});

test('a bundle without findings does not meet the gate either', async () => {
  const bundle = await rig.bundle('print("unchecked")\n');
  const plan = await rig.cli(ada, 'plan', bundle, '--environment', 'dev');
  assert.equal(plan.status, 1);
  assert.match(plan.stdout, /no signed findings/);
});

/** A lock that says the job runs on a pyspark that no Python here has. */
const lock = {
  version: 1,
  parts: { 'spark/settle': 'spark-1' },
  images: [],
  runtimes: {
    'spark-1': {
      runtime: 'spark',
      python: '3.10',
      tools: { pyspark: '3.4.9' },
      inputs: {},
      packages: [],
      coordinates: [],
      jars: [],
    },
  },
};

test('a target that runs something else than the lock holds is named in the plan, and refused where the gate says so', async () => {
  const { path: python } = await findPython(process.env);
  const text = (name: string, gates: string) =>
    environmentText(rig, { name })
      .replace('approvals: 0', `approvals: 0${gates}`)
      .replace('spark: {', `spark: { python: ${python},`);
  await rig.environments({
    'free.yaml': text('free', ''),
    'strict.yaml': text('strict', ', require-locked-runtime: true'),
  });
  await writeFile(join(rig.project, 'headgate.lock'), JSON.stringify(lock));
  const bundle = await rig.bundle('print("locked")\n');
  const said =
    'spark/settle is locked to other versions than ENV runs (the Python that has its pyspark says): ' +
    'pyspark 3.4.9, found none. Bring the target to the lock, or lock what it runs with `headgate lock`';
  const planned = await rig.cli(ada, 'plan', bundle, '--environment', 'free');
  assert.deepEqual((planned.json as { plan: { warnings: unknown } }).plan.warnings, [
    { unit: null, because: said.replace('ENV', 'free'), breaks: 'require-locked-runtime' },
  ]);
  assert.equal((await rig.cli(ada, 'promote', bundle, '--environment', 'free')).json.state, 'live');
  const refused = await rig.cli(ada, 'promote', bundle, '--environment', 'strict');
  assert.deepEqual([refused.status, refused.json.state], [1, 'refused'], refused.stdout);
  assert.match(
    String(refused.json.because),
    /strict must run what headgate.lock holds: .*spark\/settle is locked to other versions than strict runs/,
  );
  const unlocked = JSON.stringify({ ...lock, parts: {} });
  await writeFile(join(rig.project, 'headgate.lock'), unlocked);
  const other = await rig.cli(ada, 'plan', await rig.bundle('print("unlocked")\n'), '--environment', 'strict');
  assert.match(other.stdout, /headgate.lock does not say what spark\/rates runs on/);
});
