import { itemsOf, type Value } from '../../../base/python-source/values.ts';
import { type TaskThing, tasksIn } from './things.ts';

/** Each task of `from` comes before each task of `to`. Tasks without a DAG join that of the other side. */
export function linkAll(from: Value | undefined, to: Value | undefined): void {
  for (const before of tasksIn(from, 'last')) {
    for (const after of tasksIn(to, 'first')) link(before, after);
  }
}

/** `chain(a, [b, c], [d, e], f)`: lists of equal length are linked one by one. */
export function linkChain(values: readonly Value[]): void {
  for (const [index, value] of values.entries()) {
    const next = values[index + 1];
    if (next === undefined) return;
    if (value.is === 'list' && next.is === 'list') {
      value.items.forEach((item, at) => {
        linkAll(item, next.items[at]);
      });
    } else {
      linkAll(value, next);
    }
  }
}

/** Each of the one with each of the other. */
export function linkCross(from: Value | undefined, to: Value | undefined): void {
  for (const before of itemsOf(from ?? { is: 'none' })?.items ?? []) linkAll(before, to);
}

function link(before: TaskThing, after: TaskThing): void {
  before.downstream.add(after);
  after.upstream.add(before);
  adopt(before, after);
  adopt(after, before);
}

function adopt(task: TaskThing, other: TaskThing): void {
  if (task.dag !== null || other.dag === null) return;
  task.dag = other.dag;
  other.dag.tasks.push(task);
}
