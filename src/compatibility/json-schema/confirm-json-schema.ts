import { createRequire } from 'node:module';
import type { Ajv, AnySchema, Options, ValidateFunction } from 'ajv';
import { messageOf } from '../../base/errors.ts';
import type { Json } from '../../model/json.ts';
import type { SchemaSource } from '../verdict.ts';
import { addFormats } from './add-formats.ts';
import { type Draft, isSchema, type Keywords } from './document.ts';

const load = createRequire(import.meta.url);

/** A schema as ajv takes it, or why it does not. */
export type Validator = { validate: ValidateFunction } | { because: string };

/**
 * Compiles for ajv. It has no draft 04, so exclusive bounds and `id` are turned into those of 07; and it looks at what stands
 * beside a `$ref`, which up to draft 07 says nothing, so that is left out.
 */
export function compileForAjv(json: unknown, draft: Draft, references: readonly SchemaSource[]): Validator {
  const schema = forAjv(json, draft);
  if (!isSchema(schema)) return { because: 'it is no schema.' };
  let because = '';
  // Patterns may be expressions without the flag for Unicode only; a name of the schema may be that of a reference too.
  for (const options of [{}, { unicodeRegExp: false }, { addUsedSchema: false }]) {
    try {
      return { validate: compiled(schema, { draft, references, options }) };
    } catch (error) {
      because ||= `ajv does not take the schema: ${messageOf(error)}.`;
    }
  }
  return { because };
}

type Compiling = { draft: Draft; references: readonly SchemaSource[]; options: Options };

function compiled(schema: AnySchema, { draft, references, options }: Compiling): ValidateFunction {
  const all: Options = { strict: false, validateSchema: false, logger: false, ownProperties: true, ...options };
  const ajv = ajvFor(draft, all);
  if (draft === '06') ajv.addMetaSchema(load('ajv/dist/refs/json-schema-draft-06.json'));
  addFormats(ajv);
  for (const { name, text } of references) {
    const other = forAjv(JSON.parse(text), draft);
    if (!isSchema(other)) continue;
    const own = typeof other === 'object' ? other.$id : undefined;
    if (typeof own === 'string' && !ajv.getSchema(own)) ajv.addSchema(other, own);
    if (own !== name) ajv.addSchema(other, name);
  }
  return ajv.compile(schema);
}

/** Loaded when first asked for: most comparisons need none of them. */
function ajvFor(draft: Draft, options: Options): Ajv {
  if (draft === '2020-12') {
    const { Ajv2020 }: typeof import('ajv/dist/2020.js') = load('ajv/dist/2020.js');
    return new Ajv2020(options);
  }
  if (draft === '2019-09') {
    const { Ajv2019 }: typeof import('ajv/dist/2019.js') = load('ajv/dist/2019.js');
    return new Ajv2019(options);
  }
  const { Ajv }: typeof import('ajv') = load('ajv');
  return new Ajv(options);
}

/** What ajv says of a value: null when it is accepted, `unknown` where ajv runs in circles. */
export function refusalOf(validate: ValidateFunction, value: Json): string | null | 'unknown' {
  try {
    if (validate(value)) return null;
  } catch (error) {
    if (error instanceof RangeError) return 'unknown';
    throw error;
  }
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || 'the value'} ${first?.message ?? 'is refused'}`;
}

const maps = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', 'definitions', '$defs']);
const values = new Set(['enum', 'const', 'default', 'examples']);

/** Schemas by names that may look like keywords. */
function eachForAjv(json: unknown, draft: Draft): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, inner]) => [name, forAjv(inner, draft)]));
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
    copy[keyword] = maps.has(keyword) ? eachForAjv(value, draft) : values.has(keyword) ? value : forAjv(value, draft);
  }
  // ajv takes no empty list, which nothing is one of.
  if (Array.isArray(copy.enum) && copy.enum.length === 0) return false;
  return fromDraft04(copy, draft === '04');
}

function fromDraft04(copy: { [keyword: string]: unknown }, named: boolean): { [keyword: string]: unknown } {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (copy[exclusive] === true && typeof copy[bound] === 'number') {
      copy[exclusive] = copy[bound];
      delete copy[bound];
    } else if (typeof copy[exclusive] === 'boolean') delete copy[exclusive];
  }
  if (named && typeof copy.id === 'string' && copy.$id === undefined) {
    copy.$id = copy.id;
    delete copy.id;
  }
  return copy;
}
