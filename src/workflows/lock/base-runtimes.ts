import { readFileSync } from 'node:fs';
import { RUNTIME_NAMES, type RuntimeName, runtimePlace, runtimePresent } from '../../base/python/runtime.ts';
import type { HeldVersions } from '../../delivery/checks/lock/judge-lock.ts';
import { packagesOf } from '../../delivery/checks/lock/lock-text.ts';
import type { BaseRuntime } from '../../delivery/checks/lock/wanted-runtimes.ts';

/** Which of Headgate's runtimes the parts of a target run on, and the tools whose versions matter there. */
const BASES: { [target: string]: { runtime: RuntimeName; tools: readonly string[] } } = {
  airflow: { runtime: 'airflow', tools: ['apache-airflow'] },
  dbt: { runtime: 'dbt', tools: ['dbt-core', 'dbt-postgres', 'dbt-duckdb'] },
  spark: { runtime: 'spark', tools: ['pyspark'] },
  streaming: { runtime: 'spark', tools: ['pyspark'] },
};

/** The bases by target id, from the locks that ship with Headgate. */
export function baseRuntimes(): { [target: string]: BaseRuntime } {
  return Object.fromEntries(
    Object.entries(BASES).map(([target, { runtime, tools }]) => [
      target,
      { name: runtime, tools, requirements: shippedLock(runtime) },
    ]),
  );
}

/** The package versions of the runtimes that are set up on this machine. */
export function heldVersions(): HeldVersions {
  const held = RUNTIME_NAMES.filter((name) => runtimePresent(name) !== null);
  return Object.fromEntries(
    held.map((name) => [
      name,
      Object.fromEntries(packagesOf(shippedLock(name)).map((locked) => [locked.name, locked.version])),
    ]),
  );
}

/** The requirements text with hashes of a runtime that ships with Headgate. */
function shippedLock(name: RuntimeName): string {
  return readFileSync(runtimePlace(name).lockFile, 'utf8');
}
