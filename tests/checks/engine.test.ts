import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from '../../src/base/is-alive.ts';
import { blocking, checked, createProject, headgate } from './headgate.ts';

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const OWN = (line: string) => `  - { ${line} }\n`;

/** Fails at first and passes when it is run again. */
const FLIP = 'if [ -e flipped ]; then rm flipped; exit 0; fi\ntouch flipped\necho port is taken >&2\nexit 1\n';

let folder = '';
let remove = async () => {};
before(async () => {
  ({ folder, remove } = await createProject({
    'headgate.yaml': project([]),
    'tools/marks.sh': 'echo "src/a.txt:3: too long"\nexit 1\n',
    'tools/flip.sh': FLIP,
    'tools/hang.sh': 'sleep 300 & echo $! > hang.pid; wait\n',
    'src/a.txt': 'a\n',
  }));
});
after(() => remove());

function project(checks: string[], more = ''): string {
  const own = checks.length === 0 ? '' : `checks:\n${checks.map(OWN).join('')}`;
  return `version: 1\nproject: engine-${process.pid}\n${own}${more}`;
}

/** A process that has ended and that nobody has asked about yet is there still, and does nothing. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return isAlive(pid) && !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')));
}

async function declare(checks: string[], more = ''): Promise<void> {
  await writeFile(join(folder, 'headgate.yaml'), project(checks, more));
}

const MARKS = `name: marks, command: [sh, tools/marks.sh], inputs: ["src/**"], report: regex, pattern: "^(?<path>[^:]+):(?<line>[0-9]+): (?<message>.*)$"`;

test('a few lines of YAML are a check, and what it finds has file and line', async () => {
  await declare([MARKS]);
  const { status, report } = await checked(folder);
  assert.equal(status, 1);
  assert.deepEqual(blocking(report), ['src/a.txt:3 marks: too long']);
});

test('a waiver takes it out with its reason until its day, and is a finding after that', async () => {
  const waiver = (until: string) =>
    `waivers: [{ check: marks, path: src/**, because: it goes in May, until: ${until} }]\n`;
  await declare([MARKS], waiver(day(1)));
  const waived = await checked(folder);
  assert.equal(waived.status, 0);
  assert.deepEqual(
    waived.report.findings.filter(({ check }) => check === 'marks').map(({ status, message }) => [status, message]),
    [['skipped', `Waived until ${day(1)} (it goes in May): too long`]],
  );
  await declare([MARKS], waiver(day(-1)));
  const expired = await checked(folder);
  assert.equal(expired.status, 1);
  assert.ok(
    expired.report.findings.some(({ check, severity }) => check === 'waiver-expired' && severity === 'warning'),
  );
});

const Flaky = z.object({
  tests: z.array(
    z.object({
      test: z.string(),
      score: z.number(),
      evidence: z.array(z.object({ passed: z.number(), failed: z.number() })),
    }),
  ),
});

test('what fails and then passes with the same inputs is told as flaky, every time, and has a history', async () => {
  await declare([`name: flip, command: [sh, tools/flip.sh], inputs: ["src/**"], report: exit-status, may-flake: true`]);
  for (let run = 0; run < 2; run += 1) {
    const { status, report } = await checked(folder, ['--only', 'flip']);
    assert.equal(status, 0);
    const [told] = report.findings;
    assert.equal(told?.status, 'flaky');
    assert.match(
      told?.message ?? '',
      /ended with 1: port is taken\. It failed first and then passed when it was run again/,
    );
    assert.equal(report.summary.reused, 0);
  }
  const { tests } = Flaky.parse(JSON.parse((await headgate(folder, ['flaky', '--json'])).out));
  assert.deepEqual(
    tests.map(({ test: name, evidence }) => [name, evidence.map(({ passed, failed }) => [passed, failed])]),
    [['flip', [[2, 2]]]],
  );
  assert.equal(tests[0]?.score, 0.67);
});

test('what fails each time stops a release; in quarantine it does not, until its day', async () => {
  const broken = `name: broken, command: [sh, -c, "exit 1"], inputs: ["src/**"], report: exit-status, may-flake: true`;
  const entry = (until: string) =>
    `quarantine: [{ test: broken, owner: risk, because: shared port, until: ${until} }]\n`;
  await declare([broken]);
  assert.equal((await checked(folder, ['--only', 'broken'])).status, 1);
  await declare([broken], entry(day(1)));
  const held = await checked(folder);
  assert.equal(held.status, 0);
  assert.match(held.report.findings.find(({ check }) => check === 'broken')?.message ?? '', /In quarantine until/);
  await declare([broken], entry(day(-1)));
  const { status, report } = await checked(folder);
  assert.equal(status, 1);
  assert.ok(report.findings.some(({ check }) => check === 'quarantine-expired'));
});

test('a check that takes too long could not tell, and all that it started is ended', async () => {
  await declare([
    'name: hang, command: [sh, tools/hang.sh], inputs: ["src/**"], report: exit-status, budget: 1s',
    MARKS,
  ]);
  const { status, report } = await checked(folder, ['--only', 'hang']);
  assert.equal(status, 3);
  assert.deepEqual(blocking(report), ['null:null hang: hang took longer than the 1 s that it has, and was stopped.']);
  const pid = Number(await readFile(join(folder, 'hang.pid'), 'utf8'));
  for (let wait = 0; wait < 50 && isRunning(pid); wait += 1) await sleep(20);
  assert.equal(isRunning(pid), false);
  await rm(join(folder, 'hang.pid'));
});

test('shards together carry out everything once, and say how they were cut', async () => {
  await declare([MARKS]);
  const whole = await checked(folder, ['--no-cache', '--write-times', 'times.json']);
  const shards = await Promise.all(
    [1, 2, 3].map((index) => checked(folder, ['--no-cache', '--shard', `${index}/3`, '--times', 'times.json'])),
  );
  await rm(join(folder, 'times.json'));
  const lines = (found: typeof whole) => found.report.findings.map((finding) => JSON.stringify(finding));
  assert.deepEqual(shards.flatMap(lines).sort(), lines(whole).sort());
  assert.equal(new Set(shards.map(({ report }) => report.summary.shard?.cut)).size, 1);
  assert.equal((await headgate(folder, ['check', '--shard', '4/3'])).status, 2);
});

test('an own check cannot take the name of another', async () => {
  await declare(['name: no-secrets, command: [sh, -c, "exit 0"], inputs: ["**"], report: exit-status']);
  assert.equal((await headgate(folder, ['check'])).status, 2);
});
