import { readYamlDocuments, type YamlReading } from '../../base/yaml/yaml-document.ts';
import type { Asset, Edge } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import { assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { folderOf, joinPath } from '../../model/join-path.ts';
import type { JsonObject } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { KafkaPart } from './config.ts';
import { namedSchemas, schemaOf, topicsIn } from './kafka-files.ts';

/**
 * Topics written as YAML or JSON, and Avro, Protobuf and JSON schemas. A schema `<topic>-value` or `-key` describes its topic, and so does
 * one that the topic's entry names.
 */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const folder = normalFolder(KafkaPart.parse(input.part.settings).path);
  const part = partKey('kafka', input.part.name);
  const found: Found = { assets: [], edges: [], findings: [], named: [] };
  for (const { path } of input.files.entries) {
    if (!isInside(path, folder)) continue;
    if (/\.(ya?ml|json)$/.test(path) && !/\.schema\.json$/.test(path))
      addTopics(found, { part, path, text: input.files.text(path) });
    const schema = schemaOf(path, () => input.files.text(path));
    if (schema === null) continue;
    if (schema.problem !== null) found.findings.push(broken(path, null, schema.problem));
    const { subject, facts } = schema;
    found.assets.push(asset({ part, kind: 'kafka:schema', name: subject, path, line: 1, owner: null, facts }));
  }
  const { assets, findings } = found;
  return { assets, edges: describes(found, folder), findings };
}

/** `named`: the schema files that topics name, as written in the file `by`. */
type Found = Discovery & { named: { topic: string; file: string; by: string }[] };

function addTopics(found: Found, file: { part: PartKey; path: string; text: string | null }): void {
  const { part, path, text } = file;
  if (text === null) return;
  for (const yaml of readYamlDocuments(text)) {
    found.findings.push(
      ...yaml.problems.map((problem) => broken(path, problem.line, `it is not valid YAML: ${problem.message}`)),
    );
    for (const { name, at, facts, owner, said } of topicsOf(yaml)) {
      found.named.push(...namedSchemas(said.schemas).map(({ file }) => ({ topic: name, file, by: path })));
      found.assets.push(asset({ part, kind: 'kafka:topic', name, path, line: yaml.lineOf(at), owner, facts }));
    }
  }
}

function topicsOf(yaml: YamlReading): ReturnType<typeof topicsIn> {
  return topicsIn(yaml.value);
}

function asset(input: {
  part: PartKey;
  kind: string;
  name: string;
  path: string;
  line: number | null;
  owner: string | null;
  facts: JsonObject;
}): Asset {
  const { kind, name, ...rest } = input;
  return { key: assetKey(kind, name), kind, name, serviceLevel: null, sensitivity: [], exactness: 'static', ...rest };
}

function describes({ assets, named }: Found, folder: string): Edge[] {
  const topics = new Set(assets.filter((one) => one.kind === 'kafka:topic').map((one) => one.name));
  const schemas = assets.filter((one) => one.kind === 'kafka:schema');
  const byPath = Map.groupBy(schemas, (one) => one.path ?? '');
  const by = new Map<string, Edge>();
  const add = (schema: Asset, topic: string) =>
    by.set(`${schema.key} ${topic}`, { from: schema.key, to: assetKey('kafka:topic', topic), kind: 'describes' });
  for (const schema of schemas) {
    const topic = schema.name.replace(/-(value|key)$/, '');
    if (topics.has(topic)) add(schema, topic);
  }
  for (const { topic, file, by: path } of named) {
    const places = [joinPath(folder, file), joinPath(folderOf(path), file)];
    for (const schema of new Set(places.flatMap((place) => byPath.get(place) ?? []))) add(schema, topic);
  }
  return [...by.values()];
}

function broken(path: string, line: number | null, problem: string): Finding {
  return {
    check: 'kafka-file',
    asset: null,
    path,
    line,
    status: 'failed',
    severity: 'error',
    message: `This file could not be read: ${problem}`,
    hint: 'Put it right; the other files were read.',
  };
}
