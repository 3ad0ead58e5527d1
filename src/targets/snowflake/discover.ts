import { bare, tablesIn } from '../../base/sql/sql-tables.ts';
import type { Asset, Edge } from '../../model/asset.ts';
import { type AssetKey, assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { mention } from '../../model/mention.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { SnowflakePart } from './config.ts';

/** Tables and views that the DDL scripts of a folder create; a view is fed by what it selects from. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const folder = normalFolder(SnowflakePart.parse(input.part.settings).path);
  const part = partKey('snowflake', input.part.name);
  const found: Discovery = { assets: [], edges: [], findings: [] };
  for (const { path } of input.files.entries) {
    if (!path.endsWith('.sql') || !isInside(path, folder)) continue;
    const text = input.files.text(path) ?? '';
    for (const created of createdIn(text)) {
      found.assets.push(assetOf(part, path, created));
      for (const from of created.from) {
        found.assets.push(mention(from));
        found.edges.push({ from, to: created.key, kind: 'feeds' } satisfies Edge);
      }
    }
  }
  return { ...found, assets: firstOfEach(found.assets) };
}

type Created = { key: AssetKey; name: string; line: number; type: string; from: AssetKey[] };

const create =
  /\bcreate\s+(?:or\s+replace\s+|or\s+alter\s+)?(?:secure\s+|transient\s+|external\s+|dynamic\s+|iceberg\s+|hybrid\s+|event\s+|recursive\s+)*(table|view|materialized\s+view)\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+)){0,2})/gi;

function createdIn(sql: string): Created[] {
  const text = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...text.matchAll(create)].map((found) => {
    const before = text.slice(0, found.index);
    const schema = lastSchema(before);
    const name = keyName(bare(found[2] ?? ''), schema);
    const statement = text.slice(found.index + found[0].length, endOfStatement(text, found.index));
    const type = (found[1] ?? '').toLowerCase().replace(/\s+/g, ' ');
    const read = type.includes('view') ? tablesIn(statement).filter((table) => table.way === 'read') : [];
    const from = read.map((table) => assetKey('warehouse:table', keyName(table.name, schema)));
    return { key: assetKey('warehouse:table', name), name, line: before.split('\n').length, type, from };
  });
}

function lastSchema(before: string): string | null {
  const used = [...before.matchAll(/\buse\s+(?:schema\s+)?(?:[\w$]+\.)?([\w$]+)\s*;/gi)].at(-1);
  return used?.[1] ?? null;
}

/** `schema.table` without the database; names without quotes are the same in any case. */
function keyName(name: string, schema: string | null): string {
  const steps = name.split('.').slice(-2);
  return (steps.length === 1 && schema !== null ? [schema, ...steps] : steps).join('.').toLowerCase();
}

function endOfStatement(text: string, from: number): number {
  const end = text.indexOf(';', from);
  return end === -1 ? text.length : end;
}

function assetOf(part: PartKey, path: string, created: Created): Asset {
  const { key, name, line, type } = created;
  return {
    key,
    kind: 'warehouse:table',
    name,
    part,
    path,
    line,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'static',
    facts: { type },
  };
}

/** Scripts change a table again and again; the first one that creates it is its place. */
function firstOfEach(assets: readonly Asset[]): Asset[] {
  const byKey = new Map<AssetKey, Asset>();
  for (const asset of assets) {
    const known = byKey.get(asset.key);
    if (known === undefined || (known.path === null && asset.path !== null)) byKey.set(asset.key, asset);
  }
  return [...byKey.values()];
}
