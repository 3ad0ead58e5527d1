import { type JinjaValue, readTokens, unknown } from '../jinja/expression.ts';
import { inMarks } from '../jinja/names-in-jinja.ts';
import type { Variables } from '../jinja/scan.ts';
import { jinjaSegments } from '../jinja/segments.ts';
import { tokensOf } from '../jinja/tokens.ts';
import { jinjaOf, objectOf } from '../static/dbt-project.ts';
import { closureDigest } from './macro-closure.ts';
import { hasUnknown, valueText } from './render.ts';
import type { Resource } from './resources.ts';
import type { Side } from './side.ts';
import { codeOf } from './template-text.ts';

/** The settings of one resource as texts that are equal for equal settings only. */
export type Config = ReadonlyMap<string, string>;

const mapSettings = [
  'meta',
  'grants',
  'persist_docs',
  'contract',
  'docs',
  'column_types',
  'snapshot_meta_column_names',
];
const hooks = ['pre_hook', 'post_hook'];
const addingUp = [...hooks, 'grants'];

function treeOf(side: Side, resource: Resource): { [key: string]: unknown }[] {
  return treeSettings(side.project.trees[resource.section], [
    side.project.name,
    ...resource.steps,
    // A version of a model stands below the model's name.
    ...resource.name.split(/\.(?=v\w+$)/),
  ]);
}

/** All that dbt_project.yml sets for a resource, place by place, as a text. */
export function treeText(side: Side, resource: Resource): string {
  return treeOf(side, resource)
    .map((layer) => textOf(layer, side))
    .join('\n');
}

/** The settings of a resource: its folders in dbt_project.yml, then its YAML, then what it says in its own text. */
export function configOf(side: Side, resource: Resource, own: Config): Config {
  const tree = treeOf(side, resource);
  const beside = ['enabled', 'tags', 'meta', 'access', 'group'].filter((key) => resource.said[key] !== undefined);
  const yaml = {
    ...Object.fromEntries(beside.map((key) => [key, resource.said[key]])),
    ...objectOf(resource.said.config),
  };
  const read = (layer: { [key: string]: unknown }, variables: Variables) =>
    new Map(
      Object.entries(layer).map(([key, value]) => [
        plain(key),
        textOf(value, side, hooks.includes(plain(key)) ? null : variables),
      ]),
    );
  // dbt_project.yml itself sees only the variables that dbt is given.
  const layers = [...tree.map((layer) => read(layer, givenTo(side))), read(yaml, side.world.variables)];
  const merged = new Map<string, string>();
  for (const layer of [...layers, new Map([...own].map(([key, text]) => [plain(key), text]))]) {
    for (const [key, text] of layer)
      merged.set(key, addingUp.includes(key) ? `${merged.get(key) ?? ''} ${text}` : text);
  }
  if (resource.section === 'models' && !merged.has('materialized')) merged.set('materialized', '"view"');
  if (merged.get('enabled') === 'true') merged.delete('enabled');
  for (const key of ['alias', 'schema', 'database', 'unique_key']) if (merged.get(key) === 'null') merged.delete(key);
  return merged;
}

function givenTo({ settings }: Side): Variables {
  return new Map(
    Object.entries(settings.vars ?? {}).map(([name, value]) => [
      name,
      JSON.stringify(value).includes('${') ? unknown : jinjaOf(value),
    ]),
  );
}

function plain(key: string): string {
  return key.replace(/^\+/, '').replaceAll('-', '_');
}

/** The settings on the way down a tree of dbt_project.yml: with `+`, or what can be no folder. */
function treeSettings(tree: unknown, steps: readonly string[]): { [key: string]: unknown }[] {
  const layers: { [key: string]: unknown }[] = [];
  let at = objectOf(tree);
  for (const step of ['', ...steps]) {
    if (step !== '') {
      const next = at[step];
      if (next === null || typeof next !== 'object' || Array.isArray(next)) break;
      at = objectOf(next);
    }
    const own = Object.entries(at).filter(
      ([key, value]) =>
        key.startsWith('+') ||
        value === null ||
        typeof value !== 'object' ||
        Array.isArray(value) ||
        mapSettings.includes(plain(key)),
    );
    layers.push(Object.fromEntries(own));
  }
  return layers;
}

/**
 * A value as a text. Jinja in it is worked out where it can be; where not, the text begins with `? ` and also says what its macros, the
 * variables and the environment say. `variables`: those that the Jinja sees; null where it is worked out only when dbt runs.
 */
export function textOf(value: unknown, side: Side, variables: Variables | null = null): string {
  const text = valueText(variables === null ? jinjaOf(value) : settled(value, variables));
  if (!text.includes('{{') && !text.includes('{%')) return text;
  const code = codeOf(text.replaceAll('\\"', '"'));
  return ['?', text, closureDigest(inMarks(code), side.texts), side.world.surroundings(code)].join(' ');
}

/** The value with what is one expression of known variables in place of it. */
function settled(value: unknown, variables: Variables): JinjaValue {
  if (typeof value === 'string') return expressionValue(value, variables) ?? value;
  if (Array.isArray(value)) return value.map((item) => settled(item, variables));
  if (value === null || typeof value !== 'object') return jinjaOf(value);
  return { is: 'map', entries: new Map(Object.entries(value).map(([key, item]) => [key, settled(item, variables)])) };
}

function expressionValue(text: string, variables: Variables): JinjaValue | undefined {
  const [only, ...more] = jinjaSegments(text);
  if (only?.kind !== 'expression' || more.length > 0 || !/^\{\{[\s\S]*\}\}$/.test(text.trim())) return undefined;
  const tokens = tokensOf(only.code);
  // In Python, 1.0 is not written as 1 is.
  if (tokens.some((token) => token.kind === 'number' && token.text.includes('.'))) return undefined;
  const value = readTokens(tokens, {
    name: () => undefined,
    call({ name, positional: [wanted, fallback], named }) {
      if (name !== 'var' || typeof wanted !== 'string') return undefined;
      return variables.has(wanted) ? variables.get(wanted) : (fallback ?? named.get('default'));
    },
  });
  return hasUnknown(value) ? undefined : value;
}

export type ConfigChange = { effect: 'none' | 'compatible' | 'unknown' | 'breaking'; because: string };

/** Settings that change neither rows nor columns nor where they are. */
const silent = new Set(['tags', 'meta', 'docs', 'description', 'persist_docs', 'deprecation_date', 'contract']);
/** Settings that only change how a relation is stored or with what it is built. */
const storage = new Set([
  'indexes',
  'cluster_by',
  'automatic_clustering',
  'snowflake_warehouse',
  'query_tag',
  'sort',
  'dist',
  'threads',
]);

const words: { [setting: string]: string } = {
  materialized: 'It is built in another way: its `materialized` is another one.',
  unique_key: 'Its `unique_key` is another one, so that other rows replace each other.',
  schema: 'It is built in another schema.',
  alias: 'It is built under another name.',
  database: 'It is built in another database.',
  incremental_strategy: 'Its incremental strategy is another one.',
  on_schema_change: 'It treats changed columns in another way when it runs.',
  pre_hook: 'What runs before it is built is another one.',
  post_hook: 'What runs after it is built is another one.',
};

/** What changed settings do, the worst first. */
export function compareConfig(base: Config, head: Config): ConfigChange | null {
  const changed = [...new Set([...base.keys(), ...head.keys()])].filter((key) => base.get(key) !== head.get(key));
  const isUnclear = (key: string) => [base, head].some((config) => config.get(key)?.startsWith('? ') === true);
  const loud = changed.filter((key) => !silent.has(key) && !storage.has(key));
  const breaking = loud.find((key) => !isUnclear(key));
  if (breaking !== undefined)
    return { effect: 'breaking', because: words[breaking] ?? `Its setting \`${breaking}\` is another one.` };
  const [unclear] = loud;
  if (unclear !== undefined)
    return {
      effect: 'unknown',
      because: `Its setting \`${unclear}\` is known only when it runs, and may be another one.`,
    };
  const stored = changed.find((key) => storage.has(key));
  if (stored !== undefined)
    return {
      effect: 'compatible',
      because: `Its setting \`${stored}\` is another one, which changes how it is stored, not what it holds.`,
    };
  const [quiet] = changed;
  return quiet === undefined
    ? null
    : { effect: 'none', because: `Only its \`${quiet}\` differs, which changes no data.` };
}
