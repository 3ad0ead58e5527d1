import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { reportOf } from '../../../delivery/checks/report.ts';
import { failed, passed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { reportLines } from './report-lines.ts';

function lines(findings: Finding[], all = false): string[] {
  return reportLines(reportOf(findings), { all }).map(stripVTControlCharacters);
}

test('what stops a release comes first, by file, each with what to do', () => {
  const report = [
    failed('dag-owner', {
      path: 'a.py',
      line: 3,
      severity: 'warning',
      message: 'Nobody owns it.',
      hint: 'Name an owner.',
    }),
    failed('dag-imports', { path: 'b.py', line: 7, message: 'It cannot be imported.', hint: 'Add the module.' }),
    skipped('dbt-compile', 'There is no warehouse.'),
    passed('no-secrets', 'No secret is written in a file', null),
  ];
  assert.deepEqual(lines(report), [
    'b.py',
    '  x line 7: It cannot be imported. [dag-imports]',
    '      Add the module.',
    '',
    'a.py',
    '  ! line 3: Nobody owns it. [dag-owner]',
    '      Name an owner.',
    '',
    'skipped dbt-compile: There is no warehouse.',
    '',
    '1 finding stops a release. Besides: 1 warning. 1 check passed, 1 could not say anything.',
  ]);
});

test('many alike are counted, many files are counted, and --all shows them', () => {
  const alike = Array.from({ length: 7 }, (_, index) =>
    failed('x', { path: 'a.py', line: index + 1, severity: 'warning', message: `m${index}`, hint: 'h' }),
  );
  assert.deepEqual(lines(alike).slice(7, 8), ['    and 2 more of x']);
  const many = Array.from({ length: 15 }, (_, index) =>
    failed('x', { path: `f${String(index).padStart(2, '0')}.py`, severity: 'warning', message: 'm', hint: null }),
  );
  assert.equal(lines(many).at(-3), '3 more that stop nothing, in 3 files; --all shows them.');
  assert.equal(lines(many, true).filter((line) => line.startsWith('  !')).length, 15);
});

test('checks that were skipped for the same reasons make one line, with a few of them', () => {
  const parts = ['a', 'b', 'c', 'd', 'e'].map((part) => skipped('pytest', `No tests for ${part}.`));
  const report = [...parts, skipped('x', 'No warehouse.'), skipped('y', 'No warehouse.')];
  assert.deepEqual(lines(report).slice(0, 2), [
    'skipped pytest: No tests for a. No tests for b. No tests for c. And 2 more reasons.',
    'skipped x, y: No warehouse.',
  ]);
  assert.equal(lines(report, true).filter((line) => line.includes('No tests for')).length, 5);
});

test('notes are shown with --all only', () => {
  const note = failed('python-lint', {
    path: 'a.py',
    line: 1,
    severity: 'note',
    message: 'Line too long.',
    hint: null,
  });
  assert.deepEqual(lines([note]), [
    'Nothing here stops a release. Besides: 1 note (--all shows them). 0 checks passed.',
  ]);
  assert.equal(lines([note], true)[1], '  - line 1: Line too long. [python-lint]');
});
