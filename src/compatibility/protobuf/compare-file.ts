import type { Level, PairProblem } from '../verdict.ts';
import type { ProtoFile, ProtoMethod } from './proto-schema.ts';

/** Options that shape generated code. */
const shaping = [
  'cc_enable_arenas',
  'cc_generic_services',
  'csharp_namespace',
  'go_package',
  'java_generic_services',
  'java_multiple_files',
  'java_outer_classname',
  'java_package',
  'java_string_check_utf8',
  'objc_class_prefix',
  'optimize_for',
  'php_class_prefix',
  'php_metadata_namespace',
  'php_namespace',
  'py_generic_services',
  'ruby_package',
  'swift_prefix',
];

/** Syntax and options of the file, for those who generate code from it. */
export function fileProblems(reader: ProtoFile, writer: ProtoFile, level: Level): PairProblem[] {
  if (level !== 'file') return [];
  const differing = shaping.filter((option) => reader.options[option] !== writer.options[option]);
  const messages = differing.map(
    (option) => `${option} is ${reader.options[option] ?? 'unset'}, the writer’s ${writer.options[option] ?? 'unset'}.`,
  );
  if (reader.syntax !== writer.syntax) messages.push(`The syntax is ${reader.syntax}, the writer’s ${writer.syntax}.`);
  return messages.map((message) => ({ rule: 'protobuf-file-changed', path: '$', message }));
}

/** Services and their calls. A registry stores messages and does not ask about them. */
export function serviceProblems(reader: ProtoFile, writer: ProtoFile, level: Level): PairProblem[] {
  if (level === 'registry') return [];
  const services = new Map(reader.services.map((service) => [service.name, service]));
  return writer.services.flatMap((service): PairProblem[] => {
    const own = services.get(service.name);
    if (own === undefined) return level === 'file' ? [removed(service.name, 'service')] : [];
    const methods = new Map(own.methods.map((method) => [method.name, method]));
    return service.methods.flatMap((method): PairProblem[] => {
      const path = `${service.name}.${method.name}`;
      const other = methods.get(method.name);
      if (other === undefined) return level === 'file' ? [removed(path, 'call')] : [];
      return methodProblems(other, method, path);
    });
  });
}

function removed(path: string, what: string): PairProblem {
  return { rule: 'protobuf-service-removed', path, message: `The ${what} is not in the reader’s file.` };
}

function methodProblems(reader: ProtoMethod, writer: ProtoMethod, path: string): PairProblem[] {
  const parts = ['request', 'response', 'requestStream', 'responseStream', 'idempotency'] as const;
  return parts
    .filter((part) => reader[part] !== writer[part])
    .map((part) => ({
      rule: 'protobuf-call-changed',
      path,
      message: `${part} is ${String(reader[part]) || 'unset'}, the writer’s ${String(writer[part]) || 'unset'}.`,
    }));
}
