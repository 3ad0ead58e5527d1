import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { avroCases } from './cases/avro-cases.ts';
import type { Case } from './cases/case.ts';
import { jsonSchemaCases } from './cases/json-schema-cases.ts';
import { protobufCases } from './cases/protobuf-cases.ts';
import { dbtCases, ddlCases, odcsCases, snowflakeCases } from './cases/table-cases.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { FormatName } from './rule.ts';
import { withRuleTable } from './rule-table.ts';
import { rules } from './rules.ts';

const cases: readonly (readonly [FormatName, readonly Case[]])[] = [
  ['avro', avroCases],
  ['json-schema', jsonSchemaCases],
  ['protobuf', protobufCases],
  ['dbt', dbtCases],
  ['odcs', odcsCases],
  ['ddl', ddlCases],
  ['snowflake', snowflakeCases],
];

for (const [format, own] of cases) {
  for (const one of own) {
    test(`${format}: ${one.name}`, async () => {
      const answer = await compareSchemas({
        format,
        olds: [{ name: 'old', text: one.writer }],
        new: { name: 'new', text: one.reader },
        mode: 'backward',
        ...one.options,
      });
      assert.deepEqual([...new Set(answer.problems.map((problem) => problem.rule))].sort(), [...one.rules].sort());
      assert.equal(answer.compatible, one.rules.length === 0);
      const shown = one.rules.length > 0 && one.unconfirmed !== true;
      assert.equal(answer.counterexample !== null, shown, answer.because ?? 'a counterexample was not expected');
      if (one.rules.length > 0 && !shown) assert.ok(answer.because);
    });
  }
}

test('every rule can fire, and each name belongs to one rule', () => {
  const fired = new Set(cases.flatMap(([, own]) => own.flatMap((one) => [...one.rules])));
  const names: string[] = rules.map((rule) => rule.name);
  assert.deepEqual(
    names.filter((name) => ![...fired].some((rule) => rule === name)),
    [],
  );
  assert.equal(new Set(names).size, names.length);
  for (const rule of rules) assert.ok(rule.name.startsWith(`${rule.format}-`), rule.name);
});

test('docs/compatibility.md holds the table of these rules', () => {
  const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
  assert.equal(page, withRuleTable(page));
  for (const rule of rules) assert.ok(page.includes(`| \`${rule.name}\` |`), rule.name);
});
