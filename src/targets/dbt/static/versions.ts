import { listOf, objectOf } from './dbt-project.ts';
import type { Entry } from './properties.ts';

/** One version of a model: which entry declares it, and whether an unpinned `ref()` means it. */
export type Version = { entry: Entry; version: string; isLatest: boolean };

/** The versions of models by the name of the file that holds them (`defined_in`, else `<model>_v<version>`). */
export function versionsOf(entries: readonly Entry[]): Map<string, Version> {
  return new Map(entries.filter((entry) => entry.section === 'models').flatMap(versionsIn));
}

function versionsIn(entry: Entry): [string, Version][] {
  const declared = listOf(entry.said.versions)
    .map(objectOf)
    .filter((version) => version.v !== undefined);
  const latest = String(entry.said.latest_version ?? newest(declared.map((version) => version.v)));
  return declared.map((version) => {
    const file = typeof version.defined_in === 'string' ? version.defined_in : `${entry.name}_v${String(version.v)}`;
    return [file, { entry, version: String(version.v), isLatest: String(version.v) === latest }];
  });
}

/** Numbers by size, else texts by their order. */
function newest(versions: readonly unknown[]): unknown {
  return [...versions]
    .sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1))
    .at(-1);
}
