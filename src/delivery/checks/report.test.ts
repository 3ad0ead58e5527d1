import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errored, failed, passed, skipped } from '../../model/check-finding.ts';
import type { Finding, FindingStatus, Severity } from '../../model/finding.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import { exitOf, reportOf } from './report.ts';
import { withoutRetold } from './retold.ts';
import { selectChecks } from './select-checks.ts';

test('what stops a release comes first, then the rest by status, severity and place', () => {
  const findings = [
    passed('a', 'All well', null),
    skipped('a', 'No dbt here'),
    failed('b', { path: 'z.py', line: 9, severity: 'warning', message: 'w', hint: null }),
    errored('c', { message: 'could not tell', hint: null }),
    failed('b', { path: 'b.py', line: 2, message: 'two', hint: null }),
    failed('b', { path: 'b.py', line: 1, message: 'one', hint: null }),
  ];
  const { findings: sorted, summary } = reportOf(findings);
  assert.deepEqual(
    sorted.map(({ message }) => message),
    ['one', 'two', 'could not tell', 'w', 'No dbt here', 'All well.'],
  );
  assert.deepEqual(summary, { passed: 1, failed: 3, errored: 1, skipped: 1, blocking: 3, reused: 0 });
});

test('any order of the same findings, repeated or not, gives the same report', () => {
  const finding = fc.record({
    check: fc.constantFrom('a', 'b'),
    asset: fc.constantFrom<AssetKey | null>(null, assetKey('airflow:dag', 'x')),
    path: fc.constantFrom(null, 'a.py', 'b.py'),
    line: fc.constantFrom(null, 1, 2),
    status: fc.constantFrom<FindingStatus>('passed', 'failed', 'errored', 'skipped', 'flaky'),
    severity: fc.constantFrom<Severity>('error', 'warning', 'note'),
    message: fc.constantFrom('m', 'n'),
    hint: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 12 }), (findings: Finding[]) => {
      assert.deepEqual(reportOf([...findings].reverse().concat(findings)), reportOf(findings));
    }),
  );
});

test('the exit status says no before it says could not tell', () => {
  const no = failed('a', { message: 'no', hint: null });
  const unknown = errored('a', { message: '?', hint: null });
  const warning = failed('a', { message: 'w', hint: null, severity: 'warning' });
  assert.equal(exitOf(reportOf([warning])), 0);
  assert.equal(exitOf(reportOf([unknown, warning])), 3);
  assert.equal(exitOf(reportOf([unknown, no])), 1);
});

test('checks are chosen by name or by the beginning of it; an unknown name says what was meant', () => {
  const quick = (name: string) => ({ name, slow: false });
  const checks = [quick('dag-imports'), quick('dag-owner'), quick('no-secrets')];
  assert.deepEqual(selectChecks(checks, [], false), checks);
  assert.deepEqual(selectChecks(checks, ['dag-*'], false), checks.slice(0, 2));
  assert.throws(
    () => selectChecks(checks, ['dag-import'], false),
    /no check named "dag-import". Did you mean "dag-imports"\?/,
  );
  assert.throws(() => selectChecks(checks, ['nothing-like-it'], false), /no check named "nothing-like-it"\.$/);
});

test('a slow check is carried out when it is named in full or asked for', () => {
  const checks = [
    { name: 'dbt-parse', slow: false },
    { name: 'dbt-build', slow: true },
  ];
  const names = (only: string[], slow: boolean) => selectChecks(checks, only, slow).map(({ name }) => name);
  assert.deepEqual(names([], false), ['dbt-parse']);
  assert.deepEqual(names(['dbt-*'], false), ['dbt-parse']);
  assert.deepEqual(names(['dbt-build'], false), ['dbt-build']);
  assert.deepEqual(names(['dbt-*'], true), ['dbt-parse', 'dbt-build']);
});

test('two DAGs with one id are told once, by the check that names the other place', () => {
  const asset = assetKey('airflow:dag', 'x');
  const general = failed('asset-key-twice', { asset, message: 'Two assets', hint: null });
  const own = failed('dag-duplicate-ids', { asset, message: 'also in', hint: null });
  assert.deepEqual(withoutRetold([general, own]), [own]);
  assert.deepEqual(withoutRetold([general]), [general]);
  const elsewhere = failed('dag-duplicate-ids', {
    asset: assetKey('airflow:dag', 'y'),
    message: 'also in',
    hint: null,
  });
  assert.deepEqual(withoutRetold([general, elsewhere]), [general, elsewhere]);
  const reference = (check: string, line: number) => failed(check, { path: 'a.sql', line, message: 'm', hint: null });
  assert.deepEqual(withoutRetold([reference('dbt-ref-missing', 1), reference('dbt-parse', 2)]).length, 2);
  assert.deepEqual(withoutRetold([reference('dbt-ref-missing', 2), reference('dbt-parse', 2)]).length, 1);
});

test('a Spark job without its application is told once, by the check that names the job', () => {
  const asset = assetKey('spark:job', 'settle');
  const general = failed('spark-main-missing', { asset, path: 'jobs/settle.py', message: 'not there', hint: null });
  const own = failed('spark-job', { asset, path: 'headgate.yaml', message: 'starts it', hint: null });
  assert.deepEqual(withoutRetold([general, own]), [own]);
  const other = failed('spark-job', { asset: assetKey('spark:job', 'x'), message: 'starts it', hint: null });
  assert.deepEqual(withoutRetold([general, other]), [general, other]);
});
