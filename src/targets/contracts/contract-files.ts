import type { JsonObject } from '../../model/json.ts';

/** A data contract as far as the catalogue needs it. `tables` are `schema.table` names it describes. */
export type FoundContract = {
  id: string;
  name: string;
  owner: string | null;
  tables: string[];
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
  const server = list(said.servers)
    .map(objectOf)
    .find((one) => textOf(one.schema) !== null);
  const names = objects.map((one) => textOf(one.physicalName) ?? textOf(one.name)).filter((name) => name !== null);
  return {
    id: id ?? textOf(said.name) ?? 'unnamed',
    name: textOf(said.name) ?? textOf(said.dataProduct) ?? id ?? 'unnamed',
    owner: ownerIn(said),
    tables: names.map((name) => qualified(name, textOf(server?.schema))).filter((name) => name !== null),
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
  const server = Object.values(objectOf(said.servers))
    .map(objectOf)
    .find((one) => textOf(one.schema) !== null);
  const models = Object.keys(objectOf(said.models));
  return {
    id: id ?? textOf(about.title) ?? 'unnamed',
    name: textOf(about.title) ?? id ?? 'unnamed',
    owner: textOf(about.owner),
    tables: models.map((name) => qualified(name, textOf(server?.schema))).filter((name) => name !== null),
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

function qualified(name: string, schema: string | null): string | null {
  return name.includes('.') ? name.split('.').slice(-2).join('.') : schema === null ? null : `${schema}.${name}`;
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
