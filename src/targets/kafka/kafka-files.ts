import { messageOf } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/** `said` is the whole entry as it is written. */
export type FoundTopic = {
  name: string;
  at: PropertyKey[];
  owner: string | null;
  facts: JsonObject;
  said: { [key: string]: unknown };
};
export type FoundSchema = { subject: string; facts: JsonObject; problem: string | null };

/** Topics of one YAML document: a `topics:` list or map, a bare list, or Strimzi's KafkaTopic. */
export function topicsIn(value: unknown): FoundTopic[] {
  const root = objectOf(value);
  if (root.kind === 'KafkaTopic') return [strimzi(root)];
  const topics = Array.isArray(value) ? value : root.topics;
  const at = Array.isArray(value) ? [] : ['topics'];
  if (Array.isArray(topics))
    return topics.flatMap((topic: unknown, index) => listed(topic, [...at, index], Array.isArray(value)));
  return Object.entries(objectOf(topics)).map(([name, said]) => topicOf(name, objectOf(said), [...at, name]));
}

function strimzi(root: { [key: string]: unknown }): FoundTopic {
  const spec = objectOf(root.spec);
  const name = spec.topicName ?? objectOf(root.metadata).name;
  return topicOf(String(name), { ...spec, owner: objectOf(objectOf(root.metadata).labels).owner }, ['metadata']);
}

/** In a bare list only entries that speak of partitions or replication are topics. */
function listed(topic: unknown, at: PropertyKey[], bare: boolean): FoundTopic[] {
  if (typeof topic === 'string') return bare ? [] : [topicOf(topic, {}, at)];
  const said = objectOf(topic);
  const name = said.name ?? said.topic;
  const isTopic =
    typeof name === 'string' && (!bare || said.partitions !== undefined || said.replication !== undefined);
  return isTopic ? [topicOf(name, said, at)] : [];
}

function topicOf(name: string, said: { [key: string]: unknown }, at: PropertyKey[]): FoundTopic {
  const settings: JsonObject = {};
  for (const [key, value] of Object.entries(objectOf(said.config ?? said.configs))) settings[key] = jsonOf(value);
  const facts = {
    partitions: numberOf(said.partitions ?? said.numPartitions),
    replication: numberOf(
      said.replication ??
        said.replicas ??
        said.replication_factor ??
        said['replication-factor'] ??
        said.replicationFactor,
    ),
    config: settings,
  };
  return { name, at, owner: typeof said.owner === 'string' ? said.owner : null, facts, said };
}

/** The files of the schemas that a topic's entry names, by what they are for (`key`, `value`). */
export function namedSchemas(value: unknown): { role: string; file: string }[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([role, file]) =>
    typeof file === 'string' && /\.(?:avsc|proto|json)$/.test(file) ? [{ role, file }] : [],
  );
}

/** The schema that a file holds, by its ending; null for other files. `text` is read only when needed. */
export function schemaOf(path: string, text: () => string | null): FoundSchema | null {
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (file.endsWith('.avsc')) return jsonSchema(file.replace(/\.avsc$/, ''), 'avro', text());
  if (file.endsWith('.proto'))
    return { subject: file.replace(/\.proto$/, ''), facts: protoFacts(text() ?? ''), problem: null };
  if (file.endsWith('.schema.json')) return jsonSchema(file.replace(/\.schema\.json$/, ''), 'json', text());
  return null;
}

function jsonSchema(subject: string, format: string, text: string | null): FoundSchema {
  try {
    const said = objectOf(JSON.parse(text ?? ''));
    const name = typeof said.name === 'string' ? said.name : typeof said.title === 'string' ? said.title : null;
    const namespace = typeof said.namespace === 'string' ? `${said.namespace}.` : '';
    return { subject, facts: { format, record: name === null ? null : namespace + name }, problem: null };
  } catch (error) {
    return { subject, facts: { format, record: null }, problem: messageOf(error) };
  }
}

function protoFacts(text: string): JsonObject {
  const messages = [...text.matchAll(/^\s*message\s+(\w+)/gm)].map((found) => found[1] ?? '');
  return {
    format: 'protobuf',
    package: /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1] ?? null,
    record: messages[0] ?? null,
    messages,
  };
}

function objectOf(value: unknown): { [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function jsonOf(value: unknown): Json {
  return typeof value === 'string' || typeof value === 'boolean' || value === null
    ? value
    : typeof value === 'number' && Number.isFinite(value)
      ? value
      : String(value);
}
