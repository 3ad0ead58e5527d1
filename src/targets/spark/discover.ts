import { type Access, sparkDataFlow } from '../../base/spark-source/data-flow.ts';
import type { Asset } from '../../model/asset.ts';
import { placeKey } from '../../model/data-keys.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, assetKey, partKey } from '../../model/identifiers.ts';
import { assetKeysIn, dataAccess } from '../../model/mention.ts';
import { valueNames } from '../../model/value-names.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { applicationOf } from './application.ts';
import { SparkPart } from './config.ts';

/** The job of a part, and the tables, topics and paths that its code reads and writes. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const settings = SparkPart.parse(input.part.settings);
  const application = applicationOf(settings);
  const { file } = application;
  const exists = input.files.entries.some((entry) => entry.path === file);
  const flow = file.endsWith('.py') && exists ? await sparkDataFlow({ files: input.files, ...application }) : null;
  const key = assetKey('spark:job', input.part.name);
  const reads = [...assetKeysIn(settings.reads ?? []), ...keysOf(flow?.accesses ?? [], 'read')];
  const writes = [...assetKeysIn(settings.writes ?? []), ...keysOf(flow?.accesses ?? [], 'write')];
  const job: Asset = {
    key,
    kind: 'spark:job',
    name: input.part.name,
    part: partKey('spark', input.part.name),
    path: file,
    line: exists ? 1 : null,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'static',
    facts: {
      main: settings.main,
      args: settings.args ?? [],
      values: valueNames(input.part.settings),
      reads: named(flow?.accesses ?? [], 'read'),
      writes: named(flow?.accesses ?? [], 'write'),
      accessComplete: flow?.complete === true && !flow.accesses.some((access) => access.name.includes('*')),
    },
  };
  const access = dataAccess(key, { reads, writes });
  const findings = [
    ...(exists ? [] : [missing(key, file)]),
    ...(flow?.brokenAt == null ? [] : [broken(file, flow.brokenAt)]),
  ];
  return { assets: [job, ...access.assets], edges: access.edges, findings };
}

/** Keys of the tables, topics and paths that are known. */
function keysOf(accesses: readonly Access[], way: Access['way']): AssetKey[] {
  return accesses.filter((access) => access.way === way).flatMap((access) => placeKey(access.what, access.name) ?? []);
}

function named(accesses: readonly Access[], way: Access['way']): string[] {
  return accesses.filter((access) => access.way === way).map((access) => `${access.what} ${access.name}`);
}

function missing(asset: AssetKey, path: string): Finding {
  return {
    check: 'spark-main-missing',
    asset,
    path,
    line: null,
    status: 'failed',
    severity: 'error',
    message: 'The application file of this job is not there.',
    hint: 'Correct `path` or `main` in headgate.yaml.',
  };
}

function broken(path: string, line: number): Finding {
  return {
    check: 'spark-syntax',
    asset: null,
    path,
    line,
    status: 'failed',
    severity: 'error',
    message: 'This is not valid Python from here on.',
    hint: 'The job will fail when it starts. Put the line right.',
  };
}
