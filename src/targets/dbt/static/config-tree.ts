import { type JinjaValue, truthOf } from '../jinja/expression.ts';
import { renderScalar, type Variables } from '../jinja/scan.ts';
import { jinjaOf, listOf, objectOf } from './dbt-project.ts';

/** The settings of one resource that the catalogue shows. `enabled` null: only dbt can tell. */
export type NodeConfig = {
  enabled: boolean | null;
  materialized: string | null;
  schema: string | null;
  alias: string | null;
  tags: string[];
  owner: string | null;
};

/** One place that sets configuration, the weakest first. */
export type ConfigLayer = ReadonlyMap<string, JinjaValue>;

/** The layers of a tree of dbt_project.yml that hold for a resource: the root, the package, then folder by folder. */
export function treeLayers(tree: unknown, steps: readonly string[], variables: Variables): ConfigLayer[] {
  const layers: ConfigLayer[] = [];
  let at = objectOf(tree);
  layers.push(layerOf(at, variables));
  for (const step of steps) {
    const next = at[step];
    if (next === null || typeof next !== 'object') break;
    at = objectOf(next);
    layers.push(layerOf(at, variables));
  }
  return layers;
}

const plainKeys = new Set(['enabled', 'materialized', 'schema', 'alias', 'tags', 'meta']);

/** Keys with `+`, and those without that can be nothing else. */
function layerOf(at: { [key: string]: unknown }, variables: Variables): ConfigLayer {
  const said = Object.entries(at).flatMap(([key, value]): [string, JinjaValue][] => {
    const name = key.replace(/^\+/, '');
    const isSetting =
      key.startsWith('+') ||
      (plainKeys.has(name) && (name === 'meta' || typeof value !== 'object' || Array.isArray(value)));
    return isSetting ? [[name, typeof value === 'object' ? jinjaOf(value) : renderScalar(value, variables)]] : [];
  });
  return new Map(said);
}

/** `config:` and the keys beside it of a properties file, as a layer. */
export function propertiesLayer(properties: { [key: string]: unknown }, variables: Variables): ConfigLayer {
  const beside = ['enabled', 'tags', 'meta'].filter((key) => properties[key] !== undefined);
  const said = { ...Object.fromEntries(beside.map((key) => [key, properties[key]])), ...objectOf(properties.config) };
  return new Map(
    Object.entries(said).map(([key, value]) => [
      key,
      typeof value === 'object' ? jinjaOf(value) : renderScalar(value, variables),
    ]),
  );
}

/** Joins layers: tags add up, `meta` merges, of all else the last one wins. */
export function joinLayers(layers: readonly ConfigLayer[]): NodeConfig {
  const last = (key: string) => layers.findLast((layer) => layer.has(key))?.get(key);
  const enabled = last('enabled');
  const owners = layers.map((layer) => ownerOf(layer.get('meta')) ?? textOf(layer.get('owner')));
  return {
    enabled: enabled === undefined ? true : typeof enabled === 'string' ? /^true$/i.test(enabled) : truthOf(enabled),
    materialized: textOf(last('materialized')),
    schema: textOf(last('schema')),
    alias: textOf(last('alias')),
    tags: [...new Set(layers.flatMap((layer) => tagsOf(layer.get('tags'))))].sort(),
    owner: owners.findLast((owner) => owner !== null) ?? null,
  };
}

function textOf(value: JinjaValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function tagsOf(value: JinjaValue | undefined): string[] {
  return listOf(value).filter((tag): tag is string => typeof tag === 'string');
}

function ownerOf(value: JinjaValue | undefined): string | null {
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value) || value.is !== 'map')
    return null;
  const owner = value.entries.get('owner');
  return (
    textOf(owner) ??
    (owner !== null && typeof owner === 'object' && !Array.isArray(owner) && owner.is === 'map'
      ? (textOf(owner.entries.get('name')) ?? textOf(owner.entries.get('email')))
      : null)
  );
}
