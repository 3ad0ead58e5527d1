import type { FormatName } from './rule.ts';
import type { Compatibility, CompatibilityRequest } from './verdict.ts';

type Check = (request: CompatibilityRequest) => Promise<Compatibility>;

const tables = async () => (await import('./tables/check-tables.ts')).checkTables;

/** What compares each format; loaded when first asked for. */
const checks: { [Format in FormatName]: () => Promise<Check> } = {
  protobuf: async () => (await import('./protobuf/check-protobuf.ts')).checkProtobuf,
  'json-schema': async () => (await import('./json-schema/check-json-schema.ts')).checkJsonSchema,
  dbt: tables,
  odcs: tables,
  ddl: tables,
  snowflake: tables,
  avro: async () => (await import('./avro/check-avro.ts')).checkAvro,
};

/**
 * Whether a new version of a schema and the old ones can read each other, in the directions of `mode`. Compatible is only what
 * was proven; each incompatible pair comes, where one could be built, with a record that a real library fails to read.
 * Throws `schema-invalid`, `schema-reference-missing`.
 */
export async function compareSchemas(request: CompatibilityRequest): Promise<Compatibility> {
  return (await checks[request.format]())(request);
}
