import { listOf, objectOf } from './dbt-project.ts';

/** A generic test on a model or source: dbt's own name for it, and what its arguments refer to. */
export type GenericTest = { name: string; column: string | null; texts: string[]; at: PropertyKey[] };

const settingKeys = new Set([
  'name',
  'description',
  'config',
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
  'sql_header',
  'test_name',
]);

/** The generic tests of a properties entry and its columns. `target` is what dbt puts in their names. */
export function genericTests(
  said: { [key: string]: unknown },
  target: { name: string; isSource: boolean },
): GenericTest[] {
  const own = testsOf(said).map(({ test, at }) => testOf(test, { ...target, column: null }, at));
  const columns = listOf(said.columns).flatMap((column, index) => {
    const { name } = objectOf(column);
    if (typeof name !== 'string') return [];
    return testsOf(objectOf(column)).map(({ test, at }) =>
      testOf(test, { ...target, column: name }, ['columns', index, ...at]),
    );
  });
  return [...own, ...columns].filter((test): test is GenericTest => test !== null);
}

function testsOf(said: { [key: string]: unknown }): { test: unknown; at: PropertyKey[] }[] {
  return ['tests', 'data_tests'].flatMap((key) => listOf(said[key]).map((test, index) => ({ test, at: [key, index] })));
}

type Target = { name: string; isSource: boolean; column: string | null };

function testOf(test: unknown, target: Target, at: PropertyKey[]): GenericTest | null {
  const read = typeof test === 'string' ? { kind: test, said: {} } : kindAndArguments(objectOf(test));
  if (read === null) return null;
  const given = Object.fromEntries(
    Object.entries({ ...read.said, ...objectOf(read.said.arguments) }).filter(
      ([key]) => !settingKeys.has(key) && key !== 'arguments',
    ),
  );
  const custom = read.said.name;
  const all: { [key: string]: unknown } = target.column === null ? given : { ...given, column_name: target.column };
  const name = typeof custom === 'string' ? custom : testName(read.kind, target, all);
  const texts = Object.values(given).flatMap(textsIn);
  const isOwn = !ofDbt.has(read.kind) && !read.kind.includes('.');
  return { name, column: target.column, texts: isOwn ? texts.map(asReference) : texts, at };
}

const ofDbt = new Set(['unique', 'not_null', 'accepted_values', 'relationships']);

/** A test of the project may do `ref(argument)`: a word that is a model's name is taken for one, and any other leads nowhere. */
function asReference(text: string): string {
  return /^\w+$/.test(text) ? `{{ ref('${text}') }}` : text;
}

/** `{not_null: {...}}`, `{not_null: null, config: ...}` or `{test_name: not_null, ...}`. */
function kindAndArguments(said: { [key: string]: unknown }): { kind: string; said: { [key: string]: unknown } } | null {
  if (typeof said.test_name === 'string') return { kind: said.test_name, said };
  const [kind] = Object.keys(said).filter((key) => !['name', 'description', 'config'].includes(key));
  if (kind === undefined) return null;
  const { [kind]: given, ...beside } = said;
  return { kind, said: { ...beside, ...objectOf(given) } };
}

/** The name that dbt gives: kind, target, then the arguments in the order of their names. */
function testName(kind: string, target: Target, given: { [key: string]: unknown }): string {
  const [namespace, own] = kind.includes('.')
    ? [`${kind.slice(0, kind.indexOf('.'))}_`, kind.slice(kind.indexOf('.') + 1)]
    : ['', kind];
  const values = Object.keys(given)
    .filter((key) => key !== 'model')
    .sort()
    .flatMap((key) => partsOf(given[key]))
    .map((value) => value.replace(/[^0-9a-zA-Z_]+/g, '_'));
  return `${namespace}${target.isSource ? 'source_' : ''}${own}_${target.name}_${values.join('__')}`;
}

function partsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(pythonText);
  if (value !== null && typeof value === 'object') return Object.values(value).map(pythonText);
  return [pythonText(value)];
}

/** What Python's `str()` gives, as dbt's names are made with it. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonQuoted).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `'${key}': ${pythonQuoted(item)}`)
      .join(', ')}}`;
  return String(value);
}

function pythonQuoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : pythonText(value);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}
