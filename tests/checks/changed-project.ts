import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A dbt project as texts by path, and a source of chance that is the same for the same seed. */
export type Texts = Map<string, string>;
export type Chance = { below(most: number): number; one<Thing>(list: readonly Thing[]): Thing };

const example = fileURLToPath(new URL('../../examples/payments/dbt/shop', import.meta.url));

/** The example's dbt project with a snapshot, an incremental model and models of its own that others read. */
export function exampleTexts(): Texts {
  const files = readdirSync(example, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts: Texts = new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(example, path), readFileSync(path, 'utf8')];
    }),
  );
  texts.set('snapshots/snap_merchants.sql', snapshot('merchant_id'));
  texts.set('models/own/own_1.sql', incremental('stg_refunds', 0));
  texts.set('models/own/own_2.sql', `select * from {{ ref('snap_merchants') }}\n`);
  texts.set('models/own/own_3.sql', `select currency, count(*) as n from {{ ref('dim_currencies') }} group by 1\n`);
  texts.set('models/own/own_4.sql', `select n * {{ var('factor') }} as n from {{ ref('own_3') }}\n`);
  texts.set('models/own/own.yml', ownYaml(texts, []));
  texts.set(
    'dbt_project.yml',
    (texts.get('dbt_project.yml') ?? '')
      .replace('vars:\n', 'vars:\n  factor: 2\n')
      .concat('snapshot-paths: [snapshots]\n'),
  );
  return texts;
}

function snapshot(key: string): string {
  return `{% snapshot snap_merchants %}
{{ config(target_schema='history', unique_key='${key}', strategy='check', check_cols='all') }}
select * from {{ ref('stg_merchants') }}
{% endsnapshot %}
`;
}

function incremental(model: string, turn: number): string {
  return `{{ config(materialized='incremental', unique_key='refund_id') }}
select *, ${turn} as turn from {{ ref('${model}') }}
{% if is_incremental() %} where false {% endif %}
`;
}

const columnsOf: { [model: string]: string } = {
  own_1: 'refund_id',
  own_2: 'merchant_id',
  own_3: 'currency',
  own_4: 'n',
};

function ownYaml(texts: Texts, tested: readonly string[]): string {
  const names = modelsIn(texts, 'models/own/');
  const entries = names.map((name) => {
    const column = columnsOf[name];
    const tests = column !== undefined && tested.includes(name) ? `[unique, not_null]` : '[]';
    return column === undefined
      ? `  - name: ${name}`
      : `  - name: ${name}\n    columns:\n      - { name: ${column}, data_tests: ${tests} }`;
  });
  return `version: 2\nmodels:\n${entries.join('\n')}\n`;
}

function modelsIn(texts: Texts, folder = 'models/'): string[] {
  return [...texts.keys()]
    .filter((path) => path.startsWith(folder) && path.endsWith('.sql'))
    .map((path) => path.slice(path.lastIndexOf('/') + 1, -'.sql'.length))
    .sort();
}

type Change = (texts: Texts, chance: Chance) => string;

/** What can happen to a project; each gives one sentence on what it did. */
const changes: { [name: string]: Change } = {
  model(texts, chance) {
    const path = chance.one([...texts.keys()].filter((one) => /^models\/.*\.sql$/.test(one)));
    const [head, body] = withoutConfig(texts.get(path) ?? '');
    const how = chance.one([
      'select * from was',
      'select * from was union all select * from was',
      'select * from was where false',
    ]);
    texts.set(path, `${head}with was as (\n${body.replace(/;\s*$/, '')}\n)\n${how}\n`);
    return `${path}: ${how}`;
  },
  comment(texts, chance) {
    const path = chance.one([...texts.keys()].filter((one) => /^(?:models|macros)\/.*\.sql$/.test(one)));
    texts.set(path, `${texts.get(path)}\n{# ${chance.below(1000)} #}\n`);
    return `${path}: a comment`;
  },
  seed: (texts, chance) => changeRows(texts, chance, /^seeds\/.*\.csv$/),
  data: (texts, chance) => changeRows(texts, chance, /^source-data\/.*\.csv$/),
  dataGone(texts, chance) {
    const path = chance.one([...texts.keys()].filter((one) => /^source-data\/.*\.csv$/.test(one)));
    texts.delete(path);
    return `${path} is gone`;
  },
  macro(texts, chance) {
    const path = 'macros/money.sql';
    texts.set(path, (texts.get(path) ?? '').replace(/ \/ \d+/, ` / ${10 ** (3 + chance.below(3))}`));
    return `${path}: another number`;
  },
  variable(texts, chance) {
    const factor = chance.below(9);
    texts.set('dbt_project.yml', (texts.get('dbt_project.yml') ?? '').replace(/factor: \d+/, `factor: ${factor}`));
    return `factor: ${factor}`;
  },
  settings(texts, chance) {
    const how = chance.one(['view', 'table', 'ephemeral']);
    const text = (texts.get('dbt_project.yml') ?? '').replace(/(intermediate:[\s\S]*?materialized: )\w+/, `$1${how}`);
    texts.set('dbt_project.yml', text);
    return `intermediate models: ${how}`;
  },
  snapshot(texts, chance) {
    const key = chance.one(['merchant_id', "merchant_id || '-' || country"]);
    texts.set('snapshots/snap_merchants.sql', snapshot(key));
    return `snapshot by ${key}`;
  },
  incremental(texts, chance) {
    texts.set('models/own/own_1.sql', incremental('stg_refunds', chance.below(100)));
    return 'the incremental model';
  },
  added(texts, chance) {
    const [one, other] = [chance.one(modelsIn(texts)), chance.one(modelsIn(texts))];
    const name = `own_${10 + chance.below(1000)}`;
    texts.set(
      `models/own/${name}.sql`,
      `select (select count(*) from {{ ref('${one}') }}) as a, (select count(*) from {{ ref('${other}') }}) as b\n`,
    );
    return `${name} over ${one} and ${other}`;
  },
  removed(texts, chance) {
    const free = modelsIn(texts, 'models/own/').filter((name) => !isReferredTo(texts, name));
    if (free.length === 0) return 'nothing to remove';
    const name = chance.one(free);
    texts.delete(`models/own/${name}.sql`);
    return `${name} is gone`;
  },
  renamed(texts, chance) {
    const own = modelsIn(texts, 'models/own/');
    if (own.length === 0) return 'nothing to rename';
    const name = chance.one(own);
    const next = `own_${1000 + chance.below(1000)}`;
    texts.set(`models/own/${next}.sql`, texts.get(`models/own/${name}.sql`) ?? '');
    texts.delete(`models/own/${name}.sql`);
    for (const [path, text] of texts) texts.set(path, text.replaceAll(`ref('${name}')`, `ref('${next}')`));
    return `${name} is ${next}`;
  },
  moved(texts, chance) {
    const paths = [...texts.keys()].filter((path) => /^models\/own\/\w+\.sql$/.test(path));
    if (paths.length === 0) return 'nothing to move';
    const path = chance.one(paths);
    texts.set(path.replace('/own/', `/own/deep_${chance.below(9)}/`), texts.get(path) ?? '');
    texts.delete(path);
    return `${path} lies deeper`;
  },
  tests(texts, chance) {
    const tested = Object.keys(columnsOf).filter(() => chance.below(2) === 0);
    texts.set('models/own/own.yml', ownYaml(texts, tested));
    return `tests on ${tested.join(', ')}`;
  },
  singularTest(texts, chance) {
    const model = chance.one(modelsIn(texts));
    texts.set(`tests/test_${chance.below(1000)}.sql`, `select * from {{ ref('${model}') }} limit ${chance.below(2)}\n`);
    return `a test of ${model}`;
  },
  schemas(texts, chance) {
    texts.set(
      'macros/generate_schema_name.sql',
      `{% macro generate_schema_name(name, node) %}{{ (name or target.schema) ~ '${chance.below(3)}' }}{% endmacro %}\n`,
    );
    return 'other schemas';
  },
  broken(texts, chance) {
    const path = chance.one([...texts.keys()].filter((one) => /^models\/own\/.*\.sql$/.test(one)));
    texts.set(path, `select no_such_function(1) as a\n`);
    return `${path} is broken`;
  },
};

/** Changes a few things, and says what. */
export function changeProject(texts: Texts, chance: Chance): string {
  const names = Object.keys(changes);
  const wanted = Array.from({ length: 1 + chance.below(3) }, () => chance.one(names));
  return wanted.map((name) => changes[name]?.(texts, chance) ?? '').join('; ');
}

function withoutConfig(text: string): [head: string, body: string] {
  const config = /^\s*\{\{\s*config\([\s\S]*?\)\s*\}\}\s*/.exec(text)?.[0] ?? '';
  return [config, text.slice(config.length)];
}

function isReferredTo(texts: Texts, name: string): boolean {
  return [...texts].some(([path, text]) => /\.sql$/.test(path) && text.includes(`'${name}'`));
}

function changeRows(texts: Texts, chance: Chance, pattern: RegExp): string {
  const paths = [...texts.keys()].filter((one) => pattern.test(one));
  if (paths.length === 0) return 'no rows to change';
  const path = chance.one(paths);
  const [heading = '', ...rows] = (texts.get(path) ?? '').trimEnd().split('\n');
  const row = rows[chance.below(rows.length)];
  const isDoubled = row !== undefined && chance.below(2) === 0;
  texts.set(path, `${[heading, ...(isDoubled ? [...rows, row] : rows.slice(1))].join('\n')}\n`);
  return `${path}: a row ${isDoubled ? 'twice' : 'less'}`;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0 || 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return {
    below,
    one(list) {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
  };
}

export async function writeTexts(folder: string, texts: Texts): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of texts) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
