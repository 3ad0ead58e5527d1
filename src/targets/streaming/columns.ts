import { sparkDataFlow } from '../../base/spark-source/data-flow.ts';
import type { AssetColumns } from '../../model/columns.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { applicationColumns } from '../application-columns.ts';
import type { PartRevision } from '../contract.ts';
import { StreamingPart } from './config.ts';

/** The columns of a query that is alone in its application, where all that it moves is literal in its code. */
export async function columns(
  { files, part, discovery }: PartRevision,
  wanted: ReadonlySet<AssetKey>,
): Promise<AssetColumns[]> {
  const settings = StreamingPart.parse(part.settings);
  const folder = normalFolder(settings.path);
  const queries = discovery.assets.filter((asset) => asset.kind === 'streaming:query');
  const found: AssetColumns[] = [];
  for (const { key, path } of queries) {
    const isAlone = path !== null && queries.filter((query) => query.path === path).length === 1;
    if (!wanted.has(key) || !isAlone || (settings.reads ?? []).length > 0) continue;
    const application = { files, file: path, searchPath: [folder, ''], given: settings.args ?? [] };
    const flow = await sparkDataFlow(application);
    const read = flow.complete ? await applicationColumns(key, application, flow.accesses) : null;
    if (read !== null) found.push((settings.writes ?? []).length > 0 ? { ...read, outputs: null } : read);
  }
  return found;
}
