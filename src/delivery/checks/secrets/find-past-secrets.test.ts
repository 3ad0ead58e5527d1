import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedLines } from './added-lines.ts';
import { findPastSecrets } from './find-past-secrets.ts';

const SECRET = ['AKIA', 'Z3MSVQ6YD5LXT2RB'].join('');
const LOG = `\0${'a'.repeat(40)}

diff --git a/jobs/keys.py b/jobs/keys.py
index 1..2 100644
--- a/jobs/keys.py
+++ b/jobs/keys.py
@@ -3,0 +4,2 @@ def x():
+# ++ b/other.py
+KEY = "${SECRET}"
@@ -9 +11 @@
-old
+new
diff --git a/gone.py b/gone.py
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-x
\0${'b'.repeat(40)}

diff --git a/jobs/keys.py b/jobs/keys.py
--- a/jobs/keys.py
+++ b/jobs/keys.py
@@ -5 +4,0 @@
-KEY = "${SECRET}"
`;

test('added lines are read with their place, also those that look like headings', () => {
  assert.deepEqual(
    addedLines(LOG).map(({ commit, path, line, lines }) => [commit[0], path, line, lines.length]),
    [
      ['a', 'jobs/keys.py', 4, 2],
      ['a', 'jobs/keys.py', 11, 1],
    ],
  );
});

test('a secret that a later commit took out is told once, without itself', () => {
  const [finding, ...more] = findPastSecrets(addedLines(LOG), () => 'new\n');
  assert.deepEqual(more, []);
  assert.deepEqual(
    [finding?.check, finding?.path, finding?.line, finding?.severity],
    ['secrets-in-change', 'jobs/keys.py', 5, 'error'],
  );
  assert.match(finding?.message ?? '', /^An AWS access key was written in this line by commit aaaaaaaaaa; it is gone/);
  assert.ok(!JSON.stringify(finding).includes(SECRET.slice(4)));
});

test('what is still in the file is left to no-secrets', () => {
  assert.deepEqual(
    findPastSecrets(addedLines(LOG), () => `x\nKEY = "${SECRET}"\n`),
    [],
  );
});
