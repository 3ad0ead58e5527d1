import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
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
