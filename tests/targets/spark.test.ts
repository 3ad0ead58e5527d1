import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetKey, partKey, unitKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { type ConformanceVersion, type ConformanceWorld, conformance } from '../../src/targets/conformance.ts';
import { type BundleWorld, bundleWorld, deliveryOf, type Files } from './bundle-world.ts';

const part = partKey('spark', 'settle');
const unit = unitKey(part, null);
const asset = assetKey('spark:job', 'settle');

function project(main: string): Files {
  return {
    'headgate.yaml': `version: 1
project: payments
values: { lake_root: { type: string } }
parts:
  spark:
    - { name: settle, path: jobs/settle, main: settle.py, args: ["--lake", "\${values.lake_root}"] }
`,
    'environments/prod.yaml': 'environment: prod\nvalues: { lake_root: /lake }\ntargets: { spark: { home: unused } }\n',
    'jobs/settle/settle.py': main,
    'jobs/settle/lib/rates.py': 'RATE = 1\n',
  };
}

async function world(): Promise<ConformanceWorld> {
  const made = await bundleWorld('prod');
  const { home, snapshot, cutUpload, close } = made;
  const delivery = deliveryOf('spark');
  return {
    ...{ target: 'spark', part, unit, asset, switchSteps: delivery.switchSteps, snapshot, cutUpload, close },
    old: await made.version(project('print("one")\n'), unit),
    new: await made.version(project('print("two")\n'), unit),
    connect: () => delivery.connect({ home }, made.world),
  };
}

conformance('spark', world);

test('verify refuses a job that does not compile, with the line', async (t) => {
  const made = await bundleWorld('prod');
  t.after(made.close);
  const broken = await made.version(project('def settle(:\n    pass\n'), unit);
  const { answer, health } = await verifyFirst(made, broken);
  assert.match(answer, /jobs\/settle\/settle\.py does not compile: SyntaxError/);
  assert.equal(health, 'unhealthy');
});

test('verify refuses a job whose environment lacks a value or a secret that it names', async (t) => {
  const made = await bundleWorld('prod');
  t.after(made.close);
  const files = project('print("one")\n');
  const declared = files['headgate.yaml'] ?? '';
  const needy = {
    ...files,
    'headgate.yaml': declared.replace('main: settle.py', 'main: settle.py, env: { WORD: "${secrets.word}" }'),
  };
  const { answer } = await verifyFirst(made, await made.version(needy, unit));
  assert.match(answer, /prod does not have what it needs: secret word/);
});

/** Delivers a first version, and gives what verify refuses and the health of the job. */
async function verifyFirst(made: BundleWorld, { pointer: to }: ConformanceVersion) {
  const connection = await deliveryOf('spark').connect({ home: made.home }, made.world);
  const steps: Step[] = [
    { kind: 'upload', target: 'spark', part, blob: to.part, bundle: to.bundle },
    { kind: 'switch', target: 'spark', unit, from: null, to, pinRuns: false },
  ];
  try {
    for (const [index, step] of steps.entries()) {
      assert.equal((await connection.act(step, 'forward', { key: `r/${index}`, epoch: 1 })).outcome, 'done');
    }
    const verify: Step = { kind: 'verify', target: 'spark', unit, to };
    const answer = await connection.act(verify, 'forward', { key: 'r/2', epoch: 1 });
    assert.ok(answer.outcome === 'failed');
    const [health] = await connection.health([asset]);
    return { answer: answer.message, health: health?.state };
  } finally {
    await connection.close();
  }
}
