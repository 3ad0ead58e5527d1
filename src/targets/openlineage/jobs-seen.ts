import type { AssetKey } from '../../model/identifiers.ts';
import { datasetKey } from './dataset-key.ts';
import type { FoundEvent } from './read-events.ts';
import type { EventDataset, InputField, RunEvent } from './run-event.ts';

type SeenColumn = { key: AssetKey; column: string };
/** What the newest run of a job was seen to do. `unread`: datasets whose namespace is not known here. */
export type SeenJob = {
  namespace: string;
  name: string;
  integration: string | null;
  parents: string[];
  eventTime: string;
  path: string;
  line: number;
  reads: AssetKey[];
  writes: AssetKey[];
  unread: string[];
  columns: { name: string; from: SeenColumn[] | null }[] | null;
  rows: SeenColumn[];
};

/**
 * One entry for each job, from its newest run: one that completed before any that did not. Events of one run are taken together, as the data that
 * it reads and writes become known one by one.
 */
export function jobsSeen(found: readonly FoundEvent[]): SeenJob[] {
  const byJob = Map.groupBy(found, ({ event }) => `${event.job.namespace}\n${event.job.name}`);
  return [...byJob]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, events]) => seen(newestRun(events)))
    .filter((job) => job !== null);
}

function newestRun(events: readonly FoundEvent[]): FoundEvent[] {
  const runs = [...Map.groupBy(events, ({ event }) => event.run?.runId ?? '').values()];
  const ends = (run: readonly FoundEvent[]) => Math.max(...run.map(({ event }) => Date.parse(event.eventTime)));
  const isWhole = (run: readonly FoundEvent[]) =>
    run.some(({ event }) => event.run === undefined || event.eventType === 'COMPLETE' || event.eventType === 'RUNNING');
  const idOf = (run: readonly FoundEvent[]) => run[0]?.event.run?.runId ?? '';
  const sorted = runs.sort(
    (a, b) => Number(isWhole(b)) - Number(isWhole(a)) || ends(b) - ends(a) || (idOf(a) < idOf(b) ? -1 : 1),
  );
  return [...(sorted[0] ?? [])].sort((a, b) => Date.parse(a.event.eventTime) - Date.parse(b.event.eventTime));
}

function seen(run: readonly FoundEvent[]): SeenJob | null {
  const last = run.at(-1);
  if (last === undefined) return null;
  const events = run.map(({ event }) => event);
  const inputs = events.flatMap((event) => event.inputs ?? []);
  const outputs = events.flatMap((event) => event.outputs ?? []);
  const { namespace, name } = last.event.job;
  return {
    ...{ namespace, name, path: last.path, line: last.line, eventTime: last.event.eventTime },
    integration:
      events.map((event) => event.job.facets?.jobType?.integration ?? null).find((one) => one !== null) ?? null,
    parents: [...new Set(events.flatMap(parentsOf))],
    reads: keysOf(inputs),
    writes: keysOf(outputs),
    unread: [
      ...new Set(
        [...inputs, ...outputs].filter((one) => datasetKey(one) === null).map((one) => `${one.namespace} ${one.name}`),
      ),
    ].sort(),
    ...columnsOf(inputs, outputs),
  };
}

function parentsOf({ run }: RunEvent): string[] {
  const { parent } = run?.facets ?? {};
  return [parent?.job.name, parent?.root?.job.name].filter((name) => name !== undefined);
}

function keysOf(datasets: readonly EventDataset[]): AssetKey[] {
  return [...new Set(datasets.flatMap((dataset) => datasetKey(dataset) ?? []))].sort();
}

/** What a run was seen to make its columns of. Null where no output says so. */
function columnsOf(
  inputs: readonly EventDataset[],
  outputs: readonly EventDataset[],
): Pick<SeenJob, 'columns' | 'rows'> {
  const facets = outputs.flatMap(({ facets }) => facets?.columnLineage ?? []);
  const placed = (field: InputField): SeenColumn[] => {
    const dataset = inputs.find(({ namespace, name }) => namespace === field.namespace && name === field.name) ?? field;
    const key = datasetKey({
      namespace: field.namespace,
      name: field.name,
      facets: 'facets' in dataset ? inputs.find((one) => one === dataset)?.facets : undefined,
    });
    return key === null ? [] : [{ key, column: field.field.toLowerCase() }];
  };
  const rows = facets.flatMap(({ fields, dataset }) => [
    ...(dataset ?? []),
    ...Object.values(fields).flatMap(({ inputFields }) => inputFields.filter((field) => !isValue(field))),
  ]);
  const made = new Map<string, SeenColumn[] | null>();
  for (const { fields } of facets)
    for (const [name, { inputFields }] of Object.entries(fields)) {
      const from = inputFields.filter(isValue).flatMap(placed);
      made.set(name.toLowerCase(), unique([...(made.get(name.toLowerCase()) ?? []), ...from]));
    }
  for (const { name } of outputs.flatMap(({ facets: of }) => of?.schema?.fields ?? []))
    if (!made.has(name.toLowerCase())) made.set(name.toLowerCase(), null);
  return {
    columns: facets.length === 0 ? null : [...made].map(([name, from]) => ({ name, from })),
    rows: unique(rows.flatMap(placed)),
  };
}

/** Fields of older versions of the facet say nothing of how they are used; they are values. */
function isValue({ transformations }: InputField): boolean {
  return (
    transformations === undefined ||
    transformations.length === 0 ||
    transformations.some(({ type }) => type === 'DIRECT')
  );
}

function unique(columns: readonly SeenColumn[]): SeenColumn[] {
  return [...new Map(columns.map((one) => [`${one.key}\n${one.column}`, one])).values()];
}
