import type { Asset } from '../../../model/asset.ts';
import { canonicalJson, type Json, type JsonObject } from '../../../model/json.ts';
import type { Said } from '../../code-changes/said.ts';

type Fact = { name: string; says(before: string, after: string): string };

/** Facts of a DAG that decide when it runs and with what. */
const facts: readonly Fact[] = [
  { name: 'schedule', says: (before, after) => `its schedule is ${after} instead of ${before}` },
  { name: 'datasets', says: (before, after) => `it waits for the datasets ${after} instead of ${before}` },
  { name: 'scheduleKind', says: (before, after) => `its schedule is of the kind ${after} instead of ${before}` },
  { name: 'startDate', says: (before, after) => `its start date is ${after} instead of ${before}` },
  { name: 'catchup', says: (before, after) => `its catchup is ${after} instead of ${before}` },
  { name: 'maxActiveRuns', says: (before, after) => `it has at most ${after} runs at once instead of ${before}` },
];

/** What the facts of two revisions of a DAG say. Tags and descriptions change no data. */
export function factChanges(base: Asset, head: Asset): Said[] {
  const [was, is] = [base.facts, head.facts];
  if (base.owner === head.owner && (was === is || JSON.stringify(was) === JSON.stringify(is))) return [];
  const own = facts
    .filter(({ name }) => differ(was[name], is[name]))
    .map(({ name, says }): Said => ({ effect: 'breaking', because: says(shown(was[name]), shown(is[name])) }));
  const schedule = own.some(({ because }) => because.startsWith('its schedule is ') || because.startsWith('it waits'));
  const kept = own.filter(({ because }) => !(schedule && because.startsWith('its schedule is of the kind')));
  const shownOnly = ['tags', 'description'].filter((name) => differ(was[name], is[name]));
  return [
    ...kept,
    ...taskChanges(tasksOf(was), tasksOf(is)),
    ...(base.owner === head.owner ? [] : [owned(base.owner, head.owner)]),
    ...shownOnly.map(
      (name): Said => ({ effect: 'none', because: `only its ${name} differ${name === 'tags' ? '' : 's'}` }),
    ),
  ];
}

function owned(before: string | null, after: string | null): Said {
  return {
    effect: 'compatible',
    because: `its owner is \`${after ?? 'nobody'}\` instead of \`${before ?? 'nobody'}\``,
  };
}

function differ(before: Json | undefined, after: Json | undefined): boolean {
  return canonicalJson(before ?? null) !== canonicalJson(after ?? null);
}

function shown(value: Json | undefined): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return typeof value === 'string' ? `\`${value}\`` : JSON.stringify(value);
}

type Task = JsonObject & { id: string };

function tasksOf(from: JsonObject): Map<string, Task> {
  const tasks = Array.isArray(from.tasks) ? from.tasks : [];
  return new Map(tasks.filter(isTask).map((task) => [task.id, task]));
}

function isTask(task: Json): task is Task {
  return task !== null && typeof task === 'object' && !Array.isArray(task) && typeof task.id === 'string';
}

function taskChanges(base: Map<string, Task>, head: Map<string, Task>): Said[] {
  const removed = [...base.values()].filter(({ id }) => !head.has(id));
  const added = [...head.values()].filter(({ id }) => !base.has(id));
  const renames =
    removed.length === added.length
      ? removed.map((task) => ({ task, now: added.find((other) => sameWork(task, other)) }))
      : [];
  const renamed = renames.flatMap(({ task, now }) => (now === undefined ? [] : [{ from: task.id, to: now.id }]));
  const gone = removed.filter(({ id }) => !renamed.some(({ from }) => from === id)).map(({ id }) => id);
  const fresh = added.filter(({ id }) => !renamed.some(({ to }) => to === id)).map(({ id }) => id);
  const kept = [...head.values()].filter(({ id }) => base.has(id));
  return [
    ...renamed.map(({ from, to }) => breaking(`the task \`${from}\` is called \`${to}\` now`)),
    ...listed(gone, (names, many) => `the task${many ? 's' : ''} ${names} ${many ? 'are' : 'is'} gone`),
    ...listed(fresh, (names, many) => `the task${many ? 's' : ''} ${names} ${many ? 'are' : 'is'} new`),
    ...kept.flatMap((task) =>
      keptTask(base.get(task.id) ?? task, task, new Map(renamed.map(({ from, to }) => [from, to]))),
    ),
  ];
}

function sameWork(one: Task, other: Task): boolean {
  return one.operator === other.operator && !differ(one.runs ?? null, other.runs ?? null);
}

function listed(ids: readonly string[], say: (names: string, many: boolean) => string): Said[] {
  return ids.length === 0 ? [] : [breaking(say(ids.map((id) => `\`${id}\``).join(', '), ids.length > 1))];
}

function breaking(because: string): Said {
  return { effect: 'breaking', because };
}

function keptTask(was: Task, is: Task, renamed: ReadonlyMap<string, string>): Said[] {
  const name = `\`${is.id}\``;
  const said: Said[] = [];
  const before = words(was.downstream).map((id) => renamed.get(id) ?? id);
  if (differ(before.sort(), words(is.downstream).sort())) said.push(breaking(`other tasks follow ${name} than before`));
  if (was.operator !== is.operator)
    said.push(breaking(`${name} is a ${shown(is.operator)} instead of a ${shown(was.operator)}`));
  for (const [field, word] of [
    ['inlets', 'reads'],
    ['outlets', 'updates'],
  ] as const)
    if (differ(was[field], is[field])) said.push(breaking(`${name} ${word} other datasets`));
  if (differ(withoutLines(was.runs), withoutLines(is.runs))) said.push(breaking(`${name} runs something else`));
  if (differ(was.owner, is.owner)) said.push({ effect: 'compatible', because: `${name} has another owner` });
  return said;
}

function words(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A Python task says in which line its function stands, which may move. */
function withoutLines(runs: Json | undefined): Json {
  const list = Array.isArray(runs) ? runs : [];
  return list.map((run) =>
    run !== null && typeof run === 'object' && !Array.isArray(run) && run.kind === 'python'
      ? { kind: 'python', ref: String(run.ref).replace(/^.*\./, '') }
      : run,
  );
}
