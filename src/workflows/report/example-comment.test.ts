import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { longestComment, writeComment } from '../../delivery/checks/comment/write-comment.ts';
import { readChecks, readImpact } from './read-told.ts';

const golden = (name: string) => fileURLToPath(new URL(`../../../tests/report/golden/${name}.json`, import.meta.url));
const documented = new URL('../../../docs/example-comment.md', import.meta.url);

test('the example in the documentation is what the comment says of what was found', () => {
  const touched: string[] = JSON.parse(readFileSync(golden('touched'), 'utf8'));
  const comment = writeComment(
    {
      check: readChecks([golden('check')]),
      impact: readImpact(golden('impact')),
      plans: [],
      source: { blob: null, root: '', touched: new Set(touched) },
      seconds: null,
      run: null,
    },
    longestComment,
  );
  assert.equal(comment, readFileSync(documented, 'utf8'), 'node scripts/write-example-comment.ts writes it anew');
});
