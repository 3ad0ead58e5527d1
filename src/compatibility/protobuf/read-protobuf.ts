import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { fail, messageOf } from '../../base/errors.ts';
import type { SchemaSource } from '../verdict.ts';
import type { ProtoFile } from './proto-schema.ts';
import { readPlainProto } from './read-plain-proto.ts';
import { FileReader } from './read-proto-file.ts';

/** A schema that was read; `root` gives the library's own form of it, for trying records. */
export type ProtoSchema = { file: ProtoFile; root(): protobuf.Root };

const load = createRequire(import.meta.url);

/** Files that every compiler brings along, by their import path. */
const wellKnown = ['any', 'duration', 'empty', 'struct', 'timestamp', 'wrappers', 'field_mask'];

/** Files that only declare features of one language. */
const featureFiles = ['java_features', 'cpp_features', 'go_features', 'python_features'];

/**
 * Reads a proto2, proto3 or editions file and all that it imports. Imports are found among the references by their name or its
 * end. Throws `schema-invalid` with the line, `schema-reference-missing`.
 */
export function readProtobuf(source: SchemaSource, shared: readonly SchemaSource[]): ProtoSchema {
  const plain = readPlainProto(source.text);
  if (plain !== null) return { file: plain, root: () => readByLibrary(source, shared).root() };
  return readByLibrary(source, shared);
}

/** As `readProtobuf`, with the library alone. */
export function readByLibrary(source: SchemaSource, shared: readonly SchemaSource[]): ProtoSchema {
  const references = [...(source.references ?? []), ...shared];
  const root = new protobuf.Root();
  const packages = new Map<string, string>();
  const done = new Set<string>();
  const add = (file: SchemaSource): protobuf.IParserResult => {
    const parsed = parsedOf(file, root);
    packages.set(file.name, parsed.package ?? '');
    for (const wanted of [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])]) {
      if (done.has(wanted)) continue;
      done.add(wanted);
      if (addWellKnown(wanted, root)) continue;
      const found = references.find(
        ({ name }) => name === wanted || name.endsWith(`/${wanted}`) || wanted.endsWith(`/${name}`),
      );
      if (found === undefined)
        throw fail('schema-reference-missing', { file: file.name, format: 'Protobuf', reference: wanted });
      add(found);
    }
    return parsed;
  };
  const main = add(source);
  try {
    root.resolveAll();
  } catch (error) {
    throw invalid(source, error);
  }
  const file = new FileReader(root, source.name, packages).read(main.package ?? '', headOf(source.text));
  return { file, root: () => root };
}

function parsedOf(file: SchemaSource, root: protobuf.Root): protobuf.IParserResult {
  try {
    nameFile(file.name);
    return protobuf.parse(file.text, root, { keepCase: true });
  } catch (error) {
    throw invalid(file, error);
  } finally {
    nameFile(null);
  }
}

/** The library notes this name on everything that it reads; its types leave the property out. */
function nameFile(name: string | null): void {
  Object.assign(protobuf.parse, { filename: name });
}

function invalid(source: SchemaSource, error: unknown): Error {
  const message = messageOf(error);
  const line = /\(.*line (\d+)\)/.exec(message)?.[1];
  const why = `${message.replace(/ \(.*line \d+\)/, '')}.`;
  return fail('schema-invalid', { file: source.name, format: 'Protobuf', line: line ? Number(line) : null, why });
}

/** True when the import is one that comes with every compiler. */
function addWellKnown(path: string, root: protobuf.Root): boolean {
  const name = /^google\/protobuf\/(\w+)\.proto$/.exec(path)?.[1];
  if (name === undefined) return false;
  if (featureFiles.includes(name)) return true;
  if (wellKnown.includes(name)) {
    const common = protobuf.common.get(path);
    if (common?.nested) root.addJSON(common.nested);
    return true;
  }
  const json: protobuf.INamespace | null = ['api', 'descriptor', 'source_context', 'type'].includes(name)
    ? load(`protobufjs/google/protobuf/${name}.json`)
    : null;
  if (json?.nested) root.addJSON(json.nested);
  return json !== null;
}

/**
 * Syntax and options of the file by its text: the library puts options on the package, which files share. Only what stands outside
 * of all braces counts.
 */
function headOf(text: string): { syntax: string; options: { [option: string]: string } } {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ');
  const syntax = /^\s*(?:syntax|edition)\s*=\s*["']([^"']+)["']/m.exec(plain)?.[1] ?? 'proto2';
  const options: { [option: string]: string } = {};
  let depth = 0;
  for (const [shape, name, value] of plain.matchAll(/[{}]|\boption\s+([\w.()]+)\s*=\s*("[^"]*"|'[^']*'|[\w.]+)\s*;/g)) {
    if (shape === '{') depth += 1;
    else if (shape === '}') depth -= 1;
    else if (depth === 0 && name !== undefined) options[name] = (value ?? '').replace(/^["']|["']$/g, '');
  }
  return { syntax, options };
}
