import { canonicalJson, type Json } from '../src/model/json.ts';
import type { DagState } from './dag-reader.ts';

/** How much a difference counts. `new`: the DAG was not there before. */
export type Weight = 'documents' | 'people' | 'new' | 'essence';

const order: readonly Weight[] = ['documents', 'people', 'new', 'essence'];
const documents =
  /^(dag (tags|doc_md|_?description|_?dag_display_name|owner_links|default_view|orientation)|task (doc|doc_md|doc_json|doc_yaml|doc_rst|_?task_display_name|label|ui_color|ui_fgcolor))$/;
const people = /^(dag|task) (owner|email|email_on_failure|email_on_retry)$/;

/** What two revisions of a DAG have otherwise, at most a few of it in words, and how much that counts. A file for each state. */
export function differencesOf(
  before: readonly DagState[],
  after: readonly DagState[],
): { differs: string[]; weight: Weight | null } {
  if (before.length === 0 && after.length === 0) return { differs: [], weight: null };
  if (before.length === 0) return { differs: ['it is new'], weight: 'new' };
  if (after.length === 0) return { differs: ['it is gone'], weight: 'essence' };
  if (before.length !== after.length) return { differs: ['other files make it'], weight: 'essence' };
  const found = before.flatMap((state, at) => stateDifferences(state, after[at] ?? state));
  const weights = found.map(({ weight }) => weight).sort((a, b) => order.indexOf(b) - order.indexOf(a));
  return { differs: found.map(({ words }) => words).slice(0, 6), weight: weights[0] ?? null };
}

type Difference = { words: string; weight: Weight };

function stateDifferences(was: DagState, is: DagState): Difference[] {
  const tasks = [...new Set([...Object.keys(was.tasks), ...Object.keys(is.tasks)])].sort();
  return [
    ...memberDifferences('dag', was.dag ?? {}, is.dag ?? {}),
    ...tasks.flatMap((id) => {
      const [one, other] = [was.tasks[id], is.tasks[id]];
      if (one === undefined || other === undefined)
        return [{ words: `task ${id} is ${one === undefined ? 'new' : 'gone'}`, weight: 'essence' as const }];
      return memberDifferences('task', one, other).map(({ words, weight }) => ({ words: `${id}: ${words}`, weight }));
    }),
    ...memberDifferences('code', was.work, is.work),
  ];
}

type Members = { [name: string]: unknown };

function memberDifferences(of: 'dag' | 'task' | 'code', was: Members, is: Members): Difference[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names
    .filter((name) => written(was[name]) !== written(is[name]))
    .flatMap((name) => {
      if (of === 'dag' && name === 'default_args') return defaultDifferences(was[name], is[name]);
      return [{ words: `${of} ${name}`, weight: weightOf(`${of} ${name}`) }];
    });
}

function weightOf(words: string): Weight {
  if (documents.test(words)) return 'documents';
  return people.test(words) ? 'people' : 'essence';
}

/** What tasks are given by default shows in the tasks as well. */
function defaultDifferences(was: unknown, is: unknown): Difference[] {
  return memberDifferences('task', variables(was), variables(is)).map(({ words, weight }) => ({
    words: `default ${words}`,
    weight,
  }));
}

function variables(value: unknown): Members {
  const inner = value !== null && typeof value === 'object' && '__var' in value ? value.__var : value;
  return inner !== null && typeof inner === 'object' ? { ...inner } : { value: inner };
}

function written(value: unknown): string {
  return value === undefined ? 'absent' : canonicalJson(value as Json);
}
