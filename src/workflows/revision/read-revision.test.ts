import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type GitFolder, inRepository } from '../../../tests/estate/git-folder.ts';
import { readRevision } from './read-revision.ts';
import { readWorkingTree } from './read-working-tree.ts';
import { repositoryPlace } from './resolve-comparison.ts';

const project = 'version: 1\nproject: p\nparts: {}\n';

function revision({ root }: Pick<GitFolder, 'root'>, commit: string, folder = root) {
  return readRevision({ place: repositoryPlace(folder), root: folder, commit, shared: null, absent: new Set() });
}

test('a commit is read as its working tree is: links followed, what tools made left out, ids and texts the same', async () => {
  await inRepository(async (folder) => {
    folder.write({
      ...{
        'headgate.yaml': project,
        'a/x.py': 'x = 1\n',
        'dbt/dbt_project.yml': 'name: d\n',
        'dbt/target/run.sql': 'no',
      },
      ...{ 'env/pyvenv.cfg': 'no', 'env/bin/x.py': 'no', 'node_modules/y.py': 'no', 'ü ñ.txt': 'ü\n' },
    });
    symlinkSync('a/x.py', join(folder.root, 'link.py'));
    symlinkSync('a', join(folder.root, 'b'));
    symlinkSync('b/x.py', join(folder.root, 'far.py'));
    symlinkSync('..', join(folder.root, 'a/up'));
    symlinkSync('/usr', join(folder.root, 'out'));
    symlinkSync('nowhere', join(folder.root, 'broken'));
    const commit = folder.commit({});
    const tree = await readWorkingTree(folder.root);
    const read = await revision(folder, commit);
    assert.deepEqual(
      read.files.entries.map(({ path }) => path),
      ['a/x.py', 'b/x.py', 'dbt/dbt_project.yml', 'far.py', 'headgate.yaml', 'link.py', 'ü ñ.txt'],
    );
    assert.deepEqual(read.files.entries, tree.files.entries);
    assert.deepEqual(read.ids, tree.ids);
    for (const { path } of read.files.entries) assert.equal(read.files.text(path), tree.files.text(path), path);
    const checks = (one: typeof read) => one.findings.map(({ check, path }) => `${check} ${path}`).sort();
    assert.deepEqual(
      checks(read).filter((one) => one.startsWith('tree-')),
      checks(tree).filter((one) => one.startsWith('tree-')),
    );
  });
});

test('an id of the working tree follows the content: edited, touched, staged and untracked', async () => {
  await inRepository(async ({ root, commit, write, git }) => {
    commit({ 'a.txt': 'one', 'b.txt': 'one', 'c.txt': 'one' });
    write({ 'a.txt': 'two', 'b.txt': 'one', 'new.txt': 'new' });
    git('add', 'a.txt');
    write({ 'a.txt': 'owt' });
    const { ids } = await readWorkingTree(root);
    const name = (text: string) => {
      write({ '../headgate-object.txt': text });
      const id = git('hash-object', '../headgate-object.txt');
      write({ '../headgate-object.txt': null });
      return id;
    };
    assert.deepEqual(Object.fromEntries(ids), {
      ...{ 'a.txt': name('owt'), 'b.txt': name('one'), 'c.txt': name('one'), 'new.txt': name('new') },
    });
  });
});

test('a project in a folder of the repository is read alone, also where a commit does not have it', async () => {
  await inRepository(async (folder) => {
    const before = folder.commit({ 'other/a.py': 'a' });
    const after = folder.commit({ 'estate/headgate.yaml': project, 'estate/a.py': 'a' });
    const root = join(folder.root, 'estate');
    assert.deepEqual([...(await revision(folder, after, root)).ids.keys()], ['a.py', 'headgate.yaml']);
    const none = await revision(folder, before, root);
    assert.deepEqual([none.declared, none.files.entries], [false, []]);
  });
});

test('a pointer of Git LFS, binary content and huge files have no text, and say so', async () => {
  await inRepository(async (folder) => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
    const commit = folder.commit({ 'seed.csv': pointer, 'x.bin': '\u0000', 'large.csv': 'a'.repeat(9_000_000) });
    const read = await revision(folder, commit);
    assert.equal(read.files.text('seed.csv'), null);
    assert.equal(read.files.text('large.csv'), null);
    assert.deepEqual(
      read.complaints().map(({ check, path }) => [check, path]),
      [
        ['tree-lfs-pointer', 'seed.csv'],
        ['tree-text-too-large', 'large.csv'],
      ],
    );
  });
});

test('a submodule is named by its commit and its files are in neither reading', async () => {
  await inRepository(async (other) => {
    other.commit({ 'inner.py': 'x' });
    await inRepository(async (folder) => {
      folder.git('submodule', '--quiet', 'add', other.root, 'lib');
      const commit = folder.commit({ 'a.py': 'a' });
      const read = await revision(folder, commit);
      const tree = await readWorkingTree(folder.root);
      assert.deepEqual([...read.ids.keys()], ['.gitmodules', 'a.py']);
      assert.deepEqual([...tree.ids.keys()], ['.gitmodules', 'a.py']);
      assert.deepEqual(read.submodules, tree.submodules);
      assert.deepEqual([...read.submodules.keys()], ['lib']);
    });
  });
});

test('a file that a sparse checkout left out is not taken for deleted', async () => {
  await inRepository(async (folder) => {
    folder.commit({ 'a/x.py': 'x', 'b/y.py': 'y' });
    folder.git('sparse-checkout', 'set', '--no-cone', '/a/');
    const tree = await readWorkingTree(folder.root);
    assert.deepEqual([[...tree.ids.keys()], [...tree.absent]], [['a/x.py'], ['b/y.py']]);
  });
});
