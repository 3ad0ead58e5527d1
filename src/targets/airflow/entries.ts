import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { fail } from '../../base/errors.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import type { PartSettings } from '../../model/settings.ts';
import type { TargetWorld } from '../contract.ts';
import type { EntryKind } from './client.ts';
import { AirflowPart } from './config.ts';

/** One Variable, Connection or Pool with all that it is to hold. `body` may hold secrets: it is sent and then forgotten. */
export type ConfiguredEntry = { kind: EntryKind; name: string; body: JsonObject };

export function entryName({ kind, name }: Pick<ConfiguredEntry, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** What the settings of a part want to be set. Throws `value-missing`, and what reading a secret throws. */
export async function entriesOf(
  settings: PartSettings,
  world: Pick<TargetWorld, 'secret'>,
): Promise<ConfiguredEntry[]> {
  const { variables = 'all', connections = {}, pools = {} } = AirflowPart.parse(settings.settings);
  const names = variables === 'all' ? Object.keys(settings.values).sort() : variables;
  const fill = (text: Json) => filled(text, settings, world);
  const made: ConfiguredEntry[] = names.map((name) => {
    const value = asText(valueNamed(settings, name));
    return { kind: 'variable', name, body: { value, description: 'Set by Headgate' } };
  });
  for (const [name, { type, port, extra, ...rest }] of Object.entries(connections)) {
    const fields: JsonObject = {};
    for (const [field, value] of Object.entries(rest))
      if (value !== undefined) fields[field] = asText(await fill(value));
    const body: JsonObject = {
      host: '',
      schema: '',
      login: '',
      password: '',
      description: 'Set by Headgate',
      ...fields,
      conn_type: type,
    };
    body.port = port === undefined ? null : Number(await fill(port));
    body.extra = extra === undefined ? '' : JSON.stringify(await fill(extra));
    made.push({ kind: 'connection', name, body });
  }
  for (const [name, slots] of Object.entries(pools)) {
    made.push({ kind: 'pool', name, body: { slots, description: 'Set by Headgate', include_deferred: false } });
  }
  return made;
}

const TEMPLATE = /\$\{(values|secrets)\.([\w-]+)\}/g;

/** Templates filled in, through lists and maps. A text that is one template alone keeps the value's type. */
async function filled(given: Json, settings: PartSettings, world: Pick<TargetWorld, 'secret'>): Promise<Json> {
  if (Array.isArray(given)) return Promise.all(given.map((item) => filled(item, settings, world)));
  if (given !== null && typeof given === 'object') {
    const members = Object.entries(given).map(
      async ([name, value]) => [name, await filled(value, settings, world)] as const,
    );
    return Object.fromEntries(await Promise.all(members));
  }
  if (typeof given !== 'string') return given;
  const found = [...given.matchAll(TEMPLATE)];
  const values = await Promise.all(found.map(([, kind, name = '']) => looked(kind, name, settings, world)));
  if (found.length === 1 && found[0]?.[0] === given) return values[0] ?? null;
  let next = 0;
  return given.replaceAll(TEMPLATE, () => asText(values[next++] ?? null));
}

async function looked(
  kind: string | undefined,
  name: string,
  settings: PartSettings,
  world: Pick<TargetWorld, 'secret'>,
): Promise<Json> {
  if (kind === 'values') return valueNamed(settings, name);
  const reference = settings.secrets[name];
  if (reference === undefined) throw missing(settings, `secrets.${name}`);
  return world.secret(reference);
}

function valueNamed(settings: PartSettings, name: string): Json {
  if (!Object.hasOwn(settings.values, name)) throw missing(settings, `values.${name}`);
  return settings.values[name] ?? null;
}

function missing({ part, environment }: PartSettings, name: string): Error {
  return fail('value-missing', { part, environment, name });
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

const hash = promisify<string, Buffer, number, Buffer>(scrypt);

/**
 * A mark by which the same content is known again, from which it cannot be told: salted and slow to try (scrypt).
 * `like` is a mark whose salt is to be used.
 */
export async function secretMark(body: JsonObject, like: string | null = null): Promise<string> {
  const salt = like === null ? randomBytes(16) : Buffer.from(like.split(':')[0] ?? '', 'base64');
  const mark = await hash(canonicalJson(body), salt, 24);
  return `${salt.toString('base64')}:${mark.toString('base64')}`;
}
