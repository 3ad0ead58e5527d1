import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayWriteShared, sharedPlaceOf } from './shared-cache.ts';

test('the place is a folder or a prefix of a bucket; the environment comes before headgate.yaml, and can say none', () => {
  assert.deepEqual(sharedPlaceOf({}, 's3://b/a/c/'), { kind: 's3', bucket: 'b', prefix: 'a/c' });
  assert.deepEqual(sharedPlaceOf({}, 's3://b'), { kind: 's3', bucket: 'b', prefix: '' });
  assert.deepEqual(sharedPlaceOf({ HEADGATE_SHARED_CACHE: '/mnt/x' }, 's3://b'), { kind: 'folder', folder: '/mnt/x' });
  assert.equal(sharedPlaceOf({ HEADGATE_SHARED_CACHE: '' }, 's3://b'), null);
  assert.equal(sharedPlaceOf({}, null), null);
});

test('only builds of trusted branches write, unless it is asked for', () => {
  const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };
  const trusted = ['main', 'release/*'];
  assert.equal(mayWriteShared(github, trusted, false), true);
  assert.equal(mayWriteShared({ ...github, GITHUB_REF: 'refs/heads/release/1' }, trusted, false), true);
  assert.equal(mayWriteShared({ ...github, GITHUB_REF: 'refs/heads/release/1/x' }, trusted, false), false);
  assert.equal(mayWriteShared({ ...github, GITHUB_REF: 'refs/tags/main' }, trusted, false), false);
  assert.equal(mayWriteShared({ ...github, GITHUB_EVENT_NAME: 'pull_request_target' }, trusted, false), false);
  assert.equal(mayWriteShared({ ...github, GITHUB_EVENT_NAME: 'merge_group' }, trusted, false), false);
  assert.equal(mayWriteShared({ GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'main' }, trusted, false), true);
  assert.equal(
    mayWriteShared({ GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'main', CI_MERGE_REQUEST_IID: '4' }, trusted, false),
    false,
  );
  assert.equal(mayWriteShared({ GITHUB_REF: 'refs/heads/main', CI_COMMIT_BRANCH: 'main' }, trusted, false), false);
  assert.equal(mayWriteShared(github, [], false), false);
  assert.equal(mayWriteShared({}, [], true), true);
});
