import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assetKey, partKey, unitKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { type ConformanceWorld, conformance } from '../../src/targets/conformance.ts';
import { bundleWorld, deliveryOf, type Files } from './bundle-world.ts';

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
  after(made.close);
  const broken = await made.version(project('def settle(:\n    pass\n'), unit);
  const connection = await deliveryOf('spark').connect({ home: made.home }, made.world);
  t.after(() => connection.close());
  const { pointer: to } = broken;
  const steps: Step[] = [
    { kind: 'upload', target: 'spark', part, blob: to.part, bundle: to.bundle },
    { kind: 'switch', target: 'spark', unit, from: null, to, pinRuns: false },
  ];
  for (const [index, step] of steps.entries()) {
    assert.equal((await connection.act(step, 'forward', { key: `r/${index}`, epoch: 1 })).outcome, 'done');
  }
  const answer = await connection.act({ kind: 'verify', target: 'spark', unit, to }, 'forward', {
    key: 'r/2',
    epoch: 1,
  });
  assert.ok(answer.outcome === 'failed');
  assert.match(answer.message, /jobs\/settle\/settle\.py does not compile: SyntaxError/);
  const [health] = await connection.health([asset]);
  assert.equal(health?.state, 'unhealthy');
});
