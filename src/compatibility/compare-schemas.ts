import type { FormatName } from './rule.ts';
import type { Compatibility, CompatibilityRequest } from './verdict.ts';

type Check = (request: CompatibilityRequest) => Promise<Compatibility>;

/** What compares each format; loaded when first asked for. */
const checks: { [Format in FormatName]?: () => Promise<Check> } = {
  'json-schema': async () => (await import('./json-schema/check-json-schema.ts')).checkJsonSchema,
  avro: async () => (await import('./avro/check-avro.ts')).checkAvro,
};

/**
 * Whether a new version of a schema and the old ones can read each other, in the directions of `mode`. Compatible is only what
 * was proven; each incompatible pair comes, where one could be built, with a record that a real library fails to read.
 * Throws `schema-invalid`, `schema-reference-missing`.
 */
export async function compareSchemas(request: CompatibilityRequest): Promise<Compatibility> {
  const check = await checks[request.format]?.();
  if (check === undefined) throw new Error(`no check for ${request.format}`);
  return check(request);
}
