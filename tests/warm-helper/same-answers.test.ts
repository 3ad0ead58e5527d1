import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dag, git, type HelperWorld, helperWorld, project, quick, writeTree } from './helper-world.ts';

/** What people and tools do to a project between two answers; `at` is its folder. */
const edits: readonly { what: string; act(at: string): void }[] = [
  { what: 'nothing', act: () => undefined },
  {
    what: 'a model edited',
    act: (at) => writeFileSync(join(at, 'shop/models/first.sql'), 'select 1 as id, 3 as amount\n'),
  },
  {
    what: 'an edit of the same size, its time put back',
    act(at) {
      const file = join(at, 'shop/models/first.sql');
      const { atime, mtime } = statSync(file);
      writeFileSync(file, 'select 1 as id, 4 as amount\n');
      utimesSync(file, atime, mtime);
    },
  },
  { what: 'a touch', act: (at) => utimesSync(join(at, 'dags/one.py'), new Date(), new Date()) },
  { what: 'a file made executable', act: (at) => chmodSync(join(at, 'dags/one.py'), 0o755) },
  { what: 'a second DAG of the same id', act: (at) => void writeTree(at, { 'dags/two.py': dag('one') }) },
  { what: 'that one renamed', act: (at) => renameSync(join(at, 'dags/two.py'), join(at, 'dags/other.py')) },
  {
    what: 'an environment edited',
    act: (at) => void writeTree(at, { 'environments/dev.yaml': 'environment: dev\nvalues: { rows: many }\n' }),
  },
  {
    what: 'headgate.yaml edited',
    act(at) {
      const text = readFileSync(join(at, 'headgate.yaml'), 'utf8');
      writeFileSync(join(at, 'headgate.yaml'), text.replace('default: 1', 'default: 2').replace('rows:', 'rows: '));
    },
  },
  { what: 'a commit', act: (at) => commit(at, 'three') },
  { what: 'a branch of before', act: (at) => void git(at, 'checkout', '-q', '-b', 'old', 'HEAD~2') },
  { what: 'an ignored file', act: (at) => void writeTree(at, { 'scratch/x.sql': 'select 1\n', 'dags/a.tmp': 'x\n' }) },
  { what: 'an ignored file that is tracked now', act: (at) => void git(at, 'add', '-f', 'dags/a.tmp') },
  { what: 'a rule of .gitignore less', act: (at) => writeFileSync(join(at, '.gitignore'), '*.tmp\n') },
  { what: 'a link to another model', act: (at) => symlinkSync('first.sql', join(at, 'shop/models/linked.sql')) },
  {
    what: 'a folder in the place of a file',
    act(at) {
      rmSync(join(at, 'shop/models/second.sql'));
      mkdirSync(join(at, 'shop/models/second.sql'));
      writeFileSync(join(at, 'shop/models/second.sql/second.sql'), 'select 1 as id\n');
    },
  },
  { what: 'a commit rewritten', act: (at) => void git(at, 'commit', '-q', '--amend', '-m', 'again') },
  { what: 'main again, by force', act: (at) => void git(at, 'checkout', '-qf', 'main') },
  { what: 'headgate.yaml broken', act: (at) => writeFileSync(join(at, 'headgate.yaml'), 'version: 1\nparts: [\n') },
  { what: 'headgate.yaml gone', act: (at) => rmSync(join(at, 'headgate.yaml')) },
];

function commit(at: string, message: string): void {
  git(at, 'add', '-A');
  git(at, 'commit', '-qm', message);
}

describe('what the helper says is what a new process says, byte for byte', () => {
  let world: HelperWorld;
  before(() => {
    world = helperWorld();
  });
  after(() => world.remove());

  test('over every kind of change to the tree, the index and the branches', async (t) => {
    const at = project(join(world.folder, 'project'));
    await world.startHelper(at);
    const questions = [
      ['impact', '--json', '--base', 'main~1'],
      ['check', '--json', '--static', ...quick],
    ];
    let answered = 0;
    for (const { what, act } of edits) {
      act(at);
      for (const question of questions) {
        const [warm, alone] = await Promise.all([
          world.run(at, [...question, '--verbose']),
          world.run(at, [...question, '--no-helper'], { HEADGATE_CACHE: join(world.folder, 'alone') }),
        ]);
        assert.deepEqual([what, question[0], warm.status, warm.out], [what, question[0], alone.status, alone.out]);
        if (warm.err === '') answered += 1;
        else t.diagnostic(`${what}, ${question[0]}: ${warm.err.trim()}`);
      }
    }
    assert.ok(answered >= edits.length, `the helper answered ${answered} of ${edits.length * 2} times`);
  });
});
