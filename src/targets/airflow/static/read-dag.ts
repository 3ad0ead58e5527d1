import { argument, asText, exactText, itemsOf, truth, type Value } from '../../../base/python-source/values.ts';
import type { Dag, DagTask } from '../dag-assets.ts';
import { dateOf, scheduleOf } from './schedule.ts';
import type { DagThing, TaskThing } from './things.ts';

/** The plain facts of a DAG that was read from text. */
export function dagOf(dag: DagThing, file: string): Dag {
  const { given } = dag;
  const catchup = given.named.get('catchup');
  const description = argument(given, 1, 'description');
  const maxRuns = given.named.get('max_active_runs');
  const defaults = dag.defaultArgs.is === 'dict' ? dag.defaultArgs.entries : null;
  return {
    dagId: dag.id,
    path: file,
    line: dag.place.file === file ? dag.place.line : null,
    owner: ownerOf(exactText(defaults?.get('towner')?.value)),
    ...scheduleOf(given),
    tags: tagsOf(given.named.get('tags')),
    startDate: dateOf(given.named.get('start_date') ?? defaults?.get('tstart_date')?.value),
    catchup: catchup === undefined ? null : truth(catchup),
    description: exactText(description),
    maxActiveRuns: maxRuns?.is === 'number' ? maxRuns.value : null,
    graphDigest: null,
    complete: dag.complete,
    more: {},
    tasks: mergedTasks(dag.tasks),
  };
}

function ownerOf(owner: string | null): string | null {
  return owner === '' || owner === 'airflow' ? null : owner;
}

function tagsOf(value: Value | undefined): string[] {
  const items = value === undefined ? null : itemsOf(value);
  return (items?.items ?? [])
    .map(asText)
    .filter((tag) => !tag.partial)
    .map((tag) => tag.value)
    .sort();
}

/** Two sides of a condition may each make a task of the same id: they are one, with what either runs. */
function mergedTasks(tasks: readonly TaskThing[]): DagTask[] {
  const byId = new Map<string, DagTask>();
  for (const task of tasks) {
    const known = byId.get(task.id);
    const own = taskOf(task);
    byId.set(
      task.id,
      known === undefined
        ? own
        : {
            ...known,
            downstream: [...new Set([...known.downstream, ...own.downstream])],
            runs: [...known.runs, ...own.runs],
          },
    );
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function taskOf(task: TaskThing): DagTask {
  const { id, operator, owner, runs, inlets, outlets } = task;
  const downstream = [...new Set([...task.downstream].map((other) => other.id))];
  return { id, operator, owner, downstream, runs, inlets, outlets, more: { line: task.line } };
}
