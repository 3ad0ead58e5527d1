import type { Machine } from '../../../base/python-source/machine-types.ts';
import {
  type Arguments,
  argument,
  asText,
  exactText,
  type FunctionValue,
  text,
  type Value,
} from '../../../base/python-source/values.ts';
import { datasetUris } from './datasets.ts';
import { linkAll } from './dependencies.ts';
import { runsOfOperator } from './operator-runs.ts';
import { asThing, type DagThing, type GroupThing, qualifiedId, type TaskThing, thingValue } from './things.ts';

/** Where a task is made: inside which `with DAG` and which group. */
export type TaskSite = { dag: DagThing | null; group: GroupThing | null };
export type NewTask = {
  operator: string;
  /** The operator's own name and those it is derived from. */
  names: readonly string[];
  given: Arguments;
  line: number;
  /** A second task of this id gets `__1`, as decorated functions that are called twice do. */
  repeatable?: boolean;
  definition?: FunctionValue | null;
};

export function createTask(machine: Machine, site: TaskSite, made: NewTask): TaskThing {
  const { given, operator, line } = made;
  const group = groupOf(site, given);
  const dag = dagOf(site, given, group);
  const named = qualifiedId(asText(argument(given, null, 'task_id') ?? text('*', true)).value, group);
  const task: TaskThing = {
    thing: 'task',
    id: made.repeatable === true ? freeId(named, dag) : named,
    operator,
    dag,
    group,
    owner: exactText(given.named.get('owner')),
    line,
    runs: runsOfOperator({ names: made.names, given, definition: made.definition ?? null }),
    inlets: datasetUris(given.named.get('inlets')),
    outlets: datasetUris(given.named.get('outlets')),
    downstream: new Set(),
    upstream: new Set(),
  };
  dag?.tasks.push(task);
  if (dag !== null && (machine.uncertain > 0 || task.id.includes('*'))) dag.complete = false;
  for (let at = group; at !== null; at = at.parent) at.members.push(task);
  for (const value of given.named.values()) linkData(value, task);
  return task;
}

/** A task whose output is an argument of another comes before it. */
function linkData(value: Value, task: TaskThing, depth = 0): void {
  if (value.is === 'list' && depth < 3) for (const item of value.items) linkData(item, task, depth + 1);
  if (value.is === 'dict' && depth < 3)
    for (const { value: item } of value.entries.values()) linkData(item, task, depth + 1);
  if (asThing(value)?.thing === 'task') linkAll(value, thingValue(task));
}

function groupOf(site: TaskSite, given: Arguments): GroupThing | null {
  const chosen = asThing(given.named.get('task_group'));
  return chosen?.thing === 'group' ? chosen : site.group;
}

function dagOf(site: TaskSite, given: Arguments, group: GroupThing | null): DagThing | null {
  const chosen = asThing(given.named.get('dag'));
  return chosen?.thing === 'dag' ? chosen : (group?.dag ?? site.dag);
}

function freeId(id: string, dag: DagThing | null): string {
  const taken = new Set(dag?.tasks.map((task) => task.id));
  let free = id;
  for (let count = 1; taken.has(free); count += 1) free = `${id}__${count}`;
  return free;
}
