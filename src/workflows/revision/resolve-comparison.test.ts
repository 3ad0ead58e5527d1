import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inRepository } from '../../../tests/estate/git-folder.ts';
import { HeadgateError } from '../../base/errors.ts';
import { resolveComparison } from './resolve-comparison.ts';

function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof HeadgateError) return `${error.code} ${error.exit}`;
    throw error;
  }
  return 'none';
}

test('a base is taken from where the head left it, unless a range with two dots says exactly', async () => {
  await inRepository(({ root, commit, git }) => {
    const first = commit({ a: '1' });
    git('checkout', '-q', '-b', 'topic');
    const topic = commit({ b: '1' });
    git('checkout', '-q', 'main');
    const main = commit({ a: '2' });
    git('checkout', '-q', 'topic');
    const ends = (base: string | null, head: string | null) => {
      const found = resolveComparison(root, { base, head });
      return [found.base, found.head];
    };
    assert.deepEqual(ends('main', null), [first, null]);
    assert.deepEqual(ends(null, null), [first, null]);
    assert.deepEqual(ends('main...HEAD', null), [first, topic]);
    assert.deepEqual(ends('main...', null), [first, null]);
    assert.deepEqual(ends('main..topic', null), [main, topic]);
    assert.deepEqual(ends('main', 'topic'), [first, topic]);
    assert.deepEqual(ends('HEAD~1', 'HEAD'), [first, topic]);
    assert.match(resolveComparison(root, { base: 'main', head: null }).how, /where it left main \(its merge base\)/);
  });
});

test('a head that is behind its base is compared with that base itself, a working tree with what it left', async () => {
  await inRepository(({ root, commit, git }) => {
    const first = commit({ a: '1' });
    const second = commit({ a: '2' });
    git('checkout', '-q', first);
    assert.equal(resolveComparison(root, { base: 'main', head: first }).base, second);
    assert.equal(resolveComparison(root, { base: 'main', head: null }).base, first);
  });
});

test('what cannot be compared is an error with its code: no revision, two heads, an option, no repository', async () => {
  await inRepository(({ root, commit, git }) => {
    commit({ a: '1' });
    git('branch', 'release');
    assert.equal(
      failureOf(() => resolveComparison(root, { base: 'relese', head: null })),
      'git-revision-unknown 2',
    );
    assert.equal(
      failureOf(() => resolveComparison(root, { base: '--all', head: null })),
      'git-revision-unknown 2',
    );
    assert.equal(
      failureOf(() => resolveComparison(root, { base: 'a..b', head: 'c' })),
      'impact-two-heads 2',
    );
    git('branch', '-m', 'main', 'work');
    assert.equal(
      failureOf(() => resolveComparison(root, { base: null, head: null })),
      'git-no-default-branch 2',
    );
  });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-none-')));
  assert.equal(
    failureOf(() => resolveComparison(folder, { base: 'main', head: null })),
    'git-no-repository 2',
  );
  rmSync(folder, { recursive: true });
});

test('a shallow clone says that the history is missing', async () => {
  await inRepository(async (whole) => {
    const first = whole.commit({ a: '1' });
    whole.git('checkout', '-q', '-b', 'topic');
    whole.commit({ b: '1' });
    whole.git('checkout', '-q', 'main');
    whole.commit({ a: '2' });
    await inRepository(({ root, git }) => {
      git('fetch', '-q', '--depth', '1', `file://${whole.root}`, 'main:main2', 'topic:topic');
      git('checkout', '-q', 'topic');
      assert.equal(
        failureOf(() => resolveComparison(root, { base: first, head: null })),
        'git-revision-not-fetched 3',
      );
      assert.equal(
        failureOf(() => resolveComparison(root, { base: 'main2', head: null })),
        'git-history-shallow 3',
      );
    });
  });
});

test('where there is no git, that is said', async () => {
  await inRepository(({ root, commit }) => {
    commit({ a: '1' });
    const path = process.env.PATH;
    process.env.PATH = root;
    try {
      assert.equal(
        failureOf(() => resolveComparison(root, { base: 'main', head: null })),
        'git-missing 3',
      );
    } finally {
      process.env.PATH = path;
    }
  });
});
