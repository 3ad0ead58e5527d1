import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errored, failed, passed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { reportOf } from '../report.ts';
import type { ChangeTold, CommentInput, ReachedTold } from './comment-input.ts';
import { longestComment, writeComment } from './write-comment.ts';

const quiet: CommentInput = {
  check: null,
  impact: null,
  plans: [],
  source: { blob: 'https://git.example/o/r/blob/c0ffee/', root: 'data/', touched: null },
  seconds: null,
  times: {},
  run: null,
};

const model: ChangeTold = {
  key: 'dbt:model/shop.orders',
  effect: 'breaking',
  because: 'The column `fee` is gone.',
  columns: [{ name: 'fee', change: 'removed' }],
};
const dashboard: ReachedTold = {
  key: 'dbt:exposure/shop.finance',
  effect: 'breaking',
  because: 'Reads `fee`, which is gone.',
  via: [model.key, 'dbt:model/shop.daily', 'dbt:exposure/shop.finance'],
  owner: '@finance',
  serviceLevel: { every: null, within: null, by: '06:00 Asia/Kolkata' },
};

function written(input: Partial<CommentInput>, limit = longestComment): string {
  return writeComment({ ...quiet, ...input }, limit);
}

test('a change that does nothing, and checks that all pass, make one line', () => {
  const impact = { base: 'main', head: null, changed: [], reached: [], findings: [] };
  const check = reportOf([passed('a', 'A', null), passed('b', 'B', null)], { reused: 1 });
  assert.equal(
    written({ impact, check, seconds: 73.4, times: { 'dbt-compile dbt/shop': 61.2, quick: 0.1 } }),
    '✅ **Headgate:** Changes nothing that any asset does; nothing stops a release.\n\n<sub>2 checks passed · 1 answer reused · took 1 min 13 s · longest: `dbt-compile dbt/shop` 1 min 1 s</sub>\n',
  );
});

test('what to mend comes first, then whom it hurts, then what will be deployed', () => {
  const check = reportOf([
    failed('dag-imports', { path: 'dags/a.py', line: 7, message: 'No module named `x`.', hint: 'Add `x`.' }),
    failed('dag-owner', { path: 'dags/b.py', severity: 'warning', message: 'Nobody owns it.', hint: null }),
    skipped('dbt-compile', 'There is no warehouse.'),
    passed('no-secrets', 'No secret', null),
  ]);
  const impact = { base: 'main', head: null, changed: [model], reached: [dashboard], findings: [] };
  const plan = {
    environment: 'prod',
    steps: [
      { kind: 'upload', target: 'airflow', text: 'upload airflow/main' },
      { kind: 'build', target: 'dbt', text: 'build dbt/shop' },
      { kind: 'switch', target: 'airflow', text: 'switch airflow/main' },
    ],
    warnings: [{ unit: 'dbt/shop', because: 'a table that was dropped cannot be brought back' }],
    gate: { outcome: 'waiting', because: '1 approval is missing' },
  };
  assert.equal(
    written({ check, impact, plans: [plan] }),
    `### ⛔ Breaks \`dbt:model/shop.orders\`, which 1 team depends on; 1 finding must be mended before release.

#### To mend before release

1. [\`dags/a.py:7\`](https://git.example/o/r/blob/c0ffee/data/dags/a.py#L7): No module named \`x\`. <sub>\`dag-imports\`</sub>
   - **Mend:** Add \`x\`.

#### What changes for whom

|  | Changed | Why |
| --- | --- | --- |
| **breaks** | \`dbt:model/shop.orders\` | The column \`fee\` is gone. Columns: \`fee\` removed. |

|  | Reached | Whose | Why |
| --- | --- | --- | --- |
| **breaks** | \`dbt:exposure/shop.finance\` | @&#8203;finance<br>by 06:00 Asia/Kolkata | Reads \`fee\`, which is gone.<br><sub>from \`dbt:model/shop.orders\` → \`dbt:model/shop.daily\`</sub> |

#### What will be deployed

To **prod**, in this order: dbt → airflow (3 steps). Gate: waiting, 1 approval is missing.

Cannot be undone, or needs care:

- \`dbt/shop\`: a table that was dropped cannot be brought back

<details>
<summary>All 3 steps</summary>

1. &#8203;upload airflow/main
2. &#8203;build dbt/shop
3. &#8203;switch airflow/main

</details>

<details>
<summary>1 warning that stops nothing</summary>

- [\`dags/b.py\`](https://git.example/o/r/blob/c0ffee/data/dags/b.py): Nobody owns it. <sub>\`dag-owner\`</sub>

</details>

<details>
<summary>1 check could not say anything here</summary>

- \`dbt-compile\`: There is no warehouse.

</details>

<sub>1 check passed · 1 check could not say anything</sub>
`,
  );
});

test('findings in files that the change touches come before the others, whose warnings are only counted', () => {
  const at = (path: string, severity: 'error' | 'warning') =>
    failed('c', { path, line: 1, severity, message: `in ${path}`, hint: null });
  const check = reportOf([at('a.py', 'error'), at('b.py', 'error'), at('a.py', 'warning'), at('b.py', 'warning')]);
  const text = written({ check, source: { blob: null, root: '', touched: new Set(['b.py']) } });
  assert.match(text, /1\. `b\.py:1`: in b\.py[^\n]*\n2\. `a\.py:1`: in a\.py[^\n]*leaves alone/);
  assert.match(text, /1 warning that stops nothing/);
  assert.match(text, /Not listed: 1 warning in files that this change leaves alone\./);
});

test('checks that say the same of the same place are told once; one noisy check does not hide the others', () => {
  const same = ['a', 'b'].map((check) => errored(check, { message: 'dbt could not begin', hint: 'See dbt-parse.' }));
  assert.match(written({ check: reportOf(same) }), /1\. \*\*The project:\*\*[^\n]*<sub>`a`, `b`<\/sub>/);
  const noisy = Array.from({ length: 9 }, (_, index) =>
    failed('noisy', { path: 'a.py', line: index + 1, message: `m${index}`, hint: null }),
  );
  const text = written({
    check: reportOf([...noisy, failed('rare', { path: 'z.py', message: 'rare one', hint: null })]),
  });
  assert.ok(text.indexOf('rare one') < text.indexOf('<details>'));
  assert.match(text, /<summary>5 more findings to mend<\/summary>/);
});

test('of whom it reaches, what was promised is first, then one asset of every owner', () => {
  const one = (key: string, owner: string | null) => ({ ...dashboard, key, owner, serviceLevel: null });
  const promised = { ...dashboard, key: 'z', owner: 'b' };
  const reached = [one('a1', 'a'), one('a2', 'a'), one('a3', 'a'), one('c1', 'c'), one('n1', null), promised];
  const text = written({ impact: { base: 'main', head: null, changed: [model], reached, findings: [] } });
  const keys = [...text.matchAll(/^\| \*\*breaks\*\* \| `(\w+)` \|/gm)].map(([, key]) => key);
  assert.deepEqual(keys, ['z', 'a1', 'c1', 'n1', 'a2', 'a3']);
  assert.match(text, /^### ⚠️ Breaks `dbt:model\/shop\.orders`, which 3 teams depend on\./);
});

test('what people look at comes before what only feeds it; tests come last', () => {
  const keys = ['dbt:model/a', 'dbt:test/b', 'dbt:exposure/c', 'dbt:model/d'];
  const reached = keys.map((key) => ({
    ...dashboard,
    key,
    owner: key === 'dbt:test/b' ? 'b' : 'a',
    serviceLevel: null,
  }));
  const text = written({ impact: { base: 'main', head: null, changed: [model], reached, findings: [] } });
  const order = [...text.matchAll(/^\| \*\*breaks\*\* \| `([^`]+)` \|/gm)].map(([, key]) => key);
  assert.deepEqual(order, [model.key, 'dbt:exposure/c', 'dbt:model/a', 'dbt:model/d', 'dbt:test/b']);
});

test('what could not be told is no calm', () => {
  const unknown = { ...model, effect: 'unknown' as const };
  const impact = { base: 'main', head: null, changed: [unknown, { ...unknown, key: 'b' }], reached: [], findings: [] };
  assert.match(
    written({ impact }),
    /^### ⚠️ What it does to 2 assets that nothing else here depends on could not be told\./,
  );
  const partly = {
    ...impact,
    changed: [],
    findings: [errored('impact', { message: 'dbt/shop cannot be read', hint: null })],
  };
  assert.match(
    written({ impact: partly }),
    /^### ⛔ What it does could not be told in full; 1 check result could not be told\./,
  );
  const check = reportOf([errored('dbt-parse', { message: 'dbt fell over', hint: null })]);
  assert.match(written({ check }), /^### ⛔ 1 check result could not be told\./);
});

test('a comment never gets longer than GitHub takes, and counts what it leaves out', () => {
  const findings = Array.from({ length: 2000 }, (_, index) =>
    failed('c', { path: `f${index}.py`, line: 1, message: '&'.repeat(700), hint: 'h|'.repeat(300) }),
  );
  const changed = Array.from({ length: 3000 }, (_, index) => ({ ...model, key: `k${index}` }));
  const reached = changed.map(({ key }) => ({ ...dashboard, key: `r${key}`, via: [key, `r${key}`] }));
  const impact = { base: 'main', head: null, changed, reached, findings: [] };
  const text = written({ check: reportOf(findings), impact });
  assert.ok(text.length <= longestComment, `${text.length}`);
  assert.match(
    text,
    /^### ⛔ Breaks 3000 assets that 1 team depends on; 2000 findings must be mended before release\./,
  );
  assert.match(text, /…and \d+ more findings, left out here\./);
  assert.ok(written({ check: reportOf(findings) }, 2000).length <= 2000);
});

const word = fc.string({
  unit: fc.constantFrom('|', '`', '\n', '<', '>', '@a', '#1', '\\', '</details>', '<!--', '*', '- ', 'x', '\u202e'),
  maxLength: 12,
});
const anyFinding: fc.Arbitrary<Finding> = fc.record({
  check: word,
  asset: fc.constant(null),
  path: fc.oneof(fc.constant(null), word),
  line: fc.constantFrom(null, 3),
  status: fc.constantFrom(
    'failed' as const,
    'errored' as const,
    'skipped' as const,
    'flaky' as const,
    'passed' as const,
  ),
  severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
  message: word,
  hint: fc.oneof(fc.constant(null), word),
});
const anyInput = fc.record({
  findings: fc.array(anyFinding, { maxLength: 9 }),
  changed: fc.array(
    fc.record({
      key: word,
      effect: fc.constantFrom('none' as const, 'compatible' as const, 'unknown' as const, 'breaking' as const),
      because: word,
      columns: fc.oneof(fc.constant(null), fc.array(fc.record({ name: word, change: fc.constant('added' as const) }))),
    }),
    { maxLength: 9 },
  ),
  owner: word,
});

test('whatever is said, folds close, table rows keep their cells, and order does not depend on the order given', () => {
  fc.assert(
    fc.property(anyInput, ({ findings, changed, owner }) => {
      const reached = changed.map(({ key, effect }) => ({
        ...dashboard,
        key,
        effect,
        via: [key, key, key, key],
        owner,
      }));
      const impact = { base: 'main', head: null, changed, reached, findings: [] };
      const plans = [
        {
          environment: owner,
          steps: [{ kind: 'build', target: owner, text: owner }],
          warnings: [{ unit: owner, because: owner }],
          gate: { outcome: owner, because: owner },
        },
      ];
      const text = written({ check: reportOf(findings), impact, plans });
      const lines = text.split('\n');
      assert.equal(count(lines, '<details>'), count(lines, '</details>'));
      for (const line of lines) {
        const bare = line.replace(/`[^`]*`/g, '').replace(/<\/?(sub|code|summary|details|br)>/g, '');
        assert.doesNotMatch(bare, /[<>]|@(?!&#8203;)/);
        if (line.startsWith('|')) assert.ok([4, 5].includes(line.split('|').length - 1), line);
      }
      const turned = { ...impact, changed: changed.toReversed(), reached: reached.toReversed() };
      if (new Set(changed.map(({ key }) => key)).size === changed.length)
        assert.equal(written({ check: reportOf(findings.toReversed()), impact: turned, plans }), text);
    }),
    { numRuns: 300 },
  );
});

function count(lines: readonly string[], wanted: string): number {
  return lines.filter((line) => line === wanted).length;
}
