import type { Finding } from '../../model/finding.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { dagFinding } from './check-integrity.ts';

/** One definition of a DAG. `part` is named when it is in another part of the project. */
export type DagDefinition = { key: AssetKey; dagId: string; path: string; line: number | null; part: string };

/**
 * DAG ids that are defined twice in one Airflow, which then takes whichever file it read last. `others` are the
 * definitions of the parts that meet in the same Airflow. Each definition of this part is told of another one.
 */
export function judgeDuplicates(own: readonly DagDefinition[], others: readonly DagDefinition[]): Finding[] {
  const byId = Map.groupBy([...own, ...others], ({ dagId }) => dagId);
  return own.flatMap((definition) => {
    const rival = byId.get(definition.dagId)?.find((other) => !isSame(other, definition));
    return rival === undefined ? [] : [duplicate(definition, rival)];
  });
}

function isSame(a: DagDefinition, b: DagDefinition): boolean {
  return a.path === b.path && a.line === b.line;
}

function duplicate(definition: DagDefinition, rival: DagDefinition): Finding {
  const line = rival.line === null ? '' : `:${rival.line}`;
  const place =
    rival.path === definition.path ? `again in this file, line ${rival.line}` : `also in ${rival.path}${line}`;
  const part = rival.part === definition.part ? '' : ` (part airflow/${rival.part})`;
  return dagFinding({
    check: 'dag-duplicate-ids',
    asset: definition.key,
    path: definition.path,
    line: definition.line,
    message: `The DAG id "${definition.dagId}" is defined here and ${place}${part}; Airflow would run only one of them.`,
    hint: 'Give one of them another dag_id, or remove it.',
  });
}
