import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf } from '../../base/errors.ts';
import type { Json } from '../../model/json.ts';
import type { SchemaSource } from '../verdict.ts';
import { addFormats } from './add-formats.ts';
import { type Draft, isSchema, type Keywords } from './document.ts';

/** A schema as ajv takes it, or why it does not. */
export type Validator = { validate: ValidateFunction } | { because: string };

/**
 * Compiles for ajv. It has no draft 04, so exclusive bounds and `id` are turned into those of 07; and it looks at what stands
 * beside a `$ref`, which up to draft 07 says nothing, so that is left out.
 */
export function compileForAjv(json: unknown, draft: Draft, references: readonly SchemaSource[]): Validator {
  const options = {
    strict: false,
    validateSchema: false,
    logger: false,
    allErrors: false,
    addUsedSchema: false,
  } as const;
  const ajv =
    draft === '2020-12' ? new Ajv2020(options) : draft === '2019-09' ? new Ajv2019(options) : new Ajv(options);
  addFormats(ajv);
  try {
    for (const { name, text } of references) {
      const other = forAjv(JSON.parse(text), draft);
      if (isSchema(other)) ajv.addSchema(other, typeof other === 'object' && '$id' in other ? undefined : name);
    }
    const schema = forAjv(json, draft);
    if (!isSchema(schema)) return { because: 'it is no schema.' };
    return { validate: ajv.compile(schema) };
  } catch (error) {
    return { because: `ajv does not take the schema: ${messageOf(error)}.` };
  }
}

/** What ajv says of a value: null when it is accepted. */
export function refusalOf(validate: ValidateFunction, value: Json): string | null {
  if (validate(value)) return null;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || 'the value'} ${first?.message ?? 'is refused'}`;
}

function forAjv(json: unknown, draft: Draft): unknown {
  if (Array.isArray(json)) return json.map((item) => forAjv(item, draft));
  if (typeof json !== 'object' || json === null) return json;
  const old = draft !== '2019-09' && draft !== '2020-12';
  const copy: { [keyword: string]: unknown } = {};
  const alone = old && typeof (json as Keywords).$ref === 'string';
  for (const [keyword, value] of Object.entries(json)) {
    if (keyword === '$schema' && typeof value === 'string') continue;
    if (alone && !['$ref', 'definitions', '$defs'].includes(keyword)) continue;
    copy[keyword] = keyword === 'enum' || keyword === 'const' ? value : forAjv(value, draft);
  }
  return draft === '04' ? fromDraft04(copy) : copy;
}

function fromDraft04(copy: { [keyword: string]: unknown }): { [keyword: string]: unknown } {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (copy[exclusive] === true && typeof copy[bound] === 'number') {
      copy[exclusive] = copy[bound];
      delete copy[bound];
    } else if (typeof copy[exclusive] === 'boolean') delete copy[exclusive];
  }
  if (typeof copy.id === 'string' && copy.$id === undefined) {
    copy.$id = copy.id;
    delete copy.id;
  }
  return copy;
}
