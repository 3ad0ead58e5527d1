import { type Access, type DataFlow, type StartedQuery, sparkDataFlow } from '../../base/spark-source/data-flow.ts';
import type { Asset } from '../../model/asset.ts';
import { placeKey } from '../../model/data-keys.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, assetKey, partKey } from '../../model/identifiers.ts';
import { assetKeysIn, dataAccess } from '../../model/mention.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import { valueNames } from '../../model/value-names.ts';
import type { DeclaredPart, DiscoverInput, Discovery } from '../contract.ts';
import { StreamingPart } from './config.ts';

/** The streaming queries that an application starts, with the topics and tables that it reads and writes. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const settings = StreamingPart.parse(input.part.settings);
  const folder = normalFolder(settings.path);
  const found: Discovery = { assets: [], edges: [], findings: [] };
  for (const file of applications(input, folder, settings.main)) {
    const flow = await sparkDataFlow({
      files: input.files,
      file,
      searchPath: [folder, ''],
      given: settings.args ?? [],
    });
    if (flow.brokenAt !== null) found.findings.push(broken(file, flow.brokenAt));
    const base = settings.main === undefined ? `${input.part.name}.${stemOf(file, folder)}` : input.part.name;
    for (const { query, name } of named(queriesOf(flow, file), base)) {
      const made = queryAsset(input.part, { query, name }, flow);
      const access = dataAccess(made.key, {
        reads: [...assetKeysIn(settings.reads ?? []), ...keysOf(flow.accesses, 'read')],
        writes: [...assetKeysIn(settings.writes ?? []), ...keysOf(flow.accesses, 'write')],
      });
      found.assets.push(made, ...access.assets);
      found.edges.push(...access.edges);
    }
  }
  return found;
}

function applications(input: DiscoverInput, folder: string, main: string | undefined): string[] {
  if (main !== undefined) return [normalFolder(`${folder}/${main}`)];
  return input.files.entries
    .map((entry) => entry.path)
    .filter(
      (path) =>
        path.endsWith('.py') &&
        isInside(path, folder) &&
        /\b(readStream|writeStream)\b/.test(input.files.text(path) ?? ''),
    );
}

/** An application that starts no query that can be seen is one query of its file's name. */
function queriesOf(flow: DataFlow, file: string): StartedQuery[] {
  return flow.queries.length > 0 ? flow.queries : [{ name: null, line: 1, file, checkpoint: null }];
}

type NamedQuery = { query: StartedQuery; name: string };

/** Queries without a name of their own are counted from the top, so that their keys stay when lines move. */
function named(queries: readonly StartedQuery[], base: string): NamedQuery[] {
  const inOrder = [...queries].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  let count = 0;
  return inOrder.map((query) => {
    if (query.name !== null) return { query, name: query.name };
    count += 1;
    return { query, name: count === 1 ? base : `${base}-${count}` };
  });
}

function queryAsset(part: DeclaredPart, { query, name }: NamedQuery, flow: DataFlow): Asset {
  return {
    key: assetKey('streaming:query', name),
    kind: 'streaming:query',
    name,
    part: partKey('streaming', part.name),
    path: query.file,
    line: query.line,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'static',
    facts: {
      named: query.name !== null,
      checkpoint: query.checkpoint,
      accessComplete: flow.complete,
      values: valueNames(part.settings),
    },
  };
}

/** `a/b.py` in the folder `x` is `a.b`. */
function stemOf(file: string, folder: string): string {
  return (folder === '' ? file : file.slice(folder.length + 1)).replace(/\.py$/, '').replaceAll('/', '.');
}

function keysOf(accesses: readonly Access[], way: Access['way']): AssetKey[] {
  return accesses.filter((access) => access.way === way).flatMap((access) => placeKey(access.what, access.name) ?? []);
}

function broken(path: string, line: number): Finding {
  return {
    check: 'streaming-syntax',
    asset: null,
    path,
    line,
    status: 'failed',
    severity: 'error',
    message: 'This is not valid Python from here on.',
    hint: 'The query will fail when it starts. Put the line right.',
  };
}
