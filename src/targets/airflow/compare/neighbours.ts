import type { LiteralChange } from '../../../base/python-meaning/explain-difference.ts';
import type { ModuleForm, ModuleStatement } from '../../../base/python-meaning/module-form.ts';
import type { Asset } from '../../../model/asset.ts';
import type { Said } from '../../code-changes/said.ts';
import type { Comparison } from './comparison.ts';

/** What a file makes beside one of its DAGs: statements, by their place, that make other DAGs and nothing else. */
export type Apart = { base: ReadonlySet<number>; head: ReadonlySet<number> };

/** Null where a file makes one DAG only, or its DAGs are not made apart from each other. */
export function neighboursOf({ dags, code }: Comparison, was: Asset, is: Asset): Apart | null {
  const apart = {
    base: othersIn(was, dags.base, (path) => code.form('base', path)),
    head: othersIn(is, dags.head, (path) => code.form('head', path)),
  };
  return apart.base.size === 0 && apart.head.size === 0 ? null : apart;
}

function othersIn(
  own: Asset,
  dags: Comparison['dags']['base'],
  read: (path: string) => ModuleForm | null,
): Set<number> {
  const beside = (dags.get(own.path ?? '') ?? []).filter(({ key }) => key !== own.key);
  const statements = beside.length === 0 ? [] : (read(own.path ?? '')?.statements ?? []);
  const found = new Set<number>();
  for (const [at, statement] of statements.entries()) {
    const holds = ({ line }: Asset) => line !== null && statement.line <= line && line <= statement.lastLine;
    if (holds(own) || !beside.some(holds) || !makesDag(statement)) continue;
    found.add(at);
    for (const [call, other] of statements.entries()) if (isCallOf(other, statement)) found.add(call);
  }
  return found;
}

/** `with DAG(...)` or a function under `@dag`. */
function makesDag({ kind, source }: ModuleStatement): boolean {
  return kind === 'function' ? /^@\s*([\w.]+\.)?dag\b/m.test(source) : /^with\s*\(?\s*([\w.]+\.)?DAG\s*\(/.test(source);
}

function isCallOf(statement: ModuleStatement, { kind, binds }: ModuleStatement): boolean {
  const called = /^(?:\w+\s*=\s*)?(\w+)\(\s*\)$/.exec(statement.source)?.[1];
  return kind === 'function' && called !== undefined && binds.has(called);
}

/**
 * What changed neighbours do to a DAG: one that cannot be loaded takes its whole file along, which is not to be feared where
 * nothing but harmless literals changed.
 */
export function neighboursSaid(comparison: Comparison, file: { base: string; head: string }, apart: Apart): Said[] {
  const { code } = comparison;
  const [was, is] = [
    chosen(code.form('base', file.base), apart.base),
    chosen(code.form('head', file.head), apart.head),
  ];
  const [gone, come] = [without(was, is), without(is, was)];
  if (gone.length === 0 && come.length === 0) return [];
  const harmless =
    gone.length === come.length &&
    gone.every((one, at) => code.literals(one.source, come[at]?.source ?? '')?.every(isHarmless) === true);
  return harmless
    ? [{ effect: 'none', because: 'only another DAG of its file changed' }]
    : [{ effect: 'unknown', because: 'another DAG of its file changed, and the file must load for either' }];
}

function chosen(form: ModuleForm | null, places: ReadonlySet<number>): ModuleStatement[] {
  return (form?.statements ?? []).filter((_, at) => places.has(at));
}

function without(statements: readonly ModuleStatement[], others: readonly ModuleStatement[]): ModuleStatement[] {
  return statements.filter(({ essence }) => !others.some((other) => other.essence === essence));
}

/** Arguments that Airflow takes as they come and only uses when a task runs. */
const anyText =
  /^(bash_command|sql|command|image|pool|queue|email|owner|description|doc_md|application|conn_id|\w+_conn_id)$/;
const anyCount = /^(retries|seconds|minutes|hours|days|max_active_runs|max_active_tasks|priority_weight|pool_slots)$/;

function isHarmless({ name, base, head }: LiteralChange): boolean {
  if (anyText.test(name)) return true;
  if (anyCount.test(name)) return [base, head].every((count) => /^[1-9]\d{0,3}$/.test(count));
  return /^(schedule|schedule_interval)$/.test(name) && [base, head].every(isCron);
}

const highest = [59, 23, 31, 12, 6];

/** Five plain fields, each `*`, `*` by steps, or a number in its range. */
function isCron(text: string): boolean {
  const fields = text.split(' ');
  return (
    fields.length === 5 &&
    fields.every((field, at) => {
      if (/^\*(\/[1-9]\d?)?$/.test(field)) return true;
      const lowest = at === 2 || at === 3 ? 1 : 0;
      return /^\d{1,2}$/.test(field) && Number(field) >= lowest && Number(field) <= (highest[at] ?? 0);
    })
  );
}
