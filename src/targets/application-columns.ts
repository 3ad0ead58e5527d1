import type { Access, FlowInput } from '../base/spark-source/data-flow.ts';
import type { DataPlace } from '../base/spark-source/frame-values.ts';
import { type JobColumns, jobColumns, type PlacedColumn } from '../base/spark-source/job-columns.ts';
import type { AssetColumns, ColumnUse } from '../model/columns.ts';
import { placeKey } from '../model/data-keys.ts';
import type { AssetKey } from '../model/identifiers.ts';

/**
 * What a PySpark application reads and makes column by column, for the asset `key`. Null where that cannot be told: its code is not simple
 * enough, or it reads or writes something that this reading did not see. `known` is what else was found that it reads and writes.
 */
export async function applicationColumns(
  key: AssetKey,
  application: FlowInput,
  known: readonly Access[],
): Promise<AssetColumns | null> {
  if (!application.file.endsWith('.py')) return null;
  const read = await jobColumns(application);
  // What is not seen to write anything does it in code that is not read.
  if ('unread' in read || read.writes.length === 0 || !isWhole(read, known)) return null;
  const keys = new Map<string, AssetKey>();
  for (const { what, name } of [...read.reads, ...read.writes, ...read.stars]) {
    const place = what === 'nowhere' ? null : placeKey(what, name);
    if (place === null) return null;
    keys.set(`${what} ${name}`, place);
  }
  const keyOf = ({ what, name }: DataPlace): AssetKey[] => {
    const found = keys.get(`${what} ${name}`);
    return found === undefined ? [] : [found];
  };
  const uses = (all: readonly PlacedColumn[]): ColumnUse[] =>
    all.flatMap(({ place, column }) => keyOf(place).map((of) => ({ key: of, column })));
  return {
    key,
    outputs: read.outputs?.map(({ name, from }) => ({ name, from: from === null ? null : uses(from) })) ?? null,
    rows: uses(read.rows),
    uses: uses(read.uses),
    stars: read.stars.flatMap(keyOf),
  };
}

/** Whether all that another reading of the same code found is in this one. A name with `*` is one that was read without its arguments. */
function isWhole(read: JobColumns, known: readonly Access[]): boolean {
  const own = (way: Access['way']) => (way === 'read' ? read.reads : read.writes);
  return known
    .filter(({ name }) => !name.includes('*'))
    .every(({ way, what, name }) => {
      const wanted = placeKey(what, name);
      return own(way).some((place) => place.what !== 'nowhere' && placeKey(place.what, place.name) === wanted);
    });
}
