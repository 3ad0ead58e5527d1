import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { GatePolicy } from '../../model/environment.ts';
import { assetKey, digestOf, partKey, unitKey } from '../../model/identifiers.ts';
import type { Plan } from '../plan/plan.ts';
import type { Release } from '../release/release.ts';
import { type DecideInput, decide, policyDigest } from './decide.ts';
import type { Approval, Verdict } from './verdict.ts';

const now = new Date('2026-03-01T12:00:00Z');
const hour = 3_600_000;
const unit = unitKey(partKey('airflow', 'main'), 'a.py');
const policy: GatePolicy = {
  approvals: 2,
  approverRoles: ['approver'],
  separateAuthor: true,
  requiredChecks: ['dag-imports'],
  requireLockedRuntime: false,
  approvalValidSeconds: 86_400,
};
const release: Release = {
  id: 'rel-1',
  project: 'payments',
  bundle: digestOf('bundle'),
  environment: 'prod',
  kind: 'promotion',
  requestedBy: 'ann',
  authors: ['ann', 'art'],
  requestedAt: new Date(now.getTime() - 2 * hour),
  findings: {
    digest: digestOf('findings'),
    signedBy: 'ci',
    passed: 3,
    failed: 0,
    errored: 0,
    skipped: 0,
    cleanChecks: ['dag-imports', 'dbt-parse'],
    blocking: 0,
  },
};
const plan: Plan = {
  digest: digestOf('plan'),
  project: 'payments',
  environment: 'prod',
  bundle: release.bundle,
  start: digestOf('start'),
  steps: [],
  warnings: [],
};

function approval(approver: string, changes: Partial<Approval> = {}): Approval {
  return {
    release: release.id,
    bundle: release.bundle,
    plan: plan.digest,
    environment: 'prod',
    policy: policyDigest(policy),
    approver,
    roles: ['approver'],
    decision: 'approve',
    comment: '',
    at: new Date(now.getTime() - hour),
    expires: new Date(now.getTime() + hour),
    signature: '',
    ...changes,
  };
}

function verdict(approvals: Approval[], changes: Partial<DecideInput> = {}): Verdict {
  const current = changes.policy ?? policy;
  return decide({ release, plan, policy: current, policyDigest: policyDigest(current), approvals, now, ...changes });
}

const oneMore: Verdict = { outcome: 'waiting', for: '1 more approval by approver, not by its authors' };
const twoMore: Verdict = { outcome: 'waiting', for: '2 more approvals by approver, not by its authors' };
const allowed: Verdict = { outcome: 'allowed' };

describe('the gate', () => {
  test('opens when enough different people approved', () => {
    assert.deepEqual(verdict([]), twoMore);
    assert.deepEqual(verdict([approval('bob')]), oneMore);
    assert.deepEqual(verdict([approval('bob'), approval('Bob ')]), oneMore);
    assert.deepEqual(verdict([approval('bob'), approval('cid')]), allowed);
  });

  test('does not count what authors say of their own change, whoever of them asked for it', () => {
    assert.deepEqual(verdict([approval('bob'), approval('ann')]), oneMore);
    assert.deepEqual(verdict([approval('bob'), approval('ART')]), oneMore);
    assert.deepEqual(
      verdict([approval('bob'), approval('dan')], { release: { ...release, requestedBy: 'dan' } }),
      oneMore,
    );
    assert.deepEqual(verdict([approval('bob'), approval('ann')], { policy: { ...policy, separateAuthor: false } }), {
      ...twoMore,
      for: '2 more approvals by approver',
    });
  });

  const uncounted: { [why: string]: Partial<Approval> } = {
    'another release': { release: 'rel-0' },
    'another plan': { plan: digestOf('another') },
    'another bundle': { bundle: digestOf('another') },
    'another environment': { environment: 'staging' },
    'another policy': { policy: digestOf('another') },
    'a person without the role': { roles: ['author', 'operator'] },
    'a time that is over': { expires: now },
    'a time to come': { at: new Date(now.getTime() + 1) },
  };
  for (const [why, changes] of Object.entries(uncounted)) {
    test(`does not count an approval of ${why}`, () => {
      assert.deepEqual(verdict([approval('bob'), approval('cid', changes)]), oneMore);
    });
  }

  test('closes when a person who may approve rejects, however many approve, and a no does not run out', () => {
    const no = approval('dee', { decision: 'reject', comment: 'month end', expires: now });
    const refused: Verdict = {
      outcome: 'refused',
      because: 'dee rejected it: month end',
      hint: 'Talk to them, then ask for the release again.',
    };
    assert.deepEqual(verdict([approval('bob'), no, approval('cid'), approval('dee')]), refused);
    assert.deepEqual(verdict([approval('bob'), approval('cid'), { ...no, roles: [] }]), allowed);
    assert.deepEqual(verdict([approval('bob'), approval('cid'), { ...no, plan: digestOf('another') }]), allowed);
  });

  test('refuses findings that block, checks that are not clean, and findings nobody signed', () => {
    const both = [approval('bob'), approval('cid')];
    const outcome = (findings: Partial<Release['findings']>) =>
      verdict(both, { release: { ...release, findings: { ...release.findings, ...findings } } }).outcome;
    assert.equal(outcome({}), 'allowed');
    assert.equal(outcome({ blocking: 1 }), 'refused');
    assert.equal(outcome({ cleanChecks: ['dbt-parse'] }), 'refused');
    assert.equal(outcome({ signedBy: null }), 'refused');
    assert.equal(outcome({ digest: null }), 'refused');
  });

  test('refuses a plan that is not of this release', () => {
    const both = [approval('bob'), approval('cid')];
    assert.equal(verdict(both, { plan: { ...plan, bundle: digestOf('another') } }).outcome, 'refused');
    assert.equal(verdict(both, { plan: { ...plan, environment: 'staging' } }).outcome, 'refused');
  });

  test('refuses a plan whose targets run something else than the lock holds, where it must, and only then', () => {
    const both = [approval('bob'), approval('cid')];
    const steps = [{ kind: 'enable' as const, target: 'airflow', asset: assetKey('airflow:dag', 'a'), unit }];
    const warnings = [{ unit: null, because: 'it runs 2.10.4', breaks: 'require-locked-runtime' as const }];
    const differing = { ...plan, steps, warnings };
    const strict = { ...policy, requireLockedRuntime: true };
    const anew = both.map((given) => ({ ...given, policy: policyDigest(strict) }));
    assert.deepEqual(verdict(both, { plan: differing }), allowed);
    assert.deepEqual(verdict(anew, { plan: differing, policy: strict }), {
      outcome: 'refused',
      because: 'prod must run what headgate.lock holds: it runs 2.10.4',
      hint: 'Ask for the release again when that is so.',
    });
    const back = { ...release, kind: 'rollback' as const };
    assert.deepEqual(verdict(anew, { plan: differing, policy: strict, release: back }), allowed);
    assert.deepEqual(verdict(anew, { plan: { ...differing, steps: [] }, policy: strict }), allowed);
    assert.deepEqual(verdict(anew, { plan: { ...differing, warnings: [] }, policy: strict }), allowed);
    assert.deepEqual(verdict(both, { plan, policy: strict }), twoMore, 'a stricter rule voids what was approved');
  });

  test('lets a rollback through without checks and approvals, but not past a no', () => {
    const back: Release = {
      ...release,
      kind: 'rollback',
      findings: { ...release.findings, blocking: 3, cleanChecks: [] },
    };
    assert.deepEqual(verdict([], { release: back }), allowed);
    assert.equal(verdict([approval('dee', { decision: 'reject' })], { release: back }).outcome, 'refused');
  });

  test('asks of a hotfix what it asks of every release', () => {
    assert.deepEqual(verdict([approval('bob')], { release: { ...release, kind: 'hotfix' } }), oneMore);
  });
});

describe('whatever is approved and rejected', () => {
  const anyApproval = fc
    .record({
      approver: fc.constantFrom('ann', 'bob', 'cid', 'dee'),
      roles: fc.constantFrom('approver', 'author').map((role) => [role]),
      decision: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
      plan: fc.constantFrom(plan.digest, plan.digest, digestOf('another')),
      expires: fc.constantFrom(new Date(now.getTime() + hour), new Date(now.getTime() - 1)),
    })
    .map((changes) => approval(changes.approver, changes));
  const some = fc.array(anyApproval, { maxLength: 8 });

  test('taking an approval away never opens the gate', () => {
    fc.assert(
      fc.property(some, fc.nat(7), (approvals, index) => {
        const fewer = approvals.filter((given, at) => at !== index || given.decision === 'reject');
        if (verdict(fewer).outcome === 'allowed') assert.equal(verdict(approvals).outcome, 'allowed');
      }),
    );
  });

  test('adding a rejection never opens the gate, nor does the order matter', () => {
    fc.assert(
      fc.property(some, anyApproval, (approvals, added) => {
        const more = [...approvals, { ...added, decision: 'reject' as const }];
        if (verdict(approvals).outcome !== 'allowed') assert.notEqual(verdict(more).outcome, 'allowed');
        assert.equal(verdict(approvals.toReversed()).outcome, verdict(approvals).outcome);
      }),
    );
  });

  test('a stricter policy, approved anew, never opens the gate', () => {
    fc.assert(
      fc.property(some, fc.nat(2), (approvals, extra) => {
        const stricter = { ...policy, approvals: policy.approvals + extra };
        const anew = approvals.map((given) => ({ ...given, policy: policyDigest(stricter) }));
        if (verdict(anew, { policy: stricter }).outcome === 'allowed') {
          assert.equal(verdict(approvals).outcome, 'allowed');
        }
      }),
    );
  });
});
