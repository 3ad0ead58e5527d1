import { readYamlDocuments, type YamlReading } from '../../base/yaml/yaml-document.ts';
import { listOf, mapOf } from './dbt-project-texts.ts';

/** A generic test: its name, and the model, seed, snapshot or `source_table` and column that it is written on. */
export type WrittenTest = { name: string; on: string; column: string | null };

const HOLDERS = ['models', 'seeds', 'snapshots'];

type Path = (string | number)[];
type Holder = { name: unknown; value: unknown; path: Path };

/** The line of a generic test in a properties file; that of its column, or of what it is on, where it cannot be told apart. */
export function lineOfTest(text: string, test: WrittenTest): number | null {
  for (const yaml of readYamlDocuments(text)) {
    const holder = holdersIn(yaml).find(({ name }) => name === test.on);
    if (holder === undefined) continue;
    const at = test.column === null ? holder : (columnOf(holder, test.column) ?? holder);
    return yaml.lineOf(testPath(at, test));
  }
  return null;
}

function holdersIn({ value }: YamlReading): Holder[] {
  const all = mapOf(value);
  const plain = HOLDERS.flatMap((kind) =>
    listOf(all[kind]).map((one, index) => ({ name: one.name, value: one, path: [kind, index] })),
  );
  const tables = listOf(all.sources).flatMap((source, index) =>
    listOf(source.tables).map((table, place) => ({
      name: `${source.name}_${table.name}`,
      value: table,
      path: ['sources', index, 'tables', place],
    })),
  );
  return [...plain, ...tables];
}

function columnOf({ value, path }: Holder, column: string): Holder | undefined {
  return listOf(mapOf(value).columns)
    .map((one, index) => ({ name: one.name, value: one, path: [...path, 'columns', index] }))
    .find(({ name }) => name === column);
}

/** An entry is the test's name alone, or a map with it as a key or as `test_name`. */
function testPath({ value, path }: Holder, { name }: WrittenTest): Path {
  const own = mapOf(value);
  for (const key of ['data_tests', 'tests']) {
    const entries = own[key];
    if (!Array.isArray(entries)) continue;
    const index = entries.findIndex(
      (entry: unknown) => entry === name || Object.hasOwn(mapOf(entry), name) || mapOf(entry).test_name === name,
    );
    if (index !== -1) return [...path, key, index];
  }
  return [...path, 'name'];
}
