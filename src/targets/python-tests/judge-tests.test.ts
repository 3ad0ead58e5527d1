import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PytestReport, PytestResult } from '../../base/python/run-pytest.ts';
import { judgeTests } from './judge-tests.ts';

const at = { check: 'pytest', isOwn: (module: string) => module === 'shop' };

function result(more: Partial<PytestResult>): PytestResult {
  const place = { test: 'tests/test_a.py::test_one', path: 'tests/test_a.py', line: 4 };
  return { ...place, outcome: 'failed', message: '', seconds: 0.1, missing: [], ...more };
}

function told(report: Partial<PytestReport>): string[] {
  const { findings } = judgeTests({ results: [], uncollected: [], ended: null, ...report }, at);
  return findings.map(
    ({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`,
  );
}

test('a failing test is told with the first lines of its assertion, and is the finding of its outcome', () => {
  const results = [
    result({ message: 'assert 1 == 2\n  At index 0\n\n  Use -v to get more diff' }),
    result({ test: 'tests/test_a.py::test_two', outcome: 'passed' }),
  ];
  const { findings, of } = judgeTests({ results, uncollected: [], ended: null }, at);
  assert.deepEqual(
    findings.map(({ message }) => message),
    ['The test `test_one` fails: assert 1 == 2 At index 0'],
  );
  assert.equal(of.get('tests/test_a.py::test_one'), findings[0]);
  assert.equal(of.size, 1);
});

test('a module of the project that is missing is a fault; a package that is not here is not', () => {
  const place = { path: 'tests/test_b.py', line: 2, missing: ['moto'] };
  assert.deepEqual(
    told({
      results: [result({ message: "ModuleNotFoundError: No module named 'moto.s3'" })],
      uncollected: [
        { ...place, collect: 'tests/test_b.py', message: "ModuleNotFoundError: No module named 'shop.gone'" },
        { ...place, collect: 'tests/test_b.py', message: "ModuleNotFoundError: No module named 'moto'" },
      ],
    }),
    [
      "tests/test_b.py:2 failed error The tests of this file cannot be loaded: ModuleNotFoundError: No module named 'shop.gone'",
      'tests/test_a.py:null skipped note Tests in tests/test_a.py, tests/test_b.py were not run: they need the package `moto`, which is not installed here.',
    ],
  );
});

test('what fails after a package was looked for in vain could not be told; a module of the project is no package', () => {
  const results = [
    result({ message: "'NoneType' object has no attribute 'tasks'", missing: ['shop.gone', 'google.cloud.bigquery'] }),
    result({ test: 'tests/test_a.py::test_two', message: 'assert 0', missing: ['shop.gone'] }),
    result({
      message: "cannot import name 'bigquery' from 'google.cloud' (unknown location)",
      missing: ['google.cloud.bigquery'],
    }),
  ];
  assert.deepEqual(told({ results: results.slice(0, 2) }), [
    "tests/test_a.py:4 errored warning The test `test_one` fails here, where the code does not find google.cloud.bigquery: 'NoneType' object has no attribute 'tasks'",
    'tests/test_a.py:4 failed error The test `test_two` fails: assert 0',
  ]);
  assert.match(
    told({ results: results.slice(2) })[0] ?? '',
    /skipped note Tests in .* need the package `google.cloud.bigquery`/,
  );
});

test('what wants the network could not be told', () => {
  assert.deepEqual(told({ results: [result({ message: 'OSError: [Errno 101] Network is unreachable' })] }), [
    'tests/test_a.py:4 errored warning The test `test_one` wants the network, which tests do not have here.',
  ]);
});

test('a process that dies is told with the test before it', () => {
  assert.deepEqual(told({ results: [result({ outcome: 'passed' })], ended: 'x\n\nFatal Python error: Aborted' }), [
    'tests/test_a.py:null errored error pytest ended after `tests/test_a.py::test_one` and the rest could not be told: x Fatal Python error: Aborted',
  ]);
});

test('a conftest.py that lacks a package ends pytest, and nothing can be told; one that lacks a module of the project is a fault', () => {
  const ended = (module: string) =>
    told({
      results: [],
      ended: `tests/conftest.py:2: in <module>\nE   ModuleNotFoundError: No module named '${module}'`,
    });
  assert.deepEqual(ended('responses'), [
    'null:null skipped note The tests were not run: their conftest.py needs the package `responses`, which is not installed here.',
  ]);
  assert.match(ended('shop.limits')[0] ?? '', /errored error pytest ended before the first test/);
});
