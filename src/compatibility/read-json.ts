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

function lineOfOffset(text: string, message: string): number | null {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return text.trim() === '' ? 1 : text.split('\n').length;
  return text.slice(0, Number(offset)).split('\n').length;
}
