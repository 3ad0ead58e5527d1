import { fail, messageOf } from '../base/errors.ts';
import { readYaml } from '../base/yaml/yaml-document.ts';
import type { SchemaSource } from './verdict.ts';

/** The plain value of a JSON text. Throws `schema-invalid` with the line of the first mistake. */
export function readJson(source: SchemaSource, format: string): unknown {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    const line = lineOfOffset(source.text, messageOf(error));
    throw fail('schema-invalid', { file: source.name, format, line, why: `it is not JSON (${messageOf(error)}).` });
  }
}

/** The line that a place in a JSON text begins at; only worked out for messages. */
export function lineOfPlace(text: string, place: readonly PropertyKey[]): number | null {
  return readYaml(text).lineOf(place);
}

/** The parser names a position, or quotes what stands around the mistake, or has reached the end. */
function lineOfOffset(text: string, message: string): number | null {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return lineAt(text, Number(position));
  if (/end of JSON/.test(message)) return lineAt(text, text.trimEnd().length);
  const quoted = /^Unexpected token '([\s\S]+?)', (?:\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not valid JSON$/.exec(message);
  const around = quoted === null ? -1 : text.indexOf(quoted[2] ?? '');
  return around < 0 ? null : lineAt(text, around + Math.max(0, (quoted?.[2] ?? '').indexOf(quoted?.[1] ?? '')));
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
