import { canonicalJson } from '../../../model/json.ts';
import { type Remark, remark } from '../../../model/sum-up.ts';
import { byName, listOf, type Said, textOf } from './said.ts';
import { schemaRemarks } from './schema-remarks.ts';
import { serviceRemarks } from './service-remarks.ts';

type Judge = (before: unknown, after: unknown) => Remark[];

const forPeople: Judge = () => [];
const harmless =
  (what: string): Judge =>
  () => [remark('compatible', `${what} is another; the data stay as they are.`)];

/** What each key of a contract means when it differs. Any other key is not known. */
const judges: { [key: string]: Judge } = {
  ...{ description: termRemarks, tags: forPeople, domain: forPeople, dataProduct: forPeople, tenant: forPeople },
  ...{ authoritativeDefinitions: forPeople, contractCreatedTs: forPeople, name: forPeople, info: aboutRemarks },
  version: (before, after) => [remark('compatible', `Its version goes from ${written(before)} to ${written(after)}.`)],
  apiVersion: harmless('The version of its standard'),
  dataContractSpecification: harmless('The version of its standard'),
  team: harmless('Its team'),
  support: harmless('Where to get support'),
  status: (before, after) => [
    /retired|draft|proposed/i.test(String(after))
      ? remark('breaking', `Its status goes from ${written(before)} to ${written(after)}: nobody may rely on it.`)
      : remark('compatible', `Its status goes from ${written(before)} to ${written(after)}.`),
  ],
  servers: serverRemarks,
  schema: (before, after) => schemaRemarks(byName(listOf(before)), byName(listOf(after))),
  models: (before, after) => schemaRemarks(modelsOf(before), modelsOf(after)),
  slaProperties: (before, after) => serviceRemarks(listOf(before), listOf(after)),
};

/** How a contract differs, sentence by sentence. */
export function contractRemarks(before: Said, after: Said): Remark[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]))
    .flatMap((key) => (judges[key] ?? unclear(key))(before[key], after[key]));
}

/** What it is for is prose; what one may do with it, and what not, are terms. */
function termRemarks(before: unknown, after: unknown): Remark[] {
  const [old, now] = [objectOf(before), objectOf(after)];
  return ['usage', 'limitations']
    .filter((key) => canonicalJson(old[key]) !== canonicalJson(now[key]))
    .map((key) => remark('compatible', `Its ${key} are worded otherwise; the data stay as they are.`));
}

function unclear(key: string): Judge {
  return () => [remark('unknown', `Its \`${key}\` differs; what that means is not known.`)];
}

/** `info` of the older specification holds what stands at the top in the newer one. */
function aboutRemarks(before: unknown, after: unknown): Remark[] {
  const [old, now] = [objectOf(before), objectOf(after)];
  const told = ['version', 'status'].filter((key) => canonicalJson(old[key]) !== canonicalJson(now[key]));
  return told.flatMap((key) => judges[key]?.(old[key], now[key]) ?? []);
}

function serverRemarks(before: unknown, after: unknown): Remark[] {
  const [old, now] = [serversOf(before), serversOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === undefined) return [remark('compatible', `It has the server \`${name}\` as well.`)];
    if (is === undefined) return [remark('breaking', `Its server \`${name}\` is gone.`)];
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
    return keys
      .filter((key) => canonicalJson(was[key]) !== canonicalJson(is[key]))
      .flatMap((key) => serverKeyRemark(name, key));
  });
}

const places = [
  ...[
    'account',
    'bucket',
    'catalog',
    'connectionstring',
    'database',
    'dataset',
    'endpointurl',
    'host',
    'location',
    'path',
  ],
  ...[
    'port',
    'project',
    'schema',
    'server',
    'servicename',
    'topic',
    'type',
    'url',
    'stagingdir',
    'instance',
    'service',
  ],
];
const forms = ['format', 'delimiter', 'compression', 'encoding'];

/** What another value of a key of a server means; of a key that is none of these it is not known. */
function serverKeyRemark(server: string, key: string): Remark[] {
  const word = key.toLowerCase();
  if (word === 'description') return [];
  const said = `Its server \`${server}\` has another ${key}`;
  if (places.includes(word)) return [remark('breaking', `${said}: the data are elsewhere.`)];
  if (forms.includes(word)) return [remark('breaking', `${said}: the files are of another form.`)];
  // Snowflake's warehouse computes; it holds nothing.
  if (word === 'warehouse') return [remark('compatible', `${said}; the data stay where they are.`)];
  return [remark('unknown', `${said}; what that means is not known.`)];
}

/** A list with names, or a map by name. */
function serversOf(value: unknown): Map<string, Said> {
  return Array.isArray(value)
    ? new Map(listOf(value).map((one) => [textOf(one.server) ?? '', one]))
    : new Map(Object.entries(objectOf(value)).map(([name, one]) => [name, objectOf(one)]));
}

/** Models of the older specification, as objects of the newer one. */
function modelsOf(value: unknown): Map<string, Said> {
  return new Map(
    Object.entries(objectOf(value)).map(([name, model]) => {
      const { fields, ...rest } = objectOf(model);
      const properties = Object.entries(objectOf(fields)).map(([field, said]) => ({ ...objectOf(said), name: field }));
      return [name, { ...rest, name, properties }];
    }),
  );
}

function objectOf(value: unknown): Said {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

function written(value: unknown): string {
  return textOf(value) ?? '(none)';
}
