import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { longestComment, writeComment } from '../../delivery/checks/comment/write-comment.ts';
import { readChecks, readImpact, readPlan } from './read-told.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documented = readFileSync(`${root}docs/example-comment.md`, 'utf8');

for (const change of ['broken', 'fails-at-run']) {
  test(`the example in the documentation is what the comment says of what was found (${change})`, () => {
    const golden = (name: string) => `${root}tests/report/golden/${change}/${name}.json`;
    const touched: string[] = JSON.parse(readFileSync(golden('touched'), 'utf8'));
    const comment = writeComment(
      {
        check: readChecks([golden('check')]),
        impact: readImpact(golden('impact')),
        plans: existsSync(golden('plan')) ? [readPlan(golden('plan'))] : [],
        source: { blob: null, root: '', touched: new Set(touched) },
        seconds: null,
        run: null,
      },
      longestComment,
    );
    assert.ok(
      documented.includes(comment),
      `node scripts/write-example-comment.ts writes it anew; it should say:\n${comment}`,
    );
  });
}
