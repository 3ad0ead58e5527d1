import { readYamlDocuments } from '../../../base/yaml/yaml-document.ts';

/** A column that a contract promises of a table, named `schema.table` as the catalogue names it. */
export type PromisedColumn = { table: string; column: string; type: string | null; line: number | null };

type Said = { [key: string]: unknown };

/** The promises of the Open Data Contract Standard in a file. Objects without a schema, here or at their server, are left out. */
export function promisedColumns(text: string): PromisedColumn[] {
  return readYamlDocuments(text).flatMap((yaml) => {
    const said = objectOf(yaml.value);
    if (said.kind !== 'DataContract') return [];
    const schema =
      list(said.servers)
        .map((one) => textOf(objectOf(one).schema))
        .find((one) => one !== null) ?? null;
    return list(said.schema).flatMap((object, index) => {
      const name = textOf(objectOf(object).physicalName) ?? textOf(objectOf(object).name);
      const table = name === null ? null : qualified(name, schema);
      if (table === null) return [];
      return list(objectOf(object).properties).flatMap((one, at) => {
        const property = objectOf(one);
        const column = textOf(property.physicalName) ?? textOf(property.name);
        const line = yaml.lineOf(['schema', index, 'properties', at]);
        return column === null ? [] : [{ table, column, type: textOf(property.physicalType), line }];
      });
    });
  });
}

function qualified(name: string, schema: string | null): string | null {
  return name.includes('.') ? name.split('.').slice(-2).join('.') : schema === null ? null : `${schema}.${name}`;
}

function objectOf(value: unknown): Said {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
