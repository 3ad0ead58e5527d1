import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isFailure } from '../../base/errors.ts';
import { exitOf, reportOf } from '../../delivery/checks/report.ts';
import type { Impact } from '../../delivery/impact/impact.ts';
import { errored, failed, passed } from '../../model/check-finding.ts';
import { assetKey } from '../../model/identifiers.ts';
import { PlannedShape } from '../../server/contract.ts';
import { readCheck, readImpact, readPlan } from './read-told.ts';

const folder = mkdtempSync(join(tmpdir(), 'headgate-told-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const digest = `sha256:${'0'.repeat(64)}`;
const plan = {
  ...{ digest, project: 'shop', environment: 'prod', bundle: digest, start: digest, lines: ['1. build dbt/shop'] },
  steps: [{ kind: 'build', target: 'dbt', text: 'build dbt/shop' }],
  warnings: [{ unit: 'dbt/shop', because: 'the old table is dropped', breaks: null }],
};

test('a plan is read as the control plane prints it, of a bundle and of a release', () => {
  const planned = PlannedShape.parse({
    plan,
    gate: { outcome: 'waiting', because: 'nobody approved' },
    differences: [],
  });
  const told = {
    environment: 'prod',
    steps: [{ kind: 'build', target: 'dbt', text: 'build dbt/shop' }],
    warnings: [{ unit: 'dbt/shop', because: 'the old table is dropped' }],
  };
  assert.deepEqual(readPlan(file('a.json', planned)).told, { ...told, gate: planned.gate });
  assert.deepEqual(readPlan(file('b.json', planned.plan)).told, { ...told, gate: null });
});

test('an impact is read as it is printed', () => {
  const [key, reached] = [assetKey('dbt:model', 'shop.a'), assetKey('airflow:dag', 'b')];
  const impact: Impact = {
    changed: [{ key, effect: 'breaking', because: 'x', columns: [{ name: 'c', change: 'removed' }] }],
    reached: [
      {
        key: reached,
        effect: 'breaking',
        because: 'y',
        via: [key, reached],
        owner: null,
        serviceLevel: { every: '1h', within: null, by: null },
      },
    ],
    findings: [failed('c', { message: 'm', hint: null })],
  };
  const printed = { base: 'b', head: null, asked: 'main', compared: 'with main', ...impact };
  const told = { base: 'b', head: null, ...impact };
  assert.deepEqual(readImpact(file('i.json', printed)), { told, trouble: null });
});

test('a check report is read as it is printed, its sums counted anew', () => {
  const findings = [failed('a', { message: 'm', hint: 'h', path: 'x', line: 2 }), passed('b', 'B', null)];
  for (const more of [{ reused: 3 }, { reused: 0, shard: { index: 1, of: 2, cut: 'c' } }]) {
    const printed = reportOf(findings, more);
    assert.deepEqual(readCheck(file('c', { ...printed, summary: { ...printed.summary, blocking: 0 } })), printed);
  }
});

test('a command that failed is a finding that stops a release, not silence', () => {
  const failure = file('f', { error: { code: 'git-history-shallow', message: 'Too shallow.', hint: 'Fetch all.' } });
  const { told, trouble } = readImpact(failure);
  assert.equal(told, null);
  assert.deepEqual(
    trouble,
    errored('impact', { message: 'What this change does could not be told. Too shallow.', hint: 'Fetch all.' }),
  );
  assert.equal(exitOf(readCheck(failure)), 3);
  assert.equal(readPlan(failure).trouble?.severity, 'warning');
});

test('a file that is something else is refused with what is wrong in it', () => {
  const refused = (because: RegExp) => (error: unknown) =>
    isFailure(error, 'report-file-unreadable') && because.test(error.message);
  assert.throws(() => readPlan(file('x', 'null')), refused(/headgate plan --json/));
  assert.throws(() => readCheck(file('x', '{')), refused(/JSON/));
  assert.throws(
    () => readImpact(file('x', { base: 'b', changed: [{ key: 'k', effect: 'bad' }] })),
    refused(/changed\.0\.effect/),
  );
  assert.throws(() => readCheck(join(folder, 'absent')), refused(/ENOENT/));
});
