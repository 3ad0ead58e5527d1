import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type GithubDouble, startGithubDouble, tokens } from './github-double.ts';
import { type Job, readAction, runAction } from './run-action.ts';

const action = await readAction();
const home = await mkdtemp(join(tmpdir(), 'headgate-action-'));
let github: GithubDouble;
let base = '';
const repository = join(home, 'repository');

before(async () => {
  github = await startGithubDouble();
  await write(
    'data/headgate.yaml',
    'version: 1\nproject: small\nparts:\n  spark: [{ name: job, path: job, main: main.py }]\n',
  );
  await write('data/job/main.py', 'print(1)\n');
  git('init', '-q', '-b', 'main');
  base = commit('base');
});
after(async () => {
  await github.close();
  await rm(home, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(repository, path)), { recursive: true });
  await writeFile(join(repository, path), text);
}

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org'];
  return execFileSync('git', ['-C', repository, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function commit(message: string): string {
  git('add', '-A');
  git('commit', '-q', '-m', message);
  return git('rev-parse', 'HEAD');
}

type Run = { head?: string; fork?: boolean; event?: string; id?: number; payload?: unknown };

/** A run for a pull request whose head is checked out. */
async function run(inputs: { [name: string]: string }, more: Run = {}) {
  const head = more.head ?? git('rev-parse', 'HEAD');
  const event = join(home, 'event.json');
  const from = more.fork === true ? 'stranger/r' : 'o/r';
  const pull_request = { number: 7, head: { sha: head, repo: { full_name: from } } };
  await writeFile(event, JSON.stringify(more.payload ?? { pull_request }));
  const job: Job = {
    workspace: repository,
    home,
    inputs: { folder: 'data', static: 'true', token: more.fork === true ? tokens.fork : tokens.workflow, ...inputs },
    github: {
      event_name: more.event ?? 'pull_request',
      'event.pull_request.number': '7',
      'event.pull_request.base.sha': base,
      'event.pull_request.head.sha': head,
    },
    env: {
      ...process.env,
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: String(more.id ?? 1),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_EVENT_PATH: event,
      GITHUB_TOKEN: '',
      HEADGATE_CACHE: join(home, 'cache'),
    },
  };
  return runAction(action, job);
}

test('a change that breaks something is commented on, annotated, summarised, and fails the job', async () => {
  await write('data/job/main.py', 'import os\nprint(missing)\n');
  const head = commit('break it');
  const ran = await run({}, { head, id: 1 });
  assert.equal(ran.status, 1, ran.log);
  assert.equal(ran.outputs.verdict, 'stop');
  assert.match(ran.log, /^::error file=data\/job\/main\.py,line=2,title=python-lint::Undefined name `missing`/m);
  const [comment, ...others] = github.comments.map(({ body }) => body);
  assert.deepEqual(others, []);
  assert.match(comment ?? '', /^<!-- headgate:comment key=data%2F run=1\.1 -->\n### ⛔ /);
  assert.ok(
    comment?.includes(`[\`job/main.py:2\`](https://github.example/o/r/blob/${head}/data/job/main.py#L2)`),
    comment,
  );
  assert.ok(comment?.endsWith(`${ran.summary.trimEnd()}\n`));
  const reports = ran.outputs.reports ?? '';
  const sarif = JSON.parse(await readFile(join(reports, 'headgate.sarif'), 'utf8'));
  assert.equal(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri, 'data/job/main.py');
  assert.match(await readFile(join(reports, 'junit.xml'), 'utf8'), /failures="1"/);
});

test('once it is mended the same comment says so, and the job passes', async () => {
  await write('data/job/main.py', 'print(2)\n');
  commit('mend it');
  const ran = await run({}, { id: 2 });
  assert.equal(ran.status, 0, ran.log);
  assert.equal(github.comments.length, 1);
  assert.doesNotMatch(github.comments[0]?.body ?? '', /⛔/);
  assert.match(github.comments[0]?.body ?? '', /run=2\.1/);
});

test('of the merge commit that GitHub checks out, only the pull request’s own changes are told', async () => {
  const head = git('rev-parse', 'HEAD');
  git('checkout', '-q', '-b', 'moved', base);
  await write('data/job/other.py', 'print(missing_elsewhere)\n');
  commit('what others did on main');
  git('merge', '-q', '--no-ff', '-m', 'merge', head);
  const ran = await run({ comment: 'never' }, { head });
  assert.equal(ran.status, 1, ran.log);
  assert.match(ran.summary, /job\/other\.py:1[^\n]*leaves alone/);
  git('checkout', '-q', 'main');
});

test('a pull request from a fork gets its answer in the job summary, once, and is told why', async () => {
  const before = github.comments.length;
  const ran = await run({}, { fork: true, id: 3 });
  assert.equal(ran.status, 0, ran.log);
  assert.match(ran.log, /The pull request was not commented on: it comes from a fork/);
  assert.equal(ran.summary.match(/^(### |✅|⚠️)/gmu)?.length, 1);
  assert.equal(github.comments.length, before);
});

test('shards are reported on together by one later job', async () => {
  await write('data/job/main.py', 'print(missing)\n');
  commit('break it again');
  const first = await run({ shard: '1/2', comment: 'never' });
  const second = await run({ shard: '2/2', comment: 'never' });
  assert.deepEqual([first.status, second.status].sort(), [0, 1], first.log + second.log);
  const files = [first, second].map(({ outputs }) => join(outputs.reports ?? '', 'check.json'));
  const all = await run({ 'check-reports': files.join(' ') }, { id: 4 });
  assert.equal(all.status, 1, all.log);
  assert.match(all.summary, /Undefined name `missing`/);
  const good = first.status === 0 ? files[0] : files[1];
  const half = await run({ 'check-reports': good ?? '' }, { id: 5 });
  assert.equal(half.status, 3, half.log);
  assert.match(half.summary, /Of 2 shards, [12] reported nothing/);
});

test('the end of a fork’s run is commented on by a second workflow, which runs none of its code', async () => {
  const { outputs } = await run({ comment: 'never' });
  const kept = (name: string) => join(outputs.reports ?? '', name);
  const sha = git('rev-parse', 'HEAD');
  git('checkout', '-q', base);
  github.pulls.push(
    { number: 8, head: { sha: 'old', label: 'stranger:fix' } },
    { number: 7, head: { sha, label: 'stranger:fix' } },
  );
  const workflow_run = {
    head_sha: sha,
    head_branch: 'fix',
    head_repository: { owner: { login: 'stranger' } },
    pull_requests: [],
  };
  const inputs = { 'check-reports': kept('check.json'), 'impact-report': kept('impact.json') };
  const ran = await run(inputs, { event: 'workflow_run', payload: { workflow_run }, id: 7 });
  git('checkout', '-q', 'main');
  assert.match(github.comments[0]?.body ?? '', /run=7\.1/, ran.log);
  assert.doesNotMatch(github.comments[0]?.body ?? '', /leaves alone/);
  assert.ok(github.comments[0]?.body.includes(`/blob/${sha}/data/job/main.py`));
  assert.equal(github.asked.filter((asked) => asked.startsWith('GET /repos/o/r/pulls')).length, 1);
});

test('a comparison that could not be made is told, not passed over', async () => {
  const ran = await run({ base: 'no-such-branch' }, { id: 9 });
  assert.equal(ran.status, 1, ran.log);
  assert.match(
    github.comments[0]?.body ?? '',
    /What this change does could not be told\. There is no revision `no-such-branch`/,
  );
});

test('pull_request_target is refused before anything runs', async () => {
  const ran = await run({}, { event: 'pull_request_target' });
  assert.equal(ran.status, 2);
  assert.match(ran.log, /pull_request_target gives the code of strangers/);
});

test('what a change says can not speak to the runner, and the token is nowhere in the log', async () => {
  await write('data/job/x.py', 'a = 1\n');
  await write('data/environments/::set-output name=a::b.yaml', 'environment: "::error::pwned\\n::add-mask::x"\n');
  commit('hostile');
  const ran = await run({}, { id: 8 });
  const loud = outsideOfHush(ran.log).filter(
    (line) => /^\s*::/.test(line) && !/^::(error|warning|notice) (file|title)=/.test(line),
  );
  assert.deepEqual(loud, []);
  assert.doesNotMatch(ran.log, new RegExp(tokens.workflow));
});

/** The lines in which the runner looks for commands: not those between `stop-commands` and its word. */
function outsideOfHush(log: string): string[] {
  let word: string | null = null;
  return log.split('\n').filter((line) => {
    const begun = /^::stop-commands::(\w+)$/.exec(line)?.[1];
    if (word === null && begun !== undefined) word = begun;
    else if (word !== null && line === `::${word}::`) word = null;
    else return word === null;
    return false;
  });
}

test('no expression is written into a script, every script is bash that parses, and all that is named exists', () => {
  const { steps } = action.runs;
  const ids = steps.flatMap(({ id }) => id ?? []);
  assert.equal(new Set(ids).size, ids.length);
  for (const step of steps) {
    assert.equal(step.run === undefined, step.uses !== undefined, step.name);
    if (step.uses !== undefined) assert.match(step.uses, /^(actions|github)\/[\w/-]+@v\d+$/);
    if (step.run !== undefined) {
      assert.equal(step.shell, 'bash');
      assert.doesNotMatch(step.run, /\$\{\{/);
      assert.equal(spawnSync('bash', ['-n', '-c', step.run]).status, 0, step.name);
    }
    for (const [name, text] of Object.entries({ ...step.env, if: String(step.if ?? '') })) {
      for (const [, input] of text.matchAll(/inputs\.([\w-]+)/g))
        assert.ok(input !== undefined && input in action.inputs, `${step.name} ${name}`);
      for (const [, id] of text.matchAll(/steps\.([\w-]+)/g))
        assert.ok(ids.indexOf(id ?? '') < steps.indexOf(step) && ids.includes(id ?? ''));
    }
  }
  for (const { value } of Object.values(action.outputs))
    assert.ok(ids.includes(/steps\.([\w-]+)/.exec(value)?.[1] ?? ''));
});

test('only the step that reports is given the token', () => {
  const given = action.runs.steps.filter((step) => JSON.stringify([step.env, step.with]).includes('token'));
  assert.deepEqual(
    given.map(({ id }) => id),
    ['report'],
  );
});
