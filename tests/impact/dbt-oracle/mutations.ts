import type { Chance } from '../sql/chance.ts';
import { harmlessSql, otherSql } from './sql-mutations.ts';

export type Texts = { [path: string]: string };
/** Null: there is nothing of that kind to change. */
type Mutation = (texts: Texts, chance: Chance) => Texts | null;

/** A change of a project at the level of dbt, by its name. Many mean nothing, some mean much; dbt says which. */
export function mutated(texts: Texts, chance: Chance): { name: string; texts: Texts } | null {
  const [name, mutation] = chance.pick(Object.entries(mutations));
  const found = mutation(texts, chance);
  return found === null || Object.entries(found).every(([path, text]) => texts[path] === text)
    ? null
    : { name, texts: found };
}

const code = /^(?:models|macros|snapshots|tests|dbt_packages)\/.*\.sql$/;
const yaml = /\.yml$/;
const tag = /\{[{%](?:(?!\{[{%]|[%}]\}).)*[%}]\}/gs;

/** Changes one of the places that a pattern finds in one of the files; `into` null leaves it. */
function place(files: RegExp, pattern: RegExp, into: (found: string, chance: Chance) => string): Mutation {
  return (texts, chance) => {
    const places = Object.entries(texts).flatMap(([path, text]) =>
      files.test(path) && path !== 'profiles.yml'
        ? [...text.matchAll(pattern)].map((found) => ({ path, text, at: found.index, found: found[0] }))
        : [],
    );
    if (places.length === 0) return null;
    const { path, text, at, found } = chance.pick(places);
    return { ...texts, [path]: text.slice(0, at) + into(found, chance) + text.slice(at + found.length) };
  };
}

/** The same word in every file. */
function renamed(files: RegExp, pattern: RegExp): Mutation {
  return (texts, chance) => {
    const names = Object.entries(texts).flatMap(([path, text]) =>
      files.test(path) ? [...text.matchAll(pattern)].map((found) => found[1] ?? '') : [],
    );
    if (names.length === 0) return null;
    const name = chance.pick(names);
    const word = new RegExp(`\\b${name}\\b`, 'g');
    return Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [path, text.replaceAll(word, `${name}_too`)]),
    );
  };
}

/** The SQL of one model in another way. */
function sqlOf(change: (template: string, chance: Chance) => string | null): Mutation {
  return (texts, chance) => {
    const path = chance.pick(Object.keys(texts).filter((one) => /^(?:models|snapshots)\/.*\.sql$/.test(one)));
    const changed = change(texts[path] ?? '', chance);
    return changed === null ? null : { ...texts, [path]: changed };
  };
}

const number = (found: string, chance: Chance) => String(Number(found) + chance.pick([1, -1, 5]));

function moved(texts: Texts, chance: Chance): Texts | null {
  const path = chance.pick(Object.keys(texts).filter((one) => /^(?:models|macros|snapshots|seeds)\//.test(one)));
  const [head = ''] = path.split('/');
  const to = `${head}/${chance.pick(['moved/', 'marts/', 'marts/finance/', ''])}${path.replace(/^.*\//, '')}`;
  if (to in texts) return null;
  return Object.fromEntries(Object.entries(texts).map(([one, text]) => [one === path ? to : one, text]));
}

/** Blocks of a list in YAML in another order. */
function reordered(texts: Texts, chance: Chance): Texts | null {
  const path = chance.pick(Object.keys(texts).filter((one) => yaml.test(one)));
  const blocks = (texts[path] ?? '').split(/^(?= {2}- name)/m);
  if (blocks.length < 3) return null;
  const [first = '', ...rest] = blocks;
  const parts = rest.map((block) => block.replace(/^(?=\S)[\s\S]*/m, ''));
  const tails = rest.map((block, at) => block.slice((parts[at] ?? '').length)).join('');
  return { ...texts, [path]: first + chance.shuffled(parts).join('') + tails };
}

function configured(texts: Texts, chance: Chance): Texts | null {
  const path = chance.pick(Object.keys(texts).filter((one) => /^models\/.*\.sql$/.test(one)));
  const said = chance.pick([
    "materialized='table'",
    "alias='other'",
    "tags=['x']",
    "schema='deep'",
    "post_hook='select 1'",
    'enabled=true',
    "meta={'a': 1}",
    "unique_key='id'",
  ]);
  return { ...texts, [path]: `{{ config(${said}) }}\n${texts[path]}` };
}

function settings(texts: Texts, chance: Chance): Texts | null {
  const file = texts['dbt_project.yml'] ?? '';
  const said = chance.pick([
    '+materialized: table',
    '+schema: deep',
    '+tags: [x]',
    '+enabled: true',
    '+meta: { a: 1 }',
    '+persist_docs: { relation: true }',
    '+pre-hook: select 2',
    '+docs: { show: false }',
    'materialized: table',
    '+grants: { select: [r] }',
    '+unique_key: id',
    '+full_refresh: true',
  ]);
  const lines = file.split('\n');
  const at = chance.pick(
    lines.flatMap((line, index) => (/^ +(?:shop|marts|finance|staging):$/.test(line) ? [index] : [])),
  );
  const indent = (/^ */.exec(lines[at] ?? '')?.[0] ?? '').length + 2;
  return { ...texts, 'dbt_project.yml': lines.toSpliced(at + 1, 0, ' '.repeat(indent) + said).join('\n') };
}

const mutations: { [name: string]: Mutation } = {
  'SQL that says the same': sqlOf(harmlessSql),
  'SQL that ought to say the same': sqlOf(harmlessSql),
  'SQL once more that says the same': sqlOf(harmlessSql),
  'other SQL': sqlOf(otherSql),
  'SQL that may be other': sqlOf(otherSql),
  'SQL once more': sqlOf(otherSql),
  'SQL again': sqlOf(otherSql),
  'SQL once again': sqlOf(otherSql),
  'a number in Jinja': place(code, /(?<=\{[{%][^{}%]*)(?<![\w.'])\d+(?![\w'])/g, number),
  'a number in SQL': place(code, /(?<![\w.'])\d+(?![\w'])/g, number),
  'a number in YAML': place(yaml, /(?<![\w."'])\d+(?![\w."'])/g, number),
  'a word in YAML': place(yaml, /(?<=: |\[|, )[a-z]\w+(?=[\s\],}])/g, (found, chance) =>
    chance.pick([`${found}_x`, 'table', 'ephemeral', 'null', 'false', `'${found}'`, `"${found}"`]),
  ),
  'a value of a var': place(
    /^dbt_project\.yml$/,
    /(?<=^ {2,4}(?:days|currency|nothing|strict|region|unit): ).*$/gm,
    (found, chance) => chance.pick(['9', 'JPY', 'null', 'true', 'false', 'south', `"${found}"`, '"7"', '7.0', 'x']),
  ),
  'a line of dbt_project.yml': place(/^dbt_project\.yml$/, /^ {2,}.*\n/gm, () => ''),
  'a line of YAML': place(yaml, /^ {2,}.*\n/gm, () => ''),
  'a line of SQL': place(code, /^.*\n/gm, () => ''),
  'a word in quotes': place(code, /(?<=')\w+(?=')/g, (found, chance) => `${found}${chance.pick(['x', '_2', ' '])}`),
  'an item of a list': place(
    code,
    /\[[^[\]{}]*,[^[\]{}]*\]/g,
    (found, chance) =>
      `[${chance
        .shuffled(found.slice(1, -1).split(','))
        .slice(chance.pick([0, 0, 1]))
        .join(',')}]`,
  ),
  'a condition': place(code, /(?<=\{%-? (?:el)?if ).*?(?= -?%\})/g, (found, chance) =>
    chance.pick([`not (${found})`, `${found} and true`, `(${found})`, 'false', `${found} or var('days') > 8`]),
  ),
  'an operator': place(code, / (?:==|!=|and|or|>=|<|\*|~|\/|<>|\+|\/\/|not in|in) /g, (_, chance) =>
    chance.pick([' == ', ' != ', ' and ', ' or ', ' < ', ' + ', ' in ']),
  ),
  'white space of a tag': place(code, tag, (found) =>
    found.replaceAll(/ (?=(?:[^']*'[^']*')*[^']*$)/g, '  ').replaceAll(',', ' ,'),
  ),
  'a minus of a tag': place(code, tag, (found, chance) => {
    const side = chance.is(0.5);
    if (side) return /^..-/.test(found) ? found.slice(0, 2) + found.slice(3) : `${found.slice(0, 2)}-${found.slice(2)}`;
    return /-..$/.test(found) ? `${found.slice(0, -3)}${found.slice(-2)}` : `${found.slice(0, -2)}-${found.slice(-2)}`;
  }),
  'quotes in Jinja': place(code, /(?<=\{[{%][^{}%]*)'\w+'/g, (found) => found.replaceAll("'", '"')),
  'a comment of Jinja': place(code, /(?<=\s)(?=\S)/g, (_, chance) =>
    chance.pick(['{# why #}', '{#- why -#}', '{# {{ x }} #} ']),
  ),
  'a comment of SQL': place(code, /\n/g, (_, chance) =>
    chance.pick([' -- why\n', '\n/* why */\n', "\n-- it's {{ 1 }}\n"]),
  ),
  'a comment of YAML': place(yaml, /\n/g, () => ' # why\n'),
  'white space': place(code, /[ \n]+/g, (found, chance) => chance.pick([`${found} `, `${found}\n`, `${found}\t`, ' '])),
  'a parameter of a macro': renamed(/\.sql$/, /(?<=macro \w+\([^)]*?)(\w+)(?=\s*[,)=])/g),
  'the name of a macro': renamed(/\.sql$/, /(?<=macro )(\w+)/g),
  'the name of a set': renamed(/\.sql$/, /(?<=set )(\w+)/g),
  'an argument by default': place(
    /^(?:macros|dbt_packages)\//,
    /(?<=\(.*\w+=)(?:\d+|none|'')(?=[,)])/g,
    (found, chance) => chance.pick([found === '2' ? '3' : '2', "'x'", 'none']),
  ),
  'an argument of a var': place(code, /var\('(\w+)'(?:, [^)]*)?\)/g, (found, chance) =>
    chance.pick([
      `${found.slice(0, -1)}, 'none')`,
      found.replace(/, .*\)/, ')'),
      found.replace(/'\w+'/, (name) => chance.pick([name, "'days'", "'region'", "'nothing'"])),
    ]),
  ),
  'a text in two': place(
    code,
    /(?<=\{[{%][^{}%]*)'\w\w+'/g,
    (found) => `('${found.slice(1, 2)}' ~ '${found.slice(2, -1)}')`,
  ),
  'a set before': place(
    code,
    /\{\{ (?:ref|source|var)\([^)]*\) \}\}/g,
    (found) => `{% set it_is = ${found.slice(3, -3)} %}{{ it_is }}`,
  ),
  'an if around': place(
    /^models\/.*\.sql$/,
    /^[^{}\n]+\n/gm,
    (found, chance) =>
      `{% if ${chance.pick(['true', "var('strict')", "target.name == 'dev'", 'execute', '1 == 2', "var('days') == 7"])} %}${found}{% endif %}`,
  ),
  'a column': place(/^models\/.*\.sql$/, /\nfrom /g, () => '\n, 1 as fresh\nfrom '),
  'a literal as a var': place(
    /^models\/.*\.sql$/,
    /'(?:card|cash|void|paid)'/g,
    (found) => `'{{ var("fresh", "${found.slice(1, -1)}") }}'`,
  ),
  'another ref': place(/^models\/.*\.sql$/, /ref\('\w+'\)/g, (_, chance) =>
    chance.pick([
      "ref('rates')",
      "ref('shop', 'stg_orders')",
      "ref('stg_orders')",
      "ref('terms', v=2)",
      "ref('terms')",
    ]),
  ),
  'a version': place(/^models\/schema\.yml$/, /latest_version: 1\n {4}|v: 2\n {8}config.*/g, (found, chance) =>
    found.startsWith('v') ? 'v: 2' : chance.pick(['', 'latest_version: 2\n    ']),
  ),
  'a config in SQL': configured,
  'a config in dbt_project.yml': settings,
  'a config in YAML': place(/^models\/schema\.yml$/, /(?<=^ {2}- name: \w+\n)/gm, (_, chance) =>
    chance.pick([
      '    config: { alias: other }\n',
      '    description: Other words.\n',
      '    config: { enabled: false }\n',
      '    config: { "+materialized": table }\n',
      '    tags: [x]\n',
      '    access: public\n',
      '    config: { materialized: table, meta: { a: 1 } }\n',
    ]),
  ),
  'a source': place(
    /^models\/sources\.yml$/,
    /(?<=^ {2}- name: \w+\n)|(?<=- name: (?:orders|customers)\n)/gm,
    (_, chance) =>
      chance.pick([
        '    database: memory\n',
        '        identifier: other\n',
        '        description: Words.\n',
        '    quoting: { identifier: false }\n',
        '        freshness: null\n',
        '    schema: elsewhere\n',
      ]),
  ),
  'a seed': place(/\.csv$/, /\n|\w+/g, (found, chance) =>
    chance.pick([`"${found}"`, found === '\n' ? '\r\n' : `${found}1`]),
  ),
  'a new seed': (texts) => ({ ...texts, 'seeds/fresh.csv': 'a\n1\n' }),
  'an override': (texts, chance) => ({
    ...texts,
    'macros/own.sql': chance.pick([
      '{% macro default__to_units(column, scale) %}{{ column }}{% endmacro %}',
      '{% macro duckdb__to_units(column, scale) %}{{ column }} + 0{% endmacro %}',
      '{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name }}_x{% endmacro %}',
      '{% macro unused(x) %}{{ x }}{% endmacro %}',
      '{% macro fee_cash(column) %}{{ column }} * 9{% endmacro %}',
      '{% macro shop__to_units(column, scale) %}9{% endmacro %}',
    ]),
  }),
  'a moved file': moved,
  'another order in YAML': reordered,
};
