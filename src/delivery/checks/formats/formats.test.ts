import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errored, failed, passed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { assetKey } from '../../../model/identifiers.ts';
import { reportOf } from '../report.ts';
import { annotations } from './annotations.ts';
import { codeQuality } from './code-quality.ts';
import { junit } from './junit.ts';
import { type FormatContext, sarif } from './sarif.ts';

const context: FormatContext = {
  root: 'data/',
  blob: null,
  titles: { 'dag-imports': 'Airflow can import every DAG file' },
  version: '0.1.0',
};
const broken = failed('dag-imports', {
  path: 'dags/a b.py',
  line: 7,
  asset: assetKey('airflow:dag', 'a'),
  message: 'No module named "x": 100%, <y>',
  hint: 'Add it.',
});
const unclear = errored('dbt-parse', { message: 'dbt said\nnothing', hint: null });
const note = failed('python-lint', { path: 'x.py', line: 1, severity: 'note', message: 'Too long.', hint: null });
const report = reportOf([broken, unclear, note, skipped('dbt-compile', 'No dbt.'), passed('no-secrets', 'None', null)]);

test('annotations carry file, line and words as the runner takes them apart', () => {
  assert.equal(
    annotations(report, context),
    [
      '::error file=data/dags/a b.py,line=7,title=dag-imports::No module named "x": 100%25, <y>%0AHow to mend: Add it.',
      '::error title=dbt-parse::dbt said%0Anothing',
      '::notice file=data/x.py,line=1,title=python-lint::Too long.',
      '',
    ].join('\n'),
  );
  const comma = failed('c', { path: 'a,b:c.py', line: 1, message: 'm\r::warning::x', hint: null });
  assert.equal(
    annotations(reportOf([comma]), { root: '' }),
    '::error file=a%2Cb%3Ac.py,line=1,title=c::m%0D::warning::x\n',
  );
});

test('of each level ten annotations are written and the rest is counted', () => {
  const many = Array.from({ length: 25 }, (_, index) => failed('c', { message: `m${index}`, hint: null }));
  const lines = annotations(reportOf([...many, note]), context)
    .trimEnd()
    .split('\n');
  assert.equal(lines.filter((line) => line.startsWith('::error')).length, 10);
  assert.equal(lines.at(-1), '15 more; GitHub shows 10 of each level.');
  assert.ok(lines.some((line) => line.startsWith('::notice')));
});

test('SARIF has a rule with help for each check, and places that a viewer can open', () => {
  const [run] = JSON.parse(sarif(report, context)).runs;
  assert.deepEqual(
    run.tool.driver.rules.map(({ id, shortDescription }: { id: string; shortDescription: { text: string } }) => [
      id,
      shortDescription.text,
    ]),
    [
      ['dag-imports', 'Airflow can import every DAG file'],
      ['dbt-parse', 'Dbt parse'],
      ['python-lint', 'Python lint'],
    ],
  );
  const [first, second] = run.results;
  assert.equal(first.level, 'error');
  assert.deepEqual(first.locations[0].physicalLocation, {
    artifactLocation: { uri: 'data/dags/a%20b.py', uriBaseId: 'ROOT' },
    region: { startLine: 7 },
  });
  assert.equal(first.locations[0].logicalLocations[0].fullyQualifiedName, 'airflow:dag/a');
  assert.equal(second.locations[0].physicalLocation.artifactLocation.uri, 'data/headgate.yaml');
  assert.equal(run.invocations[0].toolExecutionNotifications.length, 1);
});

test('a fingerprint stays when lines move, and two findings never share one', () => {
  const at = (line: number, message = 'also in b.py:3, line 9') =>
    failed('c', { path: 'a.py', line, message, hint: null });
  const prints = (findings: Finding[]) =>
    JSON.parse(codeQuality(reportOf(findings), context)).map(({ fingerprint }: { fingerprint: string }) => fingerprint);
  assert.deepEqual(prints([at(4)]), prints([at(40, 'also in b.py:30, line 90')]));
  const two = prints([at(4), at(5)]);
  assert.notEqual(two[0], two[1]);
  assert.deepEqual(prints([at(14), at(15)]), two);
  assert.notDeepEqual(prints([at(4, 'another')]), prints([at(4)]));
});

test('JUnit fails only for what stops a release', () => {
  assert.equal(
    junit(report, context),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="headgate" tests="5" failures="1" errors="1" skipped="1">
  <testsuite name="dag-imports" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="headgate.dag-imports" name="dags/a b.py:7" file="data/dags/a b.py" line="7">
      <failure type="dag-imports" message="No module named &#34;x&#34;: 100%, &#60;y&#62;">No module named &#34;x&#34;: 100%, &#60;y&#62;&#10;How to mend: Add it.</failure>
    </testcase>
  </testsuite>
  <testsuite name="dbt-compile" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="headgate.dbt-compile" name="No dbt.">
      <skipped message="No dbt."/>
    </testcase>
  </testsuite>
  <testsuite name="dbt-parse" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="headgate.dbt-parse" name="the project">
      <error type="dbt-parse" message="dbt said&#10;nothing">dbt said&#10;nothing</error>
    </testcase>
  </testsuite>
  <testsuite name="no-secrets" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="headgate.no-secrets" name="None."/>
  </testsuite>
  <testsuite name="python-lint" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="headgate.python-lint" name="x.py:1" file="data/x.py" line="1">
      <system-out>note: Too long.</system-out>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2 }),
    fc.constantFrom('\ud800', '\0', '\ufffe', ']]>', '%0A', '\n'),
  ),
  maxLength: 12,
});
const anyFinding: fc.Arbitrary<Finding> = fc.record({
  check: fc.constantFrom('a', 'b-c', '__proto__'),
  asset: fc.constantFrom(null, assetKey('airflow:dag', 'x')),
  path: fc.oneof(fc.constant(null), anyText),
  line: fc.constantFrom(null, 1, 99),
  status: fc.constantFrom(
    'passed' as const,
    'failed' as const,
    'errored' as const,
    'skipped' as const,
    'flaky' as const,
  ),
  severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
  message: anyText,
  hint: fc.oneof(fc.constant(null), anyText),
});

test('whatever findings say, each format stays well formed and holds each finding once', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 8 }), (findings) => {
      const any = reportOf(findings);
      const told = any.findings.filter(({ status }) => ['failed', 'errored', 'flaky'].includes(status));
      assert.equal(JSON.parse(sarif(any, context)).runs[0].results.length, told.length);
      assert.equal(
        new Set(JSON.parse(codeQuality(any, context)).map(({ fingerprint }: { fingerprint: string }) => fingerprint))
          .size,
        told.length,
      );
      assert.equal(annotations(any, context).trimEnd().split('\n').length, Math.max(1, told.length));
      assert.equal(elementsOf(junit(any, context)).filter((name) => name === 'testcase').length, any.findings.length);
    }),
    { numRuns: 300 },
  );
});

/** Reads XML strictly: every element is closed, attributes are quoted, references are whole, characters are allowed. */
function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  assert.ok(xml.isWellFormed());
  assert.match(xml, /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  const tokens = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>/, '').match(/<[^>]*>|[^<]+/g) ?? [];
  for (const token of tokens) {
    const tag = /^<(\/?)([a-z-]+)((?: [a-z]+="(?:[^"&<]|&#\d+;)*")*)(\/?)>$/.exec(token);
    if (tag === null) {
      assert.match(token, /^(?:[^<>&]|&#\d+;)*$/);
      continue;
    }
    const [, closing, name = '', , empty] = tag;
    if (closing === '/') assert.equal(open.pop(), name);
    else {
      names.push(name);
      if (empty === '') open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return names;
}
