import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../base/errors.ts';
import { type Digest, digestOf } from '../../model/identifiers.ts';
import type { ReleaseRow } from './delivery-store.ts';
import { lastKnownGood } from './roll-back.ts';

const [a, b, c] = [digestOf('a'), digestOf('b'), digestOf('c')];

/** Releases that were live one after the other, newest first: bundle, the one before it, and whether it was a rollback. */
function past(...steps: [Digest, Digest | null, ReleaseRow['kind']][]): ReleaseRow[] {
  return steps.map(([bundle, before, kind], index) => ({
    id: `rel-${index}`,
    number: steps.length - index,
    project: 'payments',
    bundle,
    environment: 'prod',
    kind,
    requestedBy: 'ada',
    authors: [],
    requestedAt: new Date(0),
    findings: {
      digest: null,
      signedBy: null,
      passed: 0,
      failed: 0,
      errored: 0,
      skipped: 0,
      cleanChecks: [],
      blocking: 0,
    },
    state: index === 0 ? 'live' : 'superseded',
    because: '',
    plan: null,
    before,
    following: null,
    rollout: null,
    liveAt: new Date(0),
    trouble: null,
    changedAt: new Date(0),
  }));
}

function goodBefore(rows: ReleaseRow[]): Digest {
  return lastKnownGood(rows[0] ?? assert.fail(), rows);
}

test('the last known good bundle is the one before the live one', () => {
  assert.equal(goodBefore(past([b, a, 'promotion'], [a, null, 'promotion'])), a);
});

test('after a rollback it is the one before the bundle that was gone back to, never the bad one', () => {
  assert.equal(
    goodBefore(past([b, c, 'rollback'], [c, b, 'promotion'], [b, a, 'promotion'], [a, null, 'promotion'])),
    a,
  );
});

test('before the first bundle there is none', () => {
  assert.throws(
    () => goodBefore(past([a, b, 'rollback'], [b, a, 'promotion'], [a, null, 'promotion'])),
    (error) => isFailure(error, 'nothing-to-roll-back-to'),
  );
});

test('a bundle that came in again after others goes back to what was there then', () => {
  assert.equal(goodBefore(past([a, c, 'promotion'], [c, a, 'promotion'], [a, null, 'promotion'])), c);
});
