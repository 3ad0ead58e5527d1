import type { Arguments, FunctionValue, Place, Value } from '../../../base/python-source/values.ts';
import type { TaskRun } from '../../contract.ts';

/** A DAG as far as it was read. `id` holds `*` for pieces that are not known, and is then `partial`. */
export type DagThing = {
  thing: 'dag';
  id: string;
  partial: boolean;
  place: Place;
  given: Arguments;
  defaultArgs: Value;
  tasks: TaskThing[];
  /** False where tasks or dependencies may exist that could not be read. */
  complete: boolean;
};

export type TaskThing = {
  thing: 'task';
  id: string;
  operator: string;
  dag: DagThing | null;
  group: GroupThing | null;
  owner: string | null;
  line: number;
  runs: TaskRun[];
  inlets: string[];
  outlets: string[];
  downstream: Set<TaskThing>;
  upstream: Set<TaskThing>;
};

export type GroupThing = {
  thing: 'group';
  id: string;
  prefix: boolean;
  dag: DagThing | null;
  parent: GroupThing | null;
  members: TaskThing[];
};

/** A function under `@task`, `@dag` or `@task_group`, with the decorator's arguments. */
export type FactoryThing = {
  thing: 'task-factory' | 'dag-factory' | 'group-factory';
  definition: FunctionValue | null;
  operator: string;
  given: Arguments;
};

export type Thing = DagThing | TaskThing | GroupThing | FactoryThing;

export function asThing(value: Value | undefined): Thing | null {
  // Only this target makes things while it reads a file.
  return value?.is === 'thing' ? (value.thing as Thing) : null;
}

export function thingValue(thing: Thing): Value {
  return { is: 'thing', thing };
}

/** The tasks that a value of a dependency stands for: a task, the tasks of a group, or those in a list. */
export function tasksIn(value: Value | undefined, side: 'first' | 'last'): TaskThing[] {
  if (value?.is === 'list') return value.items.flatMap((item) => tasksIn(item, side));
  if (value?.is === 'dict') return [...value.entries.values()].flatMap((entry) => tasksIn(entry.value, side));
  const thing = asThing(value);
  if (thing?.thing === 'task') return [thing];
  if (thing?.thing !== 'group') return [];
  const members = new Set(thing.members);
  return thing.members.filter(
    (task) => ![...(side === 'first' ? task.upstream : task.downstream)].some((other) => members.has(other)),
  );
}

/** The id with the prefixes of the groups it is in. */
export function qualifiedId(id: string, group: GroupThing | null): string {
  for (let at = group; at !== null; at = at.parent) if (at.prefix) return `${groupPath(at)}.${id}`;
  return id;
}

function groupPath(group: GroupThing): string {
  return qualifiedId(group.id, group.parent);
}
