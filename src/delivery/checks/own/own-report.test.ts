import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnCheck, OwnReport } from '../../project/checking.ts';
import { judgeOwnRun, type OwnRun } from './own-report.ts';

function judge(kind: OwnReport['kind'], run: Partial<OwnRun>, more: Partial<OwnCheck> & { pattern?: string } = {}) {
  const { pattern = null, ...rest } = more;
  const own: OwnCheck = {
    ...{ name: 'own', title: null, command: ['tool', 'a'], inputs: ['**'], folder: '', severity: 'error' },
    ...{ budgetSeconds: null, variables: [], runtime: null, mayFlake: false, report: { kind, file: null, pattern } },
    ...rest,
  };
  const { findings, outcomes } = judgeOwnRun(own, { status: 0, failure: null, text: '', output: '', ...run });
  const said = findings.map(
    ({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`,
  );
  return { said, outcomes };
}

test('by exit status', () => {
  assert.deepEqual(judge('exit-status', {}).said, []);
  assert.deepEqual(judge('exit-status', { status: 2, output: ' broke\n' }, { severity: 'warning' }).said, [
    'null:null failed warning `tool a` ended with 2: broke',
  ]);
});

test('what could not be started, was stopped, or wrote nothing is no pass', () => {
  assert.deepEqual(judge('junit', { status: null, failure: 'spawn tool ENOENT' }).said, [
    'null:null errored error own could not tell: spawn tool ENOENT.',
  ]);
  assert.match(
    judge('sarif', { text: null }).said[0] ?? '',
    /errored error own could not tell: it did not write a report/,
  );
  for (const kind of ['junit', 'sarif', 'json-lines'] as const)
    assert.match(judge(kind, { text: 'nonsense' }).said[0] ?? '', /errored/);
  for (const [kind, text] of [
    ['regex', 'all well'],
    ['json-lines', ''],
    ['sarif', '{"runs":[]}'],
    ['junit', '<testsuites/>'],
  ] as const)
    assert.match(
      judge(kind, { status: 1, text }, { pattern: '(?<message>!.*)' }).said[0] ?? '',
      /failed error `tool a` ended with 1/,
    );
});

test('JUnit: every test is told, with what is wrong', () => {
  const text = `<?xml version="1.0"?><!-- x --><testsuites><testsuite name="s" tests="4">
    <testcase classname="tests.a" name="ok" time="0.5"/>
    <testcase file="tests/a.py" line="7" name="bad"><failure message="1 &lt; 2 &amp; &#34;so&#34;">trace</failure></testcase>
    <testcase classname="tests.a" name="broken"><error><![CDATA[boom <b>
      more]]></error><system-out>x</system-out></testcase>
    <testcase classname="tests.a" name="left"><skipped/></testcase></testsuite></testsuites>`;
  const { said, outcomes } = judge('junit', { status: 1, text });
  assert.deepEqual(said, [
    'tests/a.py:7 failed error tests/a.py::bad: 1 < 2 & "so"',
    'null:null failed error tests.a::broken: boom <b>',
  ]);
  assert.deepEqual(
    outcomes.map(({ test: name, outcome, seconds }) => [name, outcome, seconds]),
    [
      ['tests.a::ok', 'passed', 0.5],
      ['tests/a.py::bad', 'failed', null],
      ['tests.a::broken', 'errored', null],
      ['tests.a::left', 'skipped', null],
    ],
  );
});

test('SARIF: suppressed results are left out, levels count, paths stay inside the project', () => {
  const at = (uri: string, startLine: number) => [
    { physicalLocation: { artifactLocation: { uri }, region: { startLine } } },
  ];
  const results = [
    { ruleId: 'R1', level: 'warning', message: { text: 'odd' }, locations: at('./src/a.py', 3) },
    { message: { text: 'plain' }, locations: at('../../etc/passwd', 1) },
    { message: { text: 'silenced' }, suppressions: [{}] },
  ];
  assert.deepEqual(judge('sarif', { text: JSON.stringify({ runs: [{ results }] }) }).said, [
    'src/a.py:3 failed warning odd [R1]',
    'null:1 failed error plain',
  ]);
});

test('JSON lines and a pattern of file and line', () => {
  const text = '{"message":"m","path":"a.py","line":2,"severity":"note"}\n\n{"message":"n"}\n';
  assert.deepEqual(judge('json-lines', { text }).said, ['a.py:2 failed note m', 'null:null failed error n']);
  const pattern = '^(?<path>[^:]+):(?<line>\\d+): (?<message>.+)$';
  assert.deepEqual(judge('regex', { status: 1, text: 'a.py:12: bad\nsummary\n' }, { pattern }).said, [
    'a.py:12 failed error bad',
  ]);
});
