import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainEnvironment } from '../../model/environment.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import type { PartRevision } from '../contract.ts';
import { compare } from './compare.ts';
import { discover } from './discover.ts';

type Given = {
  texts?: { [path: string]: string };
  settings?: PartRevision['part']['settings'];
  values?: { [name: string]: string };
};

const texts = {
  'jobs/settle/settle.py': `import sys
from pyspark.sql import SparkSession
from totals import totals, unused

spark = SparkSession.builder.appName("settle").getOrCreate()
totals(spark.read.parquet("/lake/in")).write.parquet("/lake/out")
`,
  'jobs/settle/totals.py': `def totals(rows):
    return rows.where("amount > 0")  # paid


def unused(rows):
    return rows
`,
};
const settings = {
  path: 'jobs/settle',
  main: 'settle.py',
  args: ['--lake', '$' + '{values.lake}'],
  conf: { 'spark.executor.memory': '4g', 'spark.sql.ansi.enabled': true, 'spark.ui.enabled': false },
  packages: ['a:b:1'],
};

async function revision(given: Given): Promise<PartRevision> {
  const files = textsAsFiles({ ...texts, ...given.texts });
  const part = { name: 'settle', settings: { ...settings, ...given.settings } };
  const environments = [plainEnvironment('prod', { lake: '/lake', ...given.values })];
  return { files, part, discovery: await discover({ files, part }), environments };
}

async function said(given: Given): Promise<string[]> {
  const changes = await compare({ base: await revision({}), head: await revision(given) });
  return changes.map(({ effect, because }) => `${effect}: ${because}`);
}

const edited = (path: keyof typeof texts, from: string, to: string): Given => {
  assert.ok(texts[path].includes(from));
  return { texts: { [path]: texts[path].replace(from, to) } };
};

const pairs: readonly [string, Given, string[]][] = [
  ['nothing', {}, []],
  [
    'a comment',
    edited('jobs/settle/totals.py', '# paid', '# what was paid'),
    ['none: Only the text differs: it does what it did.'],
  ],
  [
    'code that it does not use',
    edited('jobs/settle/totals.py', 'return rows\n', 'return rows or 1\n'),
    ['none: Only the text differs: it does what it did.'],
  ],
  [
    'a filter',
    edited('jobs/settle/totals.py', '> 0', '>= 0'),
    ['breaking: It says `amount >= 0` instead of `amount > 0` in the function `totals` of `totals`.'],
  ],
  [
    'where it writes',
    edited('jobs/settle/settle.py', '/lake/out', '/lake/other'),
    [
      'breaking: It no longer writes the path /lake/out; it writes the path /lake/other now; it says `/lake/other` instead of `/lake/out`.',
    ],
  ],
  [
    'its memory',
    { settings: { conf: { ...settings.conf, 'spark.executor.memory': '8g' } } },
    ['compatible: `spark.executor.memory` is `8g` instead of `4g`, which decides time and cost, not the result.'],
  ],
  [
    'a setting that decides the result',
    { settings: { conf: { ...settings.conf, 'spark.sql.ansi.enabled': false } } },
    [
      'breaking: `spark.sql.ansi.enabled` is `false` instead of `true`, so that what was null may fail, or the other way round.',
    ],
  ],
  [
    'a setting that only shows',
    { settings: { conf: { ...settings.conf, 'spark.ui.enabled': true } } },
    ['none: `spark.ui.enabled` is `true` instead of `false`, which only shows.'],
  ],
  [
    'a value that its arguments use',
    { values: { lake: '/sea' } },
    ['breaking: Its arguments are `--lake /sea` instead of `--lake /lake` in prod, so that its data are elsewhere.'],
  ],
  ['a value that it does not use', { values: { pond: '/pond' } }, []],
  [
    'a package',
    { settings: { packages: ['a:b:2'] } },
    ['unknown: The packages it runs on are `a:b:2` instead of `a:b:1`.'],
  ],
];

for (const [title, given, expected] of pairs) {
  test(`what is said of ${title}`, async () => {
    assert.deepEqual(await said(given), expected);
  });
}

test('of a job in Scala all that is packed counts, less comments', async () => {
  const scala = 'object Settle {\n  val limit = "//1" // the limit\n}\n';
  const given = (text: string): Given => ({
    texts: { 'jobs/settle/Settle.scala': text },
    settings: { main: 'settle.jar' },
  });
  const from = async (text: string) => {
    const changes = await compare({ base: await revision(given(scala)), head: await revision(given(text)) });
    return changes.map(({ effect }) => effect);
  };
  assert.deepEqual(await from(scala.replace('the limit', 'a limit')), ['none']);
  assert.deepEqual(await from(scala.replace('//1', '//2')), ['breaking']);
});
