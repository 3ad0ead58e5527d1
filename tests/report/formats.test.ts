import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createProject, headgate } from '../checks/headgate.ts';

const project = await createProject({
  'headgate.yaml': 'version: 1\nproject: small\nparts:\n  spark: [{ name: job, path: job, main: main.py }]\n',
  'job/main.py': 'print(missing)\n',
});
after(() => project.remove());
const check = ['check', '--static', '--only', 'python-lint', '--no-cache'];

test('a check is printed in the format that was asked for, and written to files in others', async () => {
  const wishes = ['sarif', 'junit', 'json', 'gitlab', 'markdown'].map(
    (format) => `--report=${format}=out/${format}.txt`,
  );
  const ended = await headgate(project.folder, [...check, '--format', 'github', ...wishes]);
  assert.equal(ended.status, 1, ended.err);
  assert.match(ended.out, /^::error file=job\/main\.py,line=1,title=python-lint::Undefined name `missing` \(F821\)\./);
  const text = (format: string) => readFile(join(project.folder, 'out', `${format}.txt`), 'utf8');
  assert.equal(JSON.parse(await text('sarif')).runs[0].tool.driver.rules[0].id, 'python-lint');
  assert.match(await text('junit'), /<failure type="python-lint"/);
  assert.equal(JSON.parse(await text('json')).summary.blocking, 1);
  assert.equal(JSON.parse(await text('gitlab'))[0].location.path, 'job/main.py');
  assert.match(await text('markdown'), /^### ⛔ 1 finding must be mended before release\./);
});

test('a format that does not exist is said before anything is checked', async () => {
  const ended = await headgate(project.folder, ['check', '--format', 'sariff', '--json']);
  assert.equal(ended.status, 2);
  assert.equal(JSON.parse(ended.out).error.code, 'report-format-unknown');
  assert.match(JSON.parse(ended.out).error.message, /Did you mean "sarif"\?/);
  assert.equal((await headgate(project.folder, ['check', '--report', 'sarif'])).status, 2);
});

test('a report needs something to report on, in the shape that is documented', async () => {
  const nothing = await headgate(project.folder, ['report', '--json']);
  assert.deepEqual([nothing.status, JSON.parse(nothing.out).error.code], [2, 'report-input-missing']);
  const other = await headgate(project.folder, ['report', '--check', 'headgate.yaml', '--json']);
  assert.deepEqual([other.status, JSON.parse(other.out).error.code], [2, 'report-file-unreadable']);
});

test('outside of a pull request, or without a token, posting says what is missing', async () => {
  await headgate(project.folder, [...check, '--report', 'json=check.json']);
  const post = (env: NodeJS.ProcessEnv) =>
    headgate(project.folder, ['report', '--check', 'check.json', '--post', '--json'], {
      ...{ GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: '', GH_TOKEN: '', GITHUB_EVENT_PATH: '' },
      ...env,
    });
  assert.equal(JSON.parse((await post({})).out).error.code, 'pull-request-not-known');
  const event = join(project.folder, 'event.json');
  await writeFile(event, JSON.stringify({ issue: { number: 3, pull_request: {} } }));
  assert.equal(JSON.parse((await post({ GITHUB_EVENT_PATH: event })).out).error.code, 'github-token-missing');
});
