import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** The schemas of the drafts themselves, by their `$id`; draft 04 has none here. */
const files: { [uri: string]: string } = {
  'http://json-schema.org/draft-06/schema': 'ajv/dist/refs/json-schema-draft-06.json',
  'http://json-schema.org/draft-07/schema': 'ajv/dist/refs/json-schema-draft-07.json',
};

/** The schema of a draft, that every validator knows; undefined for another name. */
export function metaSchema(uri: string): { json: unknown; base: string } | undefined {
  const file = Object.hasOwn(files, uri) ? files[uri] : undefined;
  return file === undefined ? undefined : { json: load(file), base: uri };
}
