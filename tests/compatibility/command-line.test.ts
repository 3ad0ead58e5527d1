import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'headgate-compat-'));
after(() => rmSync(folder, { recursive: true }));

const files = {
  'v1.avsc': '{"type":"record","name":"Order","fields":[{"name":"id","type":"int"}]}',
  'v2.avsc': '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}',
  'v3.avsc': '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"n","type":"Note"}]}',
  'note.avsc': '{"type":"record","name":"Note","fields":[]}',
  'broken.avsc': '{"type":"record",\n"name":"Order",\n"fields":[{"name":"id"}]}',
  'pairs.json': '{"type":"string","pattern":"^(?:aa|bb)$"}',
  'twice.json': '{"type":"string","pattern":"^([ab])\\\\1$"}',
  'circle.json': '{"allOf":[{"$ref":"#"}]}',
  'deep.json': `${'{"items":'.repeat(9000)}true${'}'.repeat(9000)}`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

function compat(...words: string[]): { status: number | null; out: string; trouble: string } {
  const ran = spawnSync(process.execPath, [main, 'compat', ...words], { cwd: folder, encoding: 'utf8' });
  return { status: ran.status, out: ran.stdout, trouble: ran.stderr };
}

test('exit status 0: the new version reads the old one', () => {
  const { status, out } = compat('avro', 'v1.avsc', 'v2.avsc');
  assert.deepEqual([status, out.trim()], [0, 'v2.avsc is backward compatible with v1.avsc.']);
});

test('exit status 1: the documented shape, with a record that shows it', () => {
  const { status, out } = compat('avro', 'v1.avsc', 'v2.avsc', '--mode', 'full', '--json');
  assert.equal(status, 1);
  const answer = JSON.parse(out);
  assert.deepEqual(answer.problems, [
    {
      rule: 'avro-type-changed',
      path: '$.id',
      message: 'long cannot be read as int.',
      against: 'v1.avsc',
      direction: 'forward',
    },
  ]);
  assert.deepEqual(answer.counterexample.value, { id: 2 ** 40 });
  assert.equal(answer.counterexample.bytes, '808080808040');
});

test('each old version is looked at when asked, and named', () => {
  const last = compat('avro', 'v2.avsc', 'v1.avsc', 'v1.avsc', '--json');
  const all = compat('avro', 'v2.avsc', 'v1.avsc', 'v1.avsc', '--mode', 'backward_transitive', '--json');
  assert.deepEqual([last.status, all.status, JSON.parse(all.out).problems[0].against], [0, 1, 'v2.avsc']);
});

test('exit status 2: files that cannot be read or are no schema are named with the line', () => {
  const broken = compat('avro', 'v1.avsc', 'broken.avsc');
  assert.deepEqual([broken.status, /broken\.avsc:3 is no valid Avro schema/.test(broken.trouble)], [2, true]);
  const circle = compat('json-schema', 'pairs.json', 'circle.json');
  assert.deepEqual([circle.status, /leads back to itself/.test(circle.trouble)], [2, true]);
  const deep = compat('json-schema', 'deep.json', 'pairs.json');
  assert.deepEqual([deep.status, /deep\.json is nested too deeply/.test(deep.trouble)], [2, true]);
  const missing = compat('avro', 'v1.avsc', 'none.avsc');
  assert.deepEqual([missing.status, /none\.avsc could not be read/.test(missing.trouble)], [2, true]);
  assert.equal(compat('avro', 'v1.avsc').status, 2);
  assert.equal(compat('cobol', 'v1.avsc', 'v2.avsc').status, 2);
});

test('types of other files are found by --reference, and missed without', () => {
  assert.match(compat('avro', 'v3.avsc', 'v3.avsc').trouble, /v3\.avsc uses Note/);
  assert.equal(compat('avro', 'v3.avsc', 'v3.avsc', '--reference', 'note.avsc').status, 0);
});

test('exit status 3: what could not be told is said so', () => {
  const { status, out } = compat('json-schema', 'twice.json', 'pairs.json', '--json');
  const answer = JSON.parse(out);
  assert.deepEqual([status, answer.compatible, answer.decided], [3, false, false]);
});

test('--rules prints every rule', () => {
  const { status, out } = compat('--rules', '--json');
  assert.equal(status, 0);
  assert.ok(JSON.parse(out).length > 80);
});
