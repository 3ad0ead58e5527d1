import type { Asset, Edge } from '../../model/asset.ts';
import { storageKey, tableKey, topicKey } from '../../model/data-keys.ts';
import { type AssetKey, assetKey, type PartKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';
import { hclAttributes } from './hcl-attributes.ts';
import type { HclBlock } from './hcl-blocks.ts';

/** A stack's blocks, each with the file that it is in, and the variables that headgate.yaml gives. */
export type StackBlocks = {
  part: PartKey;
  stack: string;
  blocks: readonly { path: string; block: HclBlock }[];
  variables: { [name: string]: Json };
};

/** `terraform:resource/<stack>.<type>.<name>`. */
export function resourceKey(stack: string, address: string): AssetKey {
  return assetKey('terraform:resource', `${stack}.${address}`);
}

/** The resources of a stack, and what else of the graph each of them makes, where its name can be told from the text. */
export function resourceAssets(input: StackBlocks): { assets: Asset[]; edges: Edge[] } {
  const { part, stack, blocks } = input;
  const textOf = readerOf(input);
  const stackKey = assetKey('terraform:stack', stack);
  const assets: Asset[] = [];
  const edges: Edge[] = [];
  for (const { path, block } of blocks) {
    if (block.kind !== 'resource') continue;
    const [type = '', name = ''] = block.labels;
    const key = resourceKey(stack, `${type}.${name}`);
    const made = madeBy(type, block, textOf);
    assets.push({ ...mention(key), name: `${stack}.${type}.${name}`, part, path, line: block.line, facts: { type } });
    edges.push({ from: stackKey, to: key, kind: 'configures' });
    if (made === null) continue;
    assets.push(mention(made));
    edges.push({ from: key, to: made, kind: 'makes' });
  }
  return { assets, edges };
}

type Maker = { names: readonly string[]; key(...names: string[]): AssetKey | null };

const topic: Maker = { names: ['name'], key: topicKey };
const job: Maker = { names: ['name'], key: (name) => (/[{*]/.test(name) ? null : assetKey('spark:job', name)) };
const schema = (subject: string) => assetKey('kafka:schema', subject);
const table = (namespace: string, name: string) => tableKey(`${namespace}.${name}`);

/** Resources that make something which other layers name: the attributes that hold its name, and its key. */
const makers: { [type: string]: Maker } = {
  aws_s3_bucket: { names: ['bucket'], key: (bucket) => storageKey(`s3://${bucket}`) },
  google_storage_bucket: { names: ['name'], key: (bucket) => storageKey(`gs://${bucket}`) },
  kafka_topic: topic,
  aiven_kafka_topic: { names: ['topic_name'], key: topicKey },
  confluent_kafka_topic: { names: ['topic_name'], key: topicKey },
  confluent_schema: { names: ['subject_name'], key: schema },
  schemaregistry_schema: { names: ['subject'], key: schema },
  snowflake_table: { names: ['schema', 'name'], key: table },
  snowflake_view: { names: ['schema', 'name'], key: table },
  aws_glue_catalog_table: { names: ['database_name', 'name'], key: table },
  databricks_sql_table: { names: ['schema_name', 'name'], key: table },
  google_bigquery_table: { names: ['dataset_id', 'table_id'], key: table },
  aws_glue_job: job,
  databricks_job: job,
};

type TextReader = (expression: string) => string | null;

function madeBy(type: string, { body }: HclBlock, textOf: TextReader): AssetKey | null {
  const maker = makers[type];
  if (maker === undefined) return null;
  const attributes = new Map(hclAttributes(body).map(({ name, expression }) => [name, expression]));
  const names = maker.names.flatMap((name) => textOf(attributes.get(name) ?? '') ?? []);
  return names.length === maker.names.length ? maker.key(...names) : null;
}

/** What an expression is as text: literals, variables that headgate.yaml or a default gives, locals. Null for anything else. */
function readerOf({ blocks, variables }: StackBlocks): TextReader {
  const named = new Map<string, string>();
  for (const { block } of blocks) {
    const attributes = hclAttributes(block.body);
    if (block.kind === 'locals') for (const { name, expression } of attributes) named.set(`local.${name}`, expression);
    const byDefault = attributes.find(({ name }) => name === 'default');
    if (block.kind === 'variable' && byDefault !== undefined)
      named.set(`var.${block.labels[0] ?? ''}`, byDefault.expression);
  }
  const read = (expression: string, depth: number): string | null => {
    if (depth > 10) return null;
    const written = expression.trim();
    if (/^(?:var|local)\.\w+$/.test(written)) {
      const given = written.startsWith('var.') ? variables[written.slice('var.'.length)] : undefined;
      if (given !== undefined) return typeof given === 'string' ? given : null;
      const said = named.get(written);
      return said === undefined ? null : read(said, depth + 1);
    }
    const quoted = /^"((?:[^"\\]|\$\{[^}]*\})*)"$/.exec(written)?.[1];
    if (quoted === undefined) return null;
    let whole = true;
    const filled = quoted.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
      const piece = read(inner, depth + 1);
      whole &&= piece !== null;
      return piece ?? '';
    });
    return whole ? filled : null;
  };
  return (expression) => read(expression, 0);
}
