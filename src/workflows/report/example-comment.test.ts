import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exampleComments } from '../../../scripts/example-comment/example-comments.ts';

const documented = new URL('../../../docs/example-comment.md', import.meta.url);

test('the documentation shows what the comment says of what was found', () => {
  const anew = 'node scripts/write-example-comment.ts --from-kept';
  assert.equal(exampleComments(), readFileSync(documented, 'utf8'), `${anew} writes it anew`);
});
