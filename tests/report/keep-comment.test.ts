import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { isFailure } from '../../src/base/errors.ts';
import { githubApi } from '../../src/base/github/github-api.ts';
import { markedBody } from '../../src/delivery/checks/comment/mark.ts';
import { keepComment } from '../../src/workflows/report/keep-comment.ts';
import { type GithubDouble, startGithubDouble, tokens } from './github-double.ts';

let github: GithubDouble;
let waited: number[] = [];
const started: GithubDouble[] = [];

beforeEach(async () => {
  github = await startGithubDouble();
  started.push(github);
  waited = [];
});
after(() => Promise.all(started.map((double) => double.close())));

type Run = { run?: number; attempt?: number; key?: string; token?: string; create?: boolean };

function keep(text: string, { run = 1, attempt = 1, key = '.', token = tokens.workflow, create = true }: Run = {}) {
  const api = githubApi(github.url, token, async (seconds) => void waited.push(seconds));
  return keepComment({ api, pull: { repository: 'o/r', number: 7 }, mark: { key, run, attempt } }, text, { create });
}

function bodies(): string[] {
  return github.comments.map(({ body }) => body);
}

function others(number: number): void {
  for (let id = 1; id <= number; id += 1)
    github.comments.push({ id, body: `comment ${id}`, html_url: '', user: { login: 'someone', type: 'User' } });
}

test('one comment is made, changed when there is something new, and left alone when not', async () => {
  assert.equal((await keep('one')).outcome, 'created');
  assert.equal((await keep('two', { run: 2 })).outcome, 'updated');
  assert.equal((await keep('two', { run: 2 })).outcome, 'unchanged');
  assert.deepEqual(bodies(), [markedBody({ key: '.', run: 2, attempt: 1 }, 'two')]);
});

test('the comment is found behind many pages of other people’s', async () => {
  others(250);
  await keep('one');
  others(120);
  assert.equal((await keep('two', { run: 2 })).outcome, 'updated');
  assert.equal(bodies().filter((body) => body.includes('headgate:comment')).length, 1);
});

test('each project of a repository keeps a comment of its own', async () => {
  await keep('a', { key: 'data/a/' });
  await keep('b', { key: 'data/b-->/' });
  await keep('b2', { key: 'data/b-->/', run: 2 });
  assert.equal(github.comments.length, 2);
  assert.ok(bodies().every((body) => (body.split('\n')[0] ?? '').match(/-->/g)?.length === 1));
});

test('a mark that somebody else wrote or quoted is not ours', async () => {
  const forged = markedBody({ key: '.', run: 9, attempt: 1 }, 'forged');
  github.comments.push({ id: 1, body: forged, html_url: '', user: { login: 'mallory', type: 'User' } });
  github.comments.push({ id: 2, body: `> ${forged}`, html_url: '', user: { login: 'other[bot]', type: 'Bot' } });
  assert.equal((await keep('ours')).outcome, 'created');
  assert.deepEqual(bodies().slice(0, 2), [forged, `> ${forged}`]);
  assert.equal((await keep('mine', { token: tokens.person })).outcome, 'created');
  assert.equal((await keep('mine 2', { token: tokens.person, run: 2 })).outcome, 'updated');
});

test('an older run does not overwrite what a newer one said', async () => {
  await keep('new', { run: 12 });
  assert.equal((await keep('old', { run: 11, attempt: 3 })).outcome, 'newer');
  assert.equal((await keep('again', { run: 12, attempt: 2 })).outcome, 'updated');
  assert.match(bodies()[0] ?? '', /again$/);
});

test('two runs at the same time end with one comment, which says what the newer one says', async () => {
  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ]) {
    github.comments.splice(0);
    github.meet(2);
    await Promise.all([keep(`run ${first}`, { run: first ?? 0 }), keep(`run ${second}`, { run: second ?? 0 })]);
    assert.equal(github.comments.length, 1);
    assert.match(bodies()[0] ?? '', /run 2$/);
  }
});

test('doubles that were left behind are taken away', async () => {
  await keep('one');
  const [left] = github.comments;
  assert.ok(left !== undefined);
  github.comments.push({ ...left, id: left.id + 5 });
  await keep('two', { run: 2 });
  assert.equal(github.comments.length, 1);
});

test('a comment that somebody deletes in between is written again', async () => {
  await keep('one');
  github.failNext(/^PATCH/, [{ status: 404, body: { message: 'Not Found' }, after: () => github.comments.splice(0) }]);
  assert.equal((await keep('two', { run: 2 })).outcome, 'created');
  assert.match(bodies()[0] ?? '', /two$/);
});

test('GitHub is asked again when it is down, and as late as it says when it limits the rate', async () => {
  github.failNext(/^GET .*comments/, [{ status: 502 }, { status: 503, headers: { 'retry-after': '7' } }]);
  github.failNext(/^POST/, [
    { status: 403, headers: { 'retry-after': '30' }, body: { message: 'You have exceeded a secondary rate limit' } },
    { status: 429 },
  ]);
  assert.equal((await keep('one')).outcome, 'created');
  assert.deepEqual(waited, [1, 7, 30, 2]);
});

test('a create whose answer was lost ends with one comment all the same', async () => {
  const made = markedBody({ key: '.', run: 1, attempt: 1 }, 'one');
  github.failNext(/^POST/, [
    {
      status: 502,
      after: () =>
        void github.comments.push({
          id: 5,
          body: made,
          html_url: 'u',
          user: { login: 'github-actions[bot]', type: 'Bot' },
        }),
    },
  ]);
  await keep('one');
  assert.deepEqual(bodies(), [made]);
});

test('a primary limit that lasts longer than a minute is told, not waited for', async () => {
  const headers = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1800000000',
    date: new Date((1800000000 - 900) * 1000).toUTCString(),
  };
  github.failNext(/^GET .*comments/, [{ status: 403, headers, body: { message: 'API rate limit exceeded' } }]);
  await assert.rejects(
    keep('one'),
    (error) => isFailure(error, 'github-unreachable') && /900 s more/.test(error.message),
  );
  assert.deepEqual(waited, []);
});

test('a token that may only read is refused, as a value; a wrong one is an error without the token in it', async () => {
  assert.deepEqual(await keep('one', { token: tokens.fork }), {
    outcome: 'refused',
    because: 'Resource not accessible by integration',
  });
  github.failNext(/comments$/, [{ status: 401, body: { message: 'Bad credentials for ghs_wrong' } }]);
  await assert.rejects(keep('one', { token: 'ghs_wrong' }), (error) => {
    assert.ok(isFailure(error, 'github-refused'));
    assert.doesNotMatch(error.message, /ghs_wrong/);
    return true;
  });
});

test('when nothing is to be told no comment is made, but one that is there says so', async () => {
  assert.deepEqual(await keep('calm', { create: false }), { outcome: 'absent' });
  await keep('stop');
  assert.equal((await keep('calm', { create: false, run: 2 })).outcome, 'updated');
});

test('a redirect within GitHub is followed with the same method, and to nowhere else', async () => {
  github.failNext(/^POST/, [{ status: 307, headers: { location: `${github.url}/repos/o/r/issues/7/comments` } }]);
  assert.equal((await keep('one')).outcome, 'created');
  github.failNext(/^GET .*comments/, Array(5).fill({ status: 301, headers: { location: 'http://127.0.0.2:1/steal' } }));
  await assert.rejects(keep('two', { run: 2 }), (error) => isFailure(error, 'github-unreachable'));
  assert.throws(() => githubApi('http://github.example', 'x', async () => {}), /not https/);
});
