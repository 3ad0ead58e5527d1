import { sparkDataFlow } from '../../base/spark-source/data-flow.ts';
import type { AssetColumns } from '../../model/columns.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import { applicationColumns } from '../application-columns.ts';
import type { PartRevision } from '../contract.ts';
import { applicationOf } from './application.ts';
import { SparkPart } from './config.ts';

/** The columns of the job, where all that it moves is literal in its code. What headgate.yaml declares beside its code is not. */
export async function columns({ files, part }: PartRevision, wanted: ReadonlySet<AssetKey>): Promise<AssetColumns[]> {
  const key = assetKey('spark:job', part.name);
  const settings = SparkPart.parse(part.settings);
  if (!wanted.has(key) || (settings.reads ?? []).length > 0) return [];
  const application = { files, ...applicationOf(settings) };
  const flow = await sparkDataFlow(application);
  const found = flow.complete ? await applicationColumns(key, application, flow.accesses) : null;
  if (found === null) return [];
  // What it is said to write beside its code may hold anything.
  return [(settings.writes ?? []).length > 0 ? { ...found, outputs: null } : found];
}
