import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isAlive } from '../../src/base/is-alive.ts';
import { childrenOf, git, type HelperWorld, helperWorld, project, until, writeTree } from './helper-world.ts';

const isLinux = process.platform === 'linux';
const impact = ['impact', '--json', '--base', 'main~1', '--verbose'];

describe('a warm helper comes and goes without anybody noticing', () => {
  let world: HelperWorld;
  before(() => {
    world = helperWorld();
  });
  after(() => world.remove());

  test('killed in the middle of an answer, the command gives the answer by itself', async () => {
    const at = slow('killed', 2);
    const pid = await world.startHelper(at);
    const asked = world.start(at, ['check', '--json', '--static', '--only', 'slow', '--verbose']);
    await until('the check is under way', () => childrenOf(pid, 'sleep')[0]);
    process.kill(pid, 'SIGKILL');
    const { status, out, err } = await asked.ended;
    assert.match(err, /No answer from a warm helper: it ended in the middle/);
    assert.deepEqual([status, JSON.parse(out).summary.passed], [0, 1]);
  });

  test('findings that were printed as they came are not printed again', async () => {
    const at = slow('lines', 2);
    const pid = await world.startHelper(at);
    const lines = ['check', '--json-lines', '--static', '--only', 'slow', '--only', 'dag-duplicate-ids'];
    const asked = world.start(at, lines);
    let early = '';
    asked.process.stdout?.on('data', (text) => (early += text));
    await until('a finding is printed', () => (early === '' ? undefined : early));
    process.kill(pid, 'SIGKILL');
    const { out } = await asked.ended;
    const checks = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).check ?? 'summary');
    assert.deepEqual(checks.toSorted(), ['dag-duplicate-ids', 'slow', 'summary']);
  });

  test('when its asker is interrupted it ends, with all that it started', async () => {
    const at = slow('interrupted', 60);
    const pid = await world.startHelper(at);
    const asked = world.start(at, ['check', '--json', '--static', '--only', 'slow']);
    const child = await until('the check is under way', () => childrenOf(pid, 'sleep')[0]);
    asked.process.kill('SIGINT');
    await asked.ended;
    await until('the helper and its child have gone', () => (isAlive(pid) || isAlive(child) ? undefined : true));
  });

  test('two checkouts, and other variables, have helpers of their own and answers of their own', async () => {
    const one = project(join(world.folder, 'one'));
    const two = join(world.folder, 'two');
    git(one, 'worktree', 'add', '-q', '-b', 'two', two);
    writeTree(two, { 'shop/models/first.sql': 'select 7 as id, 2 as amount\n' });
    const pids = [
      await world.startHelper(one),
      await world.startHelper(two),
      await world.startHelper(one, { SOME_VARIABLE: 'other' }),
    ];
    assert.equal(new Set(pids).size, 3);
    const answers = await Promise.all([one, two].map((at) => world.run(at, impact)));
    assert.deepEqual(
      answers.map(({ err }) => err),
      ['', ''],
    );
    const changed = answers.map(({ out }) => JSON.parse(out).changed.map(({ key }: { key: string }) => key));
    assert.deepEqual(changed, [['dbt:model/shop.third'], ['dbt:model/shop.first', 'dbt:model/shop.third']]);
  });

  test('twenty commands at once are all answered alike', async () => {
    const at = project(join(world.folder, 'many'));
    await world.startHelper(at);
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.run(at, impact)));
    assert.deepEqual(new Set(answers.map(({ status, out }) => `${status} ${out}`)).size, 1);
    assert.equal(world.helpers(at).length, 1);
  });

  test('it holds nothing that its starter had open, and has a session of its own', { skip: !isLinux }, async () => {
    const at = project(join(world.folder, 'session'));
    const pid = await world.startHelper(at);
    const open = [0, 1, 2].map((number) => readlinkSync(`/proc/${pid}/fd/${number}`));
    assert.deepEqual(open, ['/dev/null', '/dev/null', '/dev/null']);
    assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
  });

  test('it stops when nobody asks, and when its project or its socket has gone', async () => {
    const [idle, gone, replaced] = ['idle', 'gone', 'replaced'].map((name) => project(join(world.folder, name)));
    const first = await world.startHelper(idle ?? '', { HEADGATE_HELPER_IDLE_SECONDS: '1' });
    const second = await world.startHelper(gone ?? '');
    const before = sockets(world);
    const third = await world.startHelper(replaced ?? '');
    renameSync(gone ?? '', join(world.folder, 'moved'));
    for (const name of sockets(world)) if (!before.includes(name)) rmSync(join(world.cache, 'warm', name));
    await until('all three have gone', () => ([first, second, third].some(isAlive) ? undefined : true));
  });

  test('a socket that a dead one left is taken over', async () => {
    const at = project(join(world.folder, 'stale'));
    const before = sockets(world);
    process.kill(await world.startHelper(at), 'SIGKILL');
    assert.equal(sockets(world).length, before.length + 1);
    await world.startHelper(at);
    assert.equal((await world.run(at, impact)).err, '');
  });

  test('one that says nothing is not waited for', async () => {
    const at = project(join(world.folder, 'silent'));
    const before = sockets(world);
    process.kill(await world.startHelper(at), 'SIGKILL');
    const socket = join(world.cache, 'warm', sockets(world).find((name) => !before.includes(name)) ?? '');
    rmSync(socket);
    const silent = createServer(() => undefined).listen(socket);
    try {
      const { status, err } = await world.run(at, impact);
      assert.deepEqual([status, err], [0, 'No answer from a warm helper: it said nothing for 1.5 s.\n']);
    } finally {
      silent.close();
    }
  });

  test('status names those that run, and stop ends them', async () => {
    project(join(world.folder, 'listed'));
    const pid = await world.startHelper(join(world.folder, 'listed'));
    const listed: { pid: number }[] = JSON.parse((await world.run(world.folder, ['helper', 'status', '--json'])).out);
    assert.ok(listed.some((one) => one.pid === pid));
    await world.run(world.folder, ['helper', 'stop']);
    assert.deepEqual(world.helpers(), []);
  });

  test('a folder that others can enter, or that is somebody else’s, is not used', async () => {
    const at = project(join(world.folder, 'open'));
    const cache = join(world.folder, 'open-cache');
    mkdirSync(join(cache, 'warm'), { recursive: true, mode: 0o700 });
    const env = { HEADGATE_CACHE: cache };
    const spoil = [
      () => chmodSync(join(cache, 'warm'), 0o750),
      ...(process.getuid?.() === 0
        ? [() => chmodSync(join(cache, 'warm'), 0o700), () => chownSync(join(cache, 'warm'), 12345, 12345)]
        : []),
    ];
    for (const act of spoil) act();
    const { status, err } = await world.run(at, impact, env);
    assert.deepEqual([status, err], [0, 'No answer from a warm helper: none was started.\n']);
    const started = world.start(at, ['helper', 'serve', at], env);
    assert.match((await started.ended).out, /its folder is not this user’s alone/);
  });

  test('none is asked or started in CI, when switched off, or by a program', async () => {
    const at = project(join(world.folder, 'off'));
    for (const env of [{ HEADGATE_HELPER: 'off' }, { HEADGATE_HELPER: '' }, { HEADGATE_HELPER: '', CI: 'true' }])
      await world.run(at, impact, env);
    await world.run(at, [...impact, '--no-helper']);
    assert.deepEqual(world.helpers(at), []);
  });

  test('one of a Headgate that has changed since does not answer, and goes', async () => {
    const at = project(join(world.folder, 'changed'));
    const pid = await world.startHelper(at);
    appendFileSync(join(world.program, 'src/cli/print.ts'), '\n');
    const { status, err } = await world.run(at, impact);
    assert.deepEqual([status, err], [0, 'No answer from a warm helper: it is of another Headgate.\n']);
    await until('it has gone', () => (isAlive(pid) ? undefined : true));
    await until('a new one is there', () => world.helpers(at)[0]);
    assert.equal((await world.run(at, impact)).err, '');
  });

  /** A project with a check of its own that takes its time. */
  function slow(name: string, seconds: number): string {
    const at = project(join(world.folder, name));
    const checks = `checks:\n  - { name: slow, title: It takes its time, command: [sleep, "${seconds}"], inputs: ["dags/**"], report: exit-status }\n`;
    appendFileSync(join(at, 'headgate.yaml'), checks);
    writeFileSync(join(at, 'dags/slow.py'), `# ${name}\n`);
    return at;
  }
});

function sockets({ cache }: HelperWorld): string[] {
  return readdirSync(join(cache, 'warm')).filter((name) => name.endsWith('.sock'));
}
