import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BundleContent } from '../../model/bundle.ts';
import type { Environment } from '../../model/environment.ts';
import { environmentDifferences } from './environment-differences.ts';

const bundled: Environment = {
  name: 'prod',
  after: 'staging',
  promote: 'manual',
  gates: {
    approvals: 1,
    approverRoles: ['approver'],
    separateAuthor: true,
    requiredChecks: [],
    requireLockedRuntime: false,
    approvalValidSeconds: 60,
  },
  targets: { spark: { home: '/srv' } },
  values: { lake_root: '/lake' },
  secrets: { password: 'env:PASSWORD' },
};

function differences(change: Partial<Environment>): string[] {
  const content: BundleContent = {
    version: 1,
    project: 'payments',
    parts: [],
    environments: [{ ...bundled, ...change }],
    assets: [],
    edges: [],
    lock: null,
  };
  return environmentDifferences({ ...bundled, registeredBy: 'op', registeredAt: new Date(0) }, content);
}

test('values may differ, everything else is told', () => {
  assert.deepEqual(differences({ values: { lake_root: '/elsewhere' } }), []);
  assert.deepEqual(differences({ gates: { ...bundled.gates, approvals: 0 } }), [
    'gates.approvals is registered as 1; the bundle says 0. The registered one counts',
  ]);
  assert.deepEqual(differences({ targets: {}, after: null }), [
    'after is registered as "staging"; the bundle says null. The registered one counts',
    'targets.spark is registered as {"home":"/srv"}; the bundle says absent. The registered one counts',
  ]);
  assert.deepEqual(differences({ name: 'qa' }), ['the bundle has no values for prod']);
});
