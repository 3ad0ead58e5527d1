import { HeadgateError } from '../../../base/errors.ts';
import { parseWithWrittenNumbers } from '../../../base/json-words.ts';
import { compareSchemas } from '../../../compatibility/compare-schemas.ts';
import type { Asset } from '../../../model/asset.ts';
import type { AssetChange, ColumnChange } from '../../../model/change.ts';
import { canonicalJson } from '../../../model/json.ts';

type Source = { name: string; text: string };
type Both<T> = { base: T; head: T };
type Schemas = { asset: Asset; texts: Both<string | null>; others: Both<Source[]> };

const formats: { [ending: string]: 'avro' | 'protobuf' | 'json-schema' } = {
  avsc: 'avro',
  proto: 'protobuf',
  json: 'json-schema',
};

/** What a schema's new text means for the records that are there and for who reads the new ones. */
export async function compareSchemaTexts({ asset, texts, others }: Schemas): Promise<AssetChange> {
  const { key, path } = asset;
  const change = (effect: AssetChange['effect'], because: string, columns: ColumnChange[] | null = null) => ({
    ...{ key, effect, because, columns },
  });
  if (texts.base === null || texts.head === null)
    return change('unknown', 'Its text cannot be read in both revisions.');
  const format = formats[path?.slice(path.lastIndexOf('.') + 1) ?? ''];
  if (format === undefined) return change('unknown', 'Its format is not known.');
  const same = meaningOf(format, texts.base) === meaningOf(format, texts.head);
  if (same && JSON.stringify(others.base) === JSON.stringify(others.head))
    return change('none', 'Only its formatting or documentation differs.');
  try {
    const { compatible, decided, problems } = await compareSchemas({
      format,
      olds: [{ name: 'base', text: texts.base, references: others.base }],
      new: { name: 'head', text: texts.head, references: others.head },
      mode: 'full',
      counterexamples: 0,
      ...(format === 'protobuf' ? { level: 'wire_json' as const } : {}),
    });
    if (!decided)
      return change('unknown', problems[0]?.message ?? 'Whether old and new can read each other is not known.');
    const [first] = problems;
    if (first !== undefined) {
      const whom =
        first.direction === 'forward'
          ? "today's readers cannot read new records"
          : 'new readers cannot read the records that are there';
      return change('breaking', `${first.message.replace(/\.$/, '')}: ${whom}.`);
    }
    if (!compatible) return change('unknown', 'Whether old and new can read each other is not known.');
    const moved = format === 'avro' ? movedDefault(texts.base, texts.head) : null;
    if (moved !== null)
      return change('unknown', `The default of \`${moved}\` is another, so old records may read differently.`);
    return change(
      'compatible',
      'Old and new can read each other.',
      format === 'avro' ? fieldChanges(texts.base, texts.head) : null,
    );
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    return change('unknown', error.message);
  }
}

/** The other files as the schema would import them: relative to the part's folder, and to the schema's own. */
export function schemaSources(
  path: string,
  folder: string,
  others: readonly string[],
  text: (path: string) => string | null,
): Source[] {
  const bases = [...new Set([folder, path.slice(0, Math.max(0, path.lastIndexOf('/')))])];
  return others.flatMap((other) =>
    bases
      .filter((base) => base === '' || other.startsWith(`${base}/`))
      .map((base) => ({ name: base === '' ? other : other.slice(base.length + 1), text: text(other) ?? '' })),
  );
}

/** Documentation and layout taken away. A text that cannot be read stands for itself. */
function meaningOf(format: string, text: string): string {
  if (format === 'protobuf')
    return text
      .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
        /^["']/.test(found) ? found.replace(/\s/g, (blank) => `\\u${blank.charCodeAt(0)}`) : ' ',
      )
      .replace(/\s+/g, ' ')
      .trim();
  const parsed = parsedJson(text);
  return parsed === undefined
    ? text
    : canonicalJson(withoutProse(parsed, format === 'avro' ? ['doc'] : ['description', '$comment', 'examples']));
}

/** In `properties` a key is a name, whatever it is called. */
function withoutProse(value: unknown, prose: readonly string[], named = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item, prose));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => named || !prose.includes(key) || (typeof item !== 'string' && key !== 'examples'))
      .map(([key, item]) => [
        key,
        ['default', 'const', 'enum'].includes(key) && !named
          ? item
          : withoutProse(
              item,
              prose,
              !named && ['properties', 'patternProperties', '$defs', 'definitions'].includes(key),
            ),
      ]),
  );
}

function parsedJson(text: string): unknown {
  try {
    return parseWithWrittenNumbers(text);
  } catch {
    return undefined;
  }
}

type Field = { path: string; default: string | null; text: string };

/** The first field whose default is another in both. */
function movedDefault(base: string, head: string): string | null {
  const before = new Map(fieldsIn(parsedJson(base), '').map((field) => [field.path, field]));
  const moved = fieldsIn(parsedJson(head), '').find((field) => {
    const old = before.get(field.path);
    return old !== undefined && old.default !== null && field.default !== null && old.default !== field.default;
  });
  return moved?.path ?? null;
}

/** Fields at the top of a record that are not as they were; null where anything else of it differs. */
function fieldChanges(base: string, head: string): ColumnChange[] | null {
  const [old, now] = [topOf(base), topOf(head)];
  if (old === null || now === null || old.rest !== now.rest) return null;
  const names = [...new Set([...old.fields.keys(), ...now.fields.keys()])];
  return names.flatMap((name): ColumnChange[] => {
    const [before, after] = [old.fields.get(name), now.fields.get(name)];
    if (before === after) return [];
    return [{ name, change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed' }];
  });
}

function topOf(text: string): { fields: Map<string, string>; rest: string } | null {
  const parsed = withoutProse(parsedJson(text), ['doc']);
  if (parsed === null || typeof parsed !== 'object' || !('fields' in parsed) || !Array.isArray(parsed.fields))
    return null;
  const { fields, ...rest } = parsed;
  const named = fields.map((field: unknown): [string, string] => [nameOf(field), canonicalJson(field)]);
  return { fields: new Map(named), rest: canonicalJson(rest) };
}

function fieldsIn(value: unknown, path: string): Field[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsIn(item, path));
  if (value === null || typeof value !== 'object') return [];
  const fields = 'fields' in value && Array.isArray(value.fields) ? value.fields : [];
  const own = fields.flatMap((field: unknown) => {
    const at = path === '' ? nameOf(field) : `${path}.${nameOf(field)}`;
    const said =
      field !== null && typeof field === 'object' && 'default' in field ? canonicalJson(field.default) : null;
    const type = field !== null && typeof field === 'object' && 'type' in field ? field.type : null;
    return [{ path: at, default: said, text: canonicalJson(field) }, ...fieldsIn(type, at)];
  });
  const inner = ['items', 'values', 'type'].flatMap((key) =>
    fieldsIn(Object.entries(value).find(([name]) => name === key)?.[1], path),
  );
  return [...own, ...inner];
}

function nameOf(field: unknown): string {
  return field !== null && typeof field === 'object' && 'name' in field ? String(field.name) : '';
}
