import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultLimits, readTree } from './read-tree.ts';

function inFolder(act: (root: string, write: (path: string, text: string | Buffer) => void) => void): void {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-tree-')));
  const root = join(base, 'project');
  mkdirSync(root);
  try {
    act(root, (path, text) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    });
  } finally {
    rmSync(base, { recursive: true });
  }
}

test('links out, to nothing and in a circle, and pipes, are findings; links inside are followed once', () => {
  inFolder((root, write) => {
    write('a/x.py', 'x');
    write('../outside.txt', 'secret');
    symlinkSync('../outside.txt', join(root, 'out.txt'));
    symlinkSync('nowhere', join(root, 'broken'));
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('a/x.py', join(root, 'link.py'));
    symlinkSync('a', join(root, 'b'));
    symlinkSync('a', join(root, 'c'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const tree = readTree(root);
    assert.deepEqual(
      tree.files.entries.map((entry) => entry.path),
      ['a/x.py', 'b/x.py', 'link.py'],
    );
    assert.deepEqual(tree.findings.map(({ check, path }) => `${check} ${path}`).sort(), [
      'tree-special-file pipe',
      'tree-symlink-broken broken',
      'tree-symlink-circle a/up',
      'tree-symlink-circle b/up',
      'tree-symlink-outside out.txt',
    ]);
    assert.equal(tree.files.text('out.txt'), null);
    assert.equal(tree.files.text('../outside.txt'), null);
  });
});

test('what tools make and Git ignores is left out, unless Git tracks it', () => {
  inFolder((root, write) => {
    for (const path of [
      '.git/x',
      'node_modules/x.js',
      'venv/pyvenv.cfg',
      'venv/lib.py',
      'dbt/dbt_project.yml',
      'dbt/target/x.sql',
      'dbt/dbt_packages/y.sql',
      'target/kept.sql',
      'logs/a.log',
      'build/z.py',
      'build/kept.py',
      'sub/.gitignore',
      'sub/no.py',
      'sub/yes.py',
    ])
      write(path, '');
    write('.gitignore', 'build/\n*.log\n');
    write('sub/.gitignore', 'no.py\n');
    rmSync(join(root, '.git'), { recursive: true });
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['add', '-f', 'build/kept.py'], { cwd: root });
    assert.deepEqual(
      readTree(root).files.entries.map((entry) => entry.path),
      ['.gitignore', 'build/kept.py', 'dbt/dbt_project.yml', 'sub/.gitignore', 'sub/yes.py', 'target/kept.sql'],
    );
  });
});

test('texts that are not UTF-8 or too large are null with a finding, files over the limit are left out', () => {
  inFolder((root, write) => {
    write('latin.sql', Buffer.from([0x2d, 0xe9]));
    write('picture.png', Buffer.from([0x89, 0xff]));
    write('long.py', 'x'.repeat(200));
    write('huge.csv', 'x'.repeat(2000));
    const tree = readTree(root, { ...defaultLimits, text: 100, file: 1000 });
    for (const path of ['latin.sql', 'picture.png', 'long.py', 'huge.csv', 'gone'])
      assert.equal(tree.files.text(path), null);
    assert.deepEqual(
      tree.findings.map(({ check, path }) => [check, path]),
      [['tree-file-too-large', 'huge.csv']],
    );
    assert.deepEqual(
      tree.complaints().map(({ check, path }) => [check, path]),
      [
        ['tree-not-utf8', 'latin.sql'],
        ['tree-text-too-large', 'long.py'],
      ],
    );
  });
});

test('too many files end the walk with a finding', () => {
  inFolder((root, write) => {
    for (const name of ['a', 'b', 'c']) write(name, '');
    const tree = readTree(root, { ...defaultLimits, files: 2 });
    assert.deepEqual([tree.files.entries.length, tree.findings[0]?.check], [2, 'tree-too-many-files']);
  });
});

test('paths that differ in the case of their letters alone are a finding', () => {
  inFolder((root, write) => {
    write('Model.sql', '');
    write('model.sql', '');
    assert.deepEqual(
      readTree(root).findings.map(({ check, path }) => [check, path]),
      [['tree-case-clash', 'model.sql']],
    );
  });
});
