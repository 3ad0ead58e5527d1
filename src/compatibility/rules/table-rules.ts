import type { Rule } from '../rule.ts';

/** Formats whose schemas are tables with columns. */
export const tableFormats = ['dbt', 'odcs', 'ddl', 'snowflake'] as const;
export type TableFormat = (typeof tableFormats)[number];

const kinds = [
  {
    kind: 'table-removed',
    catches: 'A table (model, schema object) of one version is not in the other.',
    because: 'Who reads it finds nothing, and what it held has no place.',
    backward: 'removing or renaming a table',
    forward: 'removing or renaming a table',
  },
  {
    kind: 'column-removed',
    catches: 'A column of the old version is not in the new one.',
    because: 'Queries that name it fail, and its old values have no place.',
    backward: 'removing or renaming a column',
    forward: 'removing or renaming a column',
  },
  {
    kind: 'column-added-required',
    catches: 'The new version has a column that is never null and has no default.',
    because: 'Rows that were written before have no value for it.',
    backward: 'adding a column that is not null',
    forward: null,
  },
  {
    kind: 'column-made-required',
    catches: 'The reader counts on a column to be never null, and the writer may leave it null.',
    because: 'A null breaks joins, keys and constraints of the reader.',
    backward: 'making a column not null',
    forward: 'making a column nullable',
  },
  {
    kind: 'type-narrowed',
    catches:
      'The reader’s type does not hold every value of the writer’s: fewer digits, characters or fractions of a second.',
    because: 'A value at the edge is refused, cut or rounded.',
    backward: 'narrowing a type',
    forward: 'widening a type',
  },
  {
    kind: 'type-changed',
    catches: 'A column has another kind of type.',
    because: 'Comparisons, functions and drivers treat its values as something else.',
    backward: 'replacing a type',
    forward: 'replacing a type',
  },
  {
    kind: 'key-lost',
    catches: 'The reader counts on columns to be unique (primary key or unique), and the writer does not promise that.',
    because: 'A second row of the same key multiplies joins and breaks merges.',
    backward: 'adding or narrowing a key',
    forward: 'removing or widening a key',
  },
  {
    kind: 'check-added',
    catches: 'The reader holds rows to a check that the writer does not have.',
    because: 'A row that breaks the check is refused.',
    backward: 'adding or changing a check',
    forward: 'removing or changing a check',
  },
  {
    kind: 'values-narrowed',
    catches: 'The reader limits values (length, range, pattern, list) more than the writer.',
    because: 'A value outside the limit breaks what the reader relies on.',
    backward: 'narrowing a limit',
    forward: 'widening a limit',
  },
  {
    kind: 'contract-lifted',
    catches: 'The reader’s version is enforced, the writer’s is not.',
    because: 'Nothing holds the rows to the promised columns.',
    backward: 'enforcing a contract that was not enforced before',
    forward: 'no longer enforcing it',
  },
] as const;

type Kind = (typeof kinds)[number]['kind'];

/** What a format cannot say: SQL has checks and no other limits, only dbt can leave a contract unenforced, bare types are no tables. */
const unsaid = {
  dbt: ['values-narrowed'],
  odcs: ['check-added', 'contract-lifted'],
  ddl: ['values-narrowed', 'contract-lifted'],
  snowflake: ['table-removed', 'values-narrowed', 'contract-lifted', 'check-added', 'key-lost'],
} as const satisfies { [format in TableFormat]: readonly Kind[] };

export type TableProblem = Kind;

export const tableRules = tableFormats.flatMap((format) =>
  kinds
    .filter(({ kind }) => !unsaid[format].some((other) => other === kind))
    .map(({ kind, ...rest }) => ({ name: `${format}-${kind}` as const, format, ...rest })),
) satisfies readonly Rule[];
