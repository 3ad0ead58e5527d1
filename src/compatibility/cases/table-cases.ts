import type { RuleName } from '../rules.ts';
import type { CompatibilityRequest } from '../verdict.ts';
import type { Case } from './case.ts';

type Pair = [
  name: string,
  fresh: string,
  old: string,
  rules: RuleName[],
  options?: Partial<CompatibilityRequest> & { unseen?: true },
];

const ddl = (columns: string): string => `create table orders (${columns});`;
const dbt = (columns: string, more = ''): string =>
  `models:\n  - name: orders\n    config: {contract: {enforced: true}}\n${more}    columns:\n${columns}`;
const column = (name: string, type: string, constraints = ''): string =>
  `      - {name: ${name}, data_type: "${type}", constraints: [${constraints}]}\n`;
const odcs = (properties: string): string =>
  `apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    properties:\n${properties}`;
const property = (name: string, rest: string): string => `      - {name: ${name}, ${rest}}\n`;
const forward = { mode: 'forward' } as const;
const unseen = { unseen: true } as const;

const ddlPairs: Pair[] = [
  ['a nullable column may be added', ddl('id int, note text'), ddl('id int'), []],
  [
    'a column that is not null may not',
    ddl('id int, note text not null'),
    ddl('id int'),
    ['ddl-column-added-required'],
  ],
  ['unless it has a default', ddl("id int, note text not null default ''"), ddl('id int'), []],
  ['a column may not go', ddl('id int'), ddl('id int, note text'), ['ddl-column-removed']],
  ['also not for those who read the old one', ddl('id int'), ddl('id int, note text'), ['ddl-column-removed'], forward],
  ['a table may not go', ddl('id int'), `${ddl('id int')} create table lines (id int)`, ['ddl-table-removed'], unseen],
  ['a decimal may grow', ddl('a number(12, 2)'), ddl('a number(10, 2)'), []],
  ['but not lose whole digits to its scale', ddl('a number(12, 4)'), ddl('a number(10, 1)'), ['ddl-type-narrowed']],
  [
    'old readers do not expect more digits',
    ddl('a number(12, 2)'),
    ddl('a number(10, 2)'),
    ['ddl-type-narrowed'],
    forward,
  ],
  ['another word for the same type', ddl('a string, b int'), ddl('a varchar, b number(38, 0)'), []],
  [
    'words of Postgres',
    ddl('a timestamp with time zone, b bigint'),
    ddl('a timestamptz, b int'),
    [],
    { dialect: 'postgres' },
  ],
  ['a bigint is no int', ddl('a int'), ddl('a bigint'), ['ddl-type-narrowed'], { dialect: 'postgres' }],
  ['a text is no number', ddl('a int'), ddl('a text'), ['ddl-type-changed']],
  ['a list of Spark', ddl('a array<int>'), ddl('a array<bigint>'), ['ddl-type-narrowed'], { dialect: 'spark' }],
  ['a column that is not null now', ddl('id int not null'), ddl('id int'), ['ddl-column-made-required']],
  ['a key that is new', ddl('id int not null, primary key (id)'), ddl('id int not null'), ['ddl-key-lost']],
  ['a key by other words', ddl('id int unique'), ddl('id int, constraint one unique (id)'), []],
  ['a name in quotes has its case', ddl('"Id" int'), ddl('id int, "Id" int'), ['ddl-column-removed']],
  ['unless it is the one without quotes', ddl('"ID" int'), ddl('id int'), []],
  ['small letters in quotes are those of Postgres', ddl('"id" int'), ddl('id int'), [], { dialect: 'postgres' }],
  ['and others of Snowflake', ddl('"id" int'), ddl('id int'), ['ddl-column-removed']],
  [
    'a comment promises nothing',
    ddl('a int not null'),
    ddl("a int comment 'is not null in most rows'"),
    ['ddl-column-made-required'],
  ],
  ['a column may be called index', ddl('a int'), ddl('a int, index int'), ['ddl-column-removed']],
  [
    'what it is by default may be nothing',
    ddl('a int, b int not null default null'),
    ddl('a int'),
    ['ddl-column-added-required'],
  ],
  [
    'tables of one name in two schemas',
    'create table a.t (x int); create table b.t (y int)',
    'create table a.t (x int); create table b.t (y int, z int)',
    ['ddl-column-removed'],
  ],
  ['a schema that is not named', 'create table t (x int)', 'create table shop.t (x int)', []],
  [
    'a wider key promises less',
    ddl('a int not null, b int not null, primary key (a, b)'),
    ddl('a int not null, b int not null, primary key (a)'),
    [],
  ],
  ['a check that is new', ddl('a int check (a > 0)'), ddl('a int'), ['ddl-check-added'], unseen],
  [
    'names in quotes, comments and layout',
    'CREATE OR REPLACE TABLE db.orders (\n  "ID" INT, -- key\n  note TEXT /* free */\n)',
    ddl('id int, note text'),
    [],
  ],
];

const dbtPairs: Pair[] = [
  ['a column may be added', dbt(column('id', 'int') + column('note', 'text')), dbt(column('id', 'int')), []],
  [
    'a column may not go',
    dbt(column('id', 'int')),
    dbt(column('id', 'int') + column('note', 'text')),
    ['dbt-column-removed'],
  ],
  [
    'a column that is never null',
    dbt(column('id', 'int') + column('n', 'int', '{type: not_null}')),
    dbt(column('id', 'int')),
    ['dbt-column-added-required'],
  ],
  [
    'a column that is never null now',
    dbt(column('id', 'int', '{type: not_null}')),
    dbt(column('id', 'int')),
    ['dbt-column-made-required'],
  ],
  ['a narrower type', dbt(column('id', 'varchar(5)')), dbt(column('id', 'varchar(9)')), ['dbt-type-narrowed']],
  ['another type', dbt(column('id', 'date')), dbt(column('id', 'timestamp_ntz')), ['dbt-type-changed']],
  [
    'a key that is gone',
    dbt(column('id', 'int', '{type: not_null}')),
    dbt(column('id', 'int', '{type: primary_key}')),
    ['dbt-key-lost'],
    forward,
  ],
  [
    'a check that is new',
    dbt(column('id', 'int', '{type: check, expression: "id > 0"}')),
    dbt(column('id', 'int')),
    ['dbt-check-added'],
    unseen,
  ],
  [
    'a contract that is no longer enforced',
    dbt(column('id', 'int')).replace('true', 'false'),
    dbt(column('id', 'int')),
    ['dbt-contract-lifted'],
    { ...forward, ...unseen },
  ],
  ['a model that is gone', 'models: []', dbt(column('id', 'int')), ['dbt-table-removed'], unseen],
  [
    'versions are models of their own',
    dbt(
      column('id', 'int'),
      '    versions: [{v: 1}, {v: 2, columns: [{include: all}, {name: note, data_type: text}]}]\n',
    ),
    dbt(column('id', 'int'), '    versions: [{v: 1}]\n'),
    [],
  ],
];

const odcsPairs: Pair[] = [
  [
    'another name in the warehouse',
    odcs(property('a', 'logicalType: string, physicalName: a_new')),
    odcs(property('a', 'logicalType: string')),
    ['odcs-column-removed'],
    unseen,
  ],
  [
    'dates that are written in another way',
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {format: yyyy-MM-dd}')),
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}')),
    ['odcs-values-narrowed'],
    unseen,
  ],
  [
    'a later first date',
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {minimum: "2021-01-01"}')),
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {minimum: "2020-01-01"}')),
    ['odcs-values-narrowed'],
  ],
  [
    'an earlier first date',
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {minimum: "2019-01-01"}')),
    odcs(property('a', 'logicalType: date, logicalTypeOptions: {minimum: "2020-01-01"}')),
    [],
  ],
  [
    'a property may be added',
    odcs(property('id', 'logicalType: integer') + property('n', 'logicalType: string')),
    odcs(property('id', 'logicalType: integer')),
    [],
  ],
  [
    'a property may not go',
    odcs(property('id', 'logicalType: integer')),
    odcs(property('id', 'logicalType: integer') + property('n', 'logicalType: string')),
    ['odcs-column-removed'],
  ],
  [
    'a required property that is new',
    odcs(property('id', 'required: true')),
    odcs(property('x', '')).replace('      - {name: x, }\n', ''),
    ['odcs-column-added-required'],
  ],
  [
    'a property that is required now',
    odcs(property('id', 'required: true')),
    odcs(property('id', 'required: false')),
    ['odcs-column-made-required'],
  ],
  [
    'a narrower physical type',
    odcs(property('id', 'physicalType: "varchar(5)"')),
    odcs(property('id', 'physicalType: "varchar(9)"')),
    ['odcs-type-narrowed'],
  ],
  [
    'another logical type',
    odcs(property('id', 'logicalType: date')),
    odcs(property('id', 'logicalType: string')),
    ['odcs-type-changed'],
  ],
  [
    'a value that is unique no longer',
    odcs(property('id', 'unique: false')),
    odcs(property('id', 'unique: true')),
    ['odcs-key-lost'],
    forward,
  ],
  [
    'a longest length that is shorter',
    odcs(property('id', 'logicalType: string, logicalTypeOptions: {maxLength: 3}')),
    odcs(property('id', 'logicalType: string, logicalTypeOptions: {maxLength: 5}')),
    ['odcs-values-narrowed'],
  ],
  [
    'a pattern that finds the same',
    odcs(property('id', 'logicalType: string, logicalTypeOptions: {pattern: "^[ab]+$"}')),
    odcs(property('id', 'logicalType: string, logicalTypeOptions: {pattern: "^(a|b)+$"}')),
    [],
  ],
  [
    'a property inside a property',
    odcs(property('at', 'logicalType: object, properties: [{name: city, logicalType: integer}]')),
    odcs(property('at', 'logicalType: object, properties: [{name: city, logicalType: string}]')),
    ['odcs-type-changed'],
  ],
  [
    'a schema object that is gone',
    odcs('').replace('name: orders', 'name: sales'),
    odcs(''),
    ['odcs-table-removed'],
    unseen,
  ],
];

const snowflakePairs: Pair[] = [
  ['a key is never null', 'id INT PRIMARY KEY', 'id INT', ['snowflake-column-made-required']],
  [
    'what a comment says is no promise',
    'id INT NOT NULL',
    "id INT COMMENT 'never not null'",
    ['snowflake-column-made-required'],
  ],
  ['a number may grow', 'NUMBER(38, 2)', 'NUMBER(10, 2)', []],
  ['but not shrink', 'NUMBER(9, 2)', 'NUMBER(10, 2)', ['snowflake-type-narrowed']],
  ['a text may grow', 'VARCHAR', 'VARCHAR(10)', []],
  ['fractions of a second may not shrink', 'TIMESTAMP_NTZ(3)', 'TIMESTAMP_NTZ(9)', ['snowflake-type-narrowed']],
  ['a zone is not added', 'TIMESTAMP_TZ', 'TIMESTAMP_NTZ', ['snowflake-type-changed']],
  ['a variant is no text', 'VARCHAR', 'VARIANT', ['snowflake-type-changed']],
  ['lines of columns', 'id INT\nnote TEXT', 'id INT,\nnote VARCHAR(20)', []],
  ['a column that is gone', 'id INT\na INT', 'id INT\nb INT\na INT', ['snowflake-column-removed']],
  [
    'a column that is never null',
    'id INT\na INT NOT NULL',
    'id INT\nb INT',
    ['snowflake-column-added-required', 'snowflake-column-removed'],
  ],
  ['a column that is never null now', 'id INT NOT NULL', 'id INT', ['snowflake-column-made-required']],
];

const cased = (pairs: readonly Pair[]): Case[] =>
  pairs.map(([name, reader, writer, rules, { unseen: hidden, ...options } = {}]) => ({
    name,
    reader,
    writer,
    rules,
    options,
    ...(hidden ? { unconfirmed: true as const } : {}),
  }));

export const ddlCases = cased(ddlPairs);
export const dbtCases = cased(dbtPairs);
export const odcsCases = cased(odcsPairs);
export const snowflakeCases = cased(snowflakePairs);
