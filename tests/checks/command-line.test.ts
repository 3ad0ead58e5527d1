import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { blocking, checked, createProject, headgate, Report } from './headgate.ts';

const SECRET = ['AKIA', 'Z3MSVQ6YD5LXT2RB'].join('');
const project = await createProject({
  'headgate.yaml': `version: 1
project: small
values: { lake: { type: string } }
secrets: [password]
parts:
  spark: [{ name: job, path: job, main: main.py, args: ["\${values.lake}", "\${secrets.password}"] }]
`,
  'environments/dev.yaml': 'environment: dev\nvalues: { lake: s3 }\nsecrets: { password: env:P }\n',
  'environments/prod.yaml': 'environment: prod\nafter: dev\nvalues: { lake: 7 }\nsecrets: { password: env:P }\n',
  'job/main.py': 'print(undefined_name)\n',
  'job/keys.py': `KEY = "${SECRET}"\n`,
});
after(() => project.remove());

test('what is wrong is told in the documented shape, with exit status 1', async () => {
  const { status, report } = await checked(project.folder);
  assert.equal(status, 1);
  assert.deepEqual(blocking(report), [
    'environments/prod.yaml:3 environment-values: `lake` is an integer in prod; its type is string.',
    'job/keys.py:1 no-secrets: An AWS access key is written in this line.',
    'job/main.py:1 python-lint: Undefined name `undefined_name` (F821).',
  ]);
  assert.equal(report.summary.blocking, 3);
  assert.ok(!JSON.stringify(report).includes(SECRET.slice(4)));
});

test('one environment is judged alone, and chosen checks are carried out alone', async () => {
  const only = ['--environment', 'dev', '--only', 'environment-values', '--no-cache'];
  const dev = await checked(project.folder, only);
  assert.deepEqual(dev, {
    status: 0,
    report: {
      findings: [
        {
          ...{ check: 'environment-values', asset: null, path: null, line: null, status: 'passed', severity: 'note' },
          ...{ message: 'Every environment gives each declared value and secret, with the right type.', hint: null },
        },
      ],
      summary: { passed: 1, failed: 0, errored: 0, skipped: 0, blocking: 0, reused: 0 },
    },
  });
});

test('two runs give the same findings, whether they are carried out or taken from the cache', async () => {
  const anew = [
    await headgate(project.folder, ['check', '--json', '--no-cache']),
    await checked(project.folder),
  ] as const;
  const { report } = await checked(project.folder);
  assert.ok(report.summary.reused >= 5);
  assert.equal(JSON.stringify(Report.parse(JSON.parse(anew[0].out)).findings), JSON.stringify(report.findings));
  assert.deepEqual(anew[1].report.findings, report.findings);
});

test('wrong use says what was meant and ends with 2', async () => {
  const unknown = await headgate(project.folder, ['check', '--only', 'no-secret', '--json']);
  assert.equal(unknown.status, 2);
  assert.match(unknown.out, /There is no check named \\"no-secret\\". Did you mean \\"no-secrets\\"\?/);
  assert.equal((await headgate(project.folder, ['check', '--environment', 'prd'])).status, 2);
  assert.equal((await headgate(project.folder, ['check', 'nowhere'])).status, 2);
});

test('people read what stops a release by file, with what to do', async () => {
  const { out } = await headgate(project.folder, ['check'], { NO_COLOR: '1' });
  assert.match(
    out,
    /^job\/main\.py\n {2}x line 1: Undefined name `undefined_name` \(F821\)\. \[python-lint\]\n {6}Import or define/m,
  );
  assert.match(out, /3 findings stop a release\./);
});

test('the lock is written once, is current then, and is told when the inputs change', async () => {
  const lock = join(project.folder, 'headgate.lock');
  assert.equal((await headgate(project.folder, ['lock', '--check'])).status, 1);
  const written = await headgate(project.folder, ['lock']);
  assert.equal(written.status, 0, written.err);
  assert.match(written.out, /new lock for spark\/job\nWrote headgate\.lock\.\n$/);
  const text = await readFile(lock, 'utf8');
  assert.ok(text.includes('"pyspark": "3.5.'));
  assert.doesNotMatch(text, /https?:/);
  assert.equal((await headgate(project.folder, ['lock', '--check'])).status, 0);
  await writeFile(join(project.folder, 'job/requirements.txt'), 'requests==2.32.3\n');
  assert.equal((await headgate(project.folder, ['lock', '--check'])).status, 1);
  const stale = await checked(project.folder, ['--only', 'runtime-lock']);
  assert.deepEqual(blocking(stale.report), [
    'headgate.lock:null runtime-lock: spark/job is not as headgate.lock says: job/requirements.txt has changed since it was locked.',
  ]);
});

test('requirements that cannot be met leave the lock as it was', async () => {
  const lock = join(project.folder, 'headgate.lock');
  const before = await readFile(lock, 'utf8');
  await writeFile(join(project.folder, 'job/requirements.txt'), 'requests==2.32.3\nrequests==2.31.0\n');
  const ended = await headgate(project.folder, ['lock']);
  assert.equal(ended.status, 1);
  assert.match(ended.err, /job\/requirements\.txt could not be locked\./);
  assert.equal(await readFile(lock, 'utf8'), before);
});

test('a broken lock is told, a newer one is not touched', async () => {
  const lock = join(project.folder, 'headgate.lock');
  await writeFile(lock, '{"version": 1}');
  const broken = await checked(project.folder, ['--only', 'runtime-lock']);
  assert.equal(broken.status, 1);
  await writeFile(lock, '{"version": 9}');
  assert.equal((await checked(project.folder, ['--only', 'runtime-lock'])).status, 3);
  assert.equal((await headgate(project.folder, ['lock'])).status, 3);
  assert.equal(await readFile(lock, 'utf8'), '{"version": 9}');
});

test('an empty folder and a folder without headgate.yaml end well', async () => {
  const empty = await createProject({ 'readme.txt': 'nothing\n' });
  const { status, report } = await checked(empty.folder);
  assert.equal(status, 0);
  assert.equal(report.summary.blocking, 0);
  await empty.remove();
});
