import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { type KeptWorld, openKeptWorld, type Ran } from './kept-world.ts';

/**
 * A kept answer is never wrong: each kind of input is changed in turn, alone, so that an answer of before would be seen. The
 * real Airflow reads.
 */
const HEAD = 'from datetime import datetime\nfrom airflow import DAG\nfrom airflow.models import Variable\n';
const DAG = (id: string) =>
  `DAG(${id}, start_date=datetime(2025, 1, 1), schedule=None, default_args={"owner": "team"})`;

let world: KeptWorld;
let last: Ran;
before(async () => {
  await ensureRuntime('airflow');
  world = openKeptWorld({
    'headgate.yaml': `version: 1
project: kept
environments: environments
values: { stage: { type: string, default: low } }
parts:
  airflow: [{ name: main, dags: dags, paths: [lib], connections: {}, pools: {} }]
checks:
  - { name: own, command: [sh, tools/own.sh], inputs: ["own/*.txt", "tools/own.sh"], report: exit-status, variables: [KEPT_VARIABLE] }
`,
    'environments/dev.yaml': 'environment: dev\nvalues: { stage: low }\n',
    'environments/prod.yaml': 'environment: prod\nafter: dev\nvalues: { stage: high }\n',
    'dags/plain.py': `${HEAD}plain = ${DAG('"plain"')}\n`,
    'dags/uses_library.py': `${HEAD}from team.names import NAME\nlibrary = ${DAG('NAME')}\n`,
    'dags/reads_file.py': `${HEAD}import json, os
with open(os.path.join(os.path.dirname(__file__), "..", "settings", "names.json")) as file:
    read = ${DAG('json.load(file)["name"]')}
`,
    'dags/lists_folder.py': `${HEAD}import os
for name in sorted(os.listdir(os.path.join(os.path.dirname(__file__), "..", "settings", "each"))):
    globals()[name] = ${DAG('name')}
`,
    'dags/looks.py': `${HEAD}import os
flag = os.path.exists(os.path.join(os.path.dirname(__file__), "..", "settings", "flag"))
looks = ${DAG('"flag_on" if flag else "flag_off"')}
`,
    'dags/tries.py': `${HEAD}try:
    from extras import EXTRA
except ImportError:
    EXTRA = "no_extra"
tries = ${DAG('EXTRA')}
`,
    'dags/asks_value.py': `${HEAD}asks = ${DAG('"stage_" + Variable.get("stage")')}\n`,
    'dags/asks_time.py': `${HEAD}import time\nasks = ${DAG('"time_%d" % time.time_ns()')}\n`,
    'lib/team/__init__.py': '',
    'lib/team/names.py': 'NAME = "library_one"\n',
    'settings/names.json': '{"name": "file_one"}',
    'settings/each/one': '',
    'own/a.txt': 'a\n',
    'tools/own.sh': 'test "$(cat own/a.txt)" = a && test "$KEPT_VARIABLE" = ""\n',
    '.gitignore': 'ignored.py\n',
  });
  await world.run();
  last = await world.run();
});
after(() => world?.close());

/** What a run says that the one before it did not. */
async function news(): Promise<{ assets: string[]; said: string[]; reused: number }> {
  const ran = await world.run();
  const assets = ran.assets.filter((key) => !last.assets.includes(key) && !key.includes('time_'));
  const said = ran.said.filter((line) => !last.said.includes(line) && !line.includes('time_'));
  last = ran;
  return { assets, said, reused: ran.summary.reused };
}

test('with nothing changed everything but what asks for the time is known', async () => {
  const before = last.assets.filter((key) => key.includes('time_'));
  const { assets, said } = await news();
  assert.deepEqual([assets, said], [[], []]);
  assert.notDeepEqual(
    last.assets.filter((key) => key.includes('time_')),
    before,
  );
});

const changes: { name: string; act(): void; assets?: string[]; said?: RegExp }[] = [
  {
    name: 'a DAG file',
    act: () => world.write('dags/plain.py', `${HEAD}plain = ${DAG('"plain_two"')}\n`),
    assets: ['airflow:dag/plain_two'],
  },
  {
    name: 'a library that a DAG file imports',
    act: () => world.write('lib/team/names.py', 'NAME = "library_two"\n'),
    assets: ['airflow:dag/library_two'],
  },
  {
    name: 'a file that a DAG file reads',
    act: () => world.write('settings/names.json', '{"name": "file_two"}'),
    assets: ['airflow:dag/file_two'],
  },
  {
    name: 'the names in a folder that a DAG file lists',
    act: () => world.write('settings/each/two', ''),
    assets: ['airflow:dag/two'],
  },
  {
    name: 'whether a file is there that a DAG file looks for',
    act: () => world.write('settings/flag', ''),
    assets: ['airflow:dag/flag_on'],
  },
  {
    name: 'a module that a DAG file did not find before',
    act: () => world.write('lib/extras.py', 'EXTRA = "with_extra"\n'),
    assets: ['airflow:dag/with_extra'],
  },
  {
    name: 'a module that comes before the one that was found',
    act: () => world.write('dags/extras.py', 'EXTRA = "nearer_extra"\n'),
    assets: ['airflow:dag/nearer_extra'],
  },
  {
    name: 'a DAG file that was not there',
    act: () => world.write('dags/new.py', `${HEAD}new = ${DAG('"new"')}\n`),
    assets: ['airflow:dag/new'],
  },
  {
    name: 'a file that Git ignores and a DAG file imports',
    act: () => {
      world.write('dags/plain.py', `${HEAD}from ignored import NAME\nplain = ${DAG('NAME')}\n`);
      world.write('dags/ignored.py', 'NAME = "ignored_one"\n');
    },
    assets: ['airflow:dag/ignored_one'],
  },
  {
    name: 'the text of that file',
    act: () => world.write('dags/ignored.py', 'NAME = "ignored_two"\n'),
    assets: ['airflow:dag/ignored_two'],
  },
  {
    name: 'the default of a value',
    act: () => world.write('headgate.yaml', yaml().replace('default: low', 'default: middle')),
    assets: ['airflow:dag/stage_middle'],
  },
  {
    name: 'a setting of the part',
    act: () => world.write('headgate.yaml', yaml().replace('dags: dags,', 'dags: dags, variables: [],')),
    said: /The Variable "stage" is read here/,
  },
  {
    name: 'the settings of ruff',
    act: () => world.write('ruff.toml', 'lint.select = ["E401"]\n'),
    said: /E401/,
  },
  {
    name: 'headgate.lock',
    act: () => world.write('headgate.lock', 'nonsense'),
    said: /runtime-lock: /,
  },
  {
    name: 'an environment',
    act: () => world.write('environments/prod.yaml', 'environment: prod\nafter: dev\nvalues: { stage: 7 }\n'),
    said: /`stage` is an integer in prod/,
  },
  {
    name: 'an input of an own check',
    act: () => world.write('own/a.txt', 'b\n'),
    said: /own: `sh tools\/own.sh` ended with 1/,
  },
];

function yaml(): string {
  return world.text('headgate.yaml');
}

for (const { name, act, assets, said } of changes) {
  test(`changed: ${name}`, async () => {
    act();
    const found = await news();
    if (assets !== undefined) assert.deepEqual(found.assets, assets);
    if (said !== undefined) assert.match(found.said.join('\n'), said);
  });
}

test('changed: a variable of the machine that a check declares', async (t) => {
  world.write('own/a.txt', 'a\n');
  const only = { only: ['own'] };
  assert.equal((await world.run(only)).summary.failed, 0);
  process.env.KEPT_VARIABLE = 'set';
  t.after(() => delete process.env.KEPT_VARIABLE);
  assert.equal((await world.run(only)).summary.failed, 1);
  delete process.env.KEPT_VARIABLE;
  assert.deepEqual((await world.run(only)).summary, { ...(await world.run(only)).summary, failed: 0, reused: 1 });
});

test('asked otherwise: for one environment, and without Airflow', async () => {
  world.write('headgate.yaml', yaml().replace(' variables: [],', ''));
  assert.ok((await world.run({ environment: 'dev' })).assets.includes('airflow:dag/stage_low'));
  const prod = await world.run({ environment: 'prod' });
  assert.ok(prod.assets.includes('airflow:dag/stage_7'));
  const text = await world.run({ exact: 'never' });
  assert.equal(text.findings.find(({ check }) => check === 'dag-imports')?.status, 'skipped');
});

test('at the end a cached run says what one without a cache says, byte for byte', async () => {
  world.remove('dags/asks_time.py');
  const [kept, again] = [await world.run(), await world.run()];
  const anew = await world.run({ cached: false });
  assert.ok(again.summary.reused > 8);
  assert.equal(JSON.stringify(again.findings), JSON.stringify(anew.findings));
  assert.equal(JSON.stringify(kept.findings), JSON.stringify(anew.findings));
  assert.deepEqual(again.assets, anew.assets);
});
