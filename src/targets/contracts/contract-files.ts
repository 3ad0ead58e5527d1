import { storageKey, tableKey, topicKey } from '../../model/data-keys.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';

/** A data contract as far as the catalogue needs it. `describes`: the tables, topics and files of its servers. */
export type FoundContract = {
  id: string;
  name: string;
  owner: string | null;
  describes: AssetKey[];
  facts: JsonObject;
  problems: string[];
};

/** The contract of a YAML document; null when it is none. */
export function contractIn(value: unknown): FoundContract | null {
  const said = objectOf(value);
  if (said.kind === 'DataContract') return standardContract(said);
  return typeof said.dataContractSpecification === 'string' ? specification(said) : null;
}

function standardContract(said: { [key: string]: unknown }): FoundContract {
  const id = textOf(said.id);
  const objects = list(said.schema).map(objectOf);
  const names = objects.map((one) => textOf(one.physicalName) ?? textOf(one.name)).filter((name) => name !== null);
  return {
    id: id ?? textOf(said.name) ?? 'unnamed',
    name: textOf(said.name) ?? textOf(said.dataProduct) ?? id ?? 'unnamed',
    owner: ownerIn(said),
    describes: described(names, list(said.servers).map(objectOf)),
    facts: {
      standard: 'odcs',
      apiVersion: textOf(said.apiVersion),
      version: textOf(said.version),
      status: textOf(said.status),
      objects: names,
    },
    problems: id === null ? ['it has no `id`'] : [],
  };
}

function specification(said: { [key: string]: unknown }): FoundContract {
  const about = objectOf(said.info);
  const id = textOf(said.id);
  const models = Object.keys(objectOf(said.models));
  return {
    id: id ?? textOf(about.title) ?? 'unnamed',
    name: textOf(about.title) ?? id ?? 'unnamed',
    owner: textOf(about.owner),
    describes: described(models, Object.values(objectOf(said.servers)).map(objectOf)),
    facts: {
      standard: 'data-contract-specification',
      apiVersion: textOf(said.dataContractSpecification),
      version: textOf(about.version),
      status: textOf(about.status),
      objects: models,
    },
    problems: id === null ? ['it has no `id`'] : [],
  };
}

/** The team's name in 3.1, the first owner in its member list before. */
function ownerIn(said: { [key: string]: unknown }): string | null {
  const team = textOf(objectOf(said.team).name);
  const members = list(said.team).map(objectOf);
  return (
    team ?? textOf(members.find((member) => /owner/i.test(textOf(member.role) ?? ''))?.username) ?? textOf(said.domain)
  );
}

/** What the objects of a contract are on its servers: topics, files or tables. Without a server, tables whose names hold a schema. */
function described(names: readonly string[], servers: readonly { [key: string]: unknown }[]): AssetKey[] {
  const places: { [key: string]: unknown }[] = servers.length === 0 ? [{}] : [...servers];
  const keys = places.flatMap((server) => names.flatMap((name) => onServer(name, server) ?? []));
  return [...new Set(keys)];
}

function onServer(name: string, server: { [key: string]: unknown }): AssetKey | null {
  if (textOf(server.type)?.toLowerCase() === 'kafka') return topicKey(textOf(server.topic) ?? name);
  const location = textOf(server.location) ?? textOf(server.path);
  if (location !== null) return storageKey(location.replaceAll(/\{(model|schema|object|table)\}/g, name));
  const schema = textOf(server.schema) ?? textOf(server.dataset);
  return name.includes('.') ? tableKey(name) : schema === null ? null : tableKey(`${schema}.${name}`);
}

function objectOf(value: unknown): { [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}
