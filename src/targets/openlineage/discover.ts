import type { Asset } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import { assetKey, partKey } from '../../model/identifiers.ts';
import { mention } from '../../model/mention.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { OpenLineagePart } from './config.ts';
import { jobsSeen, type SeenJob } from './jobs-seen.ts';
import { readEvents } from './read-events.ts';

/**
 * Jobs as OpenLineage events tell of them. `facts.observes` says which assets each may be; the catalogue gives what was seen to the one that it is.
 * What dbt tells of its models is left out, as their own text says more.
 */
export async function discover({ files, part }: DiscoverInput): Promise<Discovery> {
  const settings = OpenLineagePart.parse(part.settings);
  const { events, problems } = readEvents(files, normalFolder(settings.path));
  const jobs = jobsSeen(events).filter(({ integration }) => integration?.toUpperCase() !== 'DBT');
  const places = [...new Set(jobs.flatMap(({ reads, writes }) => [...reads, ...writes]))].sort();
  return {
    assets: [...jobs.map((job) => assetOf(job, part.name, settings)), ...places.map((key) => mention(key))],
    edges: [],
    findings: [...problems.map(notRead), ...jobs.filter(({ unread }) => unread.length > 0).map(notKnown)],
  };
}

function assetOf(job: SeenJob, part: string, settings: OpenLineagePart): Asset {
  const { namespace, name, integration, eventTime, path, line, reads, writes, columns, rows, unread } = job;
  const full = `${namespace}/${name}`;
  return {
    ...mention(assetKey('openlineage:job', full)),
    part: partKey('openlineage', part),
    path,
    line,
    facts: {
      ...{ namespace, job: name, integration, eventTime, unread },
      observes: { ...candidatesOf(job, settings), reads, writes },
      columns: columns?.map((column) => ({ name: column.name, from: column.from })) ?? null,
      rows,
    },
  };
}

/** `key`: the asset that headgate.yaml names. `dags`, `names`: the DAG or the application that it may be, by the names that tools give. */
function candidatesOf(
  job: SeenJob,
  { jobs = {} }: OpenLineagePart,
): { key: string | null; dags: string[]; names: string[] } {
  const full = `${job.namespace}/${job.name}`;
  const key = Object.entries(jobs).find(([pattern]) => matches(pattern, full))?.[1] ?? null;
  const isAirflow = job.integration?.toUpperCase() === 'AIRFLOW';
  const firsts = [job.name, ...job.parents];
  return {
    key,
    // A task is named `<dag>.<task>`; what it starts has it as its parent.
    dags: [...new Set((isAirflow ? firsts : job.parents).flatMap((name) => [name, name.split('.')[0] ?? name]))],
    names: isAirflow ? [] : [...new Set(firsts.flatMap((name) => [name, name.split('.')[0] ?? name]))],
  };
}

function matches(pattern: string, full: string): boolean {
  const source = pattern.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's').test(full);
}

function notRead({ path, line, message }: { path: string; line: number; message: string }): Finding {
  return {
    ...{ check: 'openlineage-event', asset: null, path, line, status: 'failed', severity: 'warning' },
    message: `This is no OpenLineage event: ${message}.`,
    hint: 'Take it out, or write it as the client did; the other events were read.',
  };
}

function notKnown({ path, line, namespace, name, unread }: SeenJob): Finding {
  const more = unread.length > 1 ? ` and ${unread.length - 1} more` : '';
  return {
    ...{ check: 'openlineage-dataset', asset: null, path, line, status: 'failed', severity: 'note' },
    message: `What \`${unread[0] ?? ''}\`${more} of the job \`${namespace}/${name}\` are is not known here.`,
    hint: 'Say it under `reads` or `writes` of the job in headgate.yaml.',
  };
}
