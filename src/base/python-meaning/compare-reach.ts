import type { Explain } from './explain-difference.ts';
import type { ModuleForm, ModuleStatement } from './module-form.ts';
import { isQuietImport } from './quiet-imports.ts';
import type { Reach, ReachedFile } from './reach.ts';
import type { ImportedName } from './statement-names.ts';

/**
 * Something that two programs do not have in common. `module`: empty for the program itself. `weight`: `essence` it may change what
 * is done; `people`: only whom to tell; `documents`: only what people read.
 */
export type CodeDifference = {
  module: string;
  label: string;
  change: 'added' | 'removed' | 'changed' | 'moved' | 'unread';
  weight: 'essence' | 'people' | 'documents';
  /** What exactly, in a few words; null when that takes more. */
  detail: string | null;
  /** Files in the two revisions, null where it is not there. */
  files: { base: string | null; head: string | null };
};

type Side = { file: string; reached: ReachedFile };

/** What differs in what two revisions of a program mean. None: they do the same, as far as their code decides. */
export function compareReach(base: Reach, head: Reach, explain: Explain): CodeDifference[] {
  const [before, after] = [byModule(base), byModule(head)];
  const sensitive = doingFirst(base).join(' ') !== doingFirst(head).join(' ');
  const some = (test: (form: ModuleForm) => boolean) =>
    [base, head].some((reach) => [...reach.files.values()].some(({ form }) => test(form)));
  const read = { typed: some((form) => form.readsAnnotations), documented: some((form) => form.readsDocstrings) };
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((module) =>
      compareModule({ module, before: before.get(module), after: after.get(module), sensitive, ...read, explain }),
    );
}

function byModule(reach: Reach): Map<string, Side> {
  return new Map([...reach.files].map(([file, reached]) => [reached.module, { file, reached }]));
}

const quietBranch = /^if\s+\(?\s*(__name__\s*==|(typing\.)?TYPE_CHECKING\b)/;

/**
 * The imported modules in the order in which they are loaded, as far as it may count: what one does that does more than define things
 * may be seen by those that work out values, if these are loaded after it.
 */
function doingFirst(reach: Reach): string[] {
  const kinds = new Map<string, 'doing' | 'seeing'>();
  for (const { module, form } of reach.files.values()) {
    const said = (form.statements ?? []).filter((one) => !one.lazy && one.kind === 'other');
    if (said.some((one) => !one.plain && !quietBranch.test(one.source))) kinds.set(module, 'doing');
    else if (said.length > 0) kinds.set(module, 'seeing');
  }
  kinds.delete('');
  if (![...kinds.values()].includes('doing') || kinds.size < 2) return [];
  const order: string[] = [];
  let seeing: string[] = [];
  for (const module of reach.loadOrder()) {
    if (kinds.get(module) === 'seeing') seeing.push(module);
    if (kinds.get(module) !== 'doing') continue;
    order.push(...seeing.sort(), module);
    seeing = [];
  }
  return order;
}

type Pair = {
  module: string;
  before: Side | undefined;
  after: Side | undefined;
  sensitive: boolean;
  /** Annotations count; docstrings do. */
  typed: boolean;
  documented: boolean;
  explain: Explain;
};

function compareModule({ module, before, after, ...rules }: Pair): CodeDifference[] {
  const files = { base: before?.file ?? null, head: after?.file ?? null };
  const say: Say = (label, change, more = {}) => ({
    ...{ module, label, change, weight: 'essence', detail: null, files },
    ...more,
  });
  if (before === undefined || after === undefined) {
    const side = before ?? after;
    return side === undefined || isIdle(side.reached, rules)
      ? []
      : [say('the module', before === undefined ? 'added' : 'removed')];
  }
  const [was, is] = [before.reached, after.reached];
  if (
    was.form === is.form &&
    equalSets(was.statements, is.statements) &&
    equalSets(was.missing, is.missing) &&
    before.file === after.file
  )
    return [];
  if (was.statements === null || is.statements === null)
    return was.form.text === is.form.text ? [] : [say('the text', 'unread')];
  const moved = before.file !== after.file && (was.form.knowsItsPlace || is.form.knowsItsPlace);
  const found: CodeDifference[] = moved ? [say('its place', 'moved')] : [];
  for (const name of symmetric(was.missing, is.missing))
    found.push(say(`\`${name}\``, was.missing.has(name) ? 'added' : 'removed'));
  const [mine, theirs] = [usedIn(was, rules.typed), usedIn(is, rules.typed)];
  const resolved = new Set([...was.resolved, ...is.resolved]);
  if (rules.documented && was.form.doc !== is.form.doc) found.push(say('the docstring', 'changed'));
  const counts = (name: string) => mine(name) || theirs(name);
  return [...found, ...compareStatements(chosen(was), chosen(is), { ...rules, say, counts, resolved })];
}

function equalSets<T>(a: ReadonlySet<T> | null, b: ReadonlySet<T> | null): boolean {
  return a === b || (a !== null && b !== null && a.size === b.size && [...a].every((item) => b.has(item)));
}

function symmetric(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...[...a].filter((item) => !b.has(item)), ...[...b].filter((item) => !a.has(item))];
}

function chosen({ form, statements }: ReachedFile): ModuleStatement[] {
  return (form.statements ?? []).filter((_, at) => statements?.has(at) === true);
}

/** Tells the names of a module that its own chosen statements, or other modules, use. */
function usedIn(reached: ReachedFile, typed: boolean): (name: string) => boolean {
  if (reached.form.looksInward || reached.asked.has('*')) return () => true;
  const used = new Set(reached.asked);
  for (const one of chosen(reached))
    if (one.kind !== 'import') for (const path of typed ? one.reads : one.uses) used.add(path.split('.')[0] ?? '');
  return (name) => used.has(name);
}

/** Whether a module that only one of the programs loads does nothing there. */
function isIdle(reached: ReachedFile, rules: Omit<Pair, 'module' | 'before' | 'after'>): boolean {
  if (reached.statements === null || reached.missing.size > 0) return false;
  const counts = usedIn(reached, rules.typed);
  const [shows] = weighings({ ...rules, counts, resolved: reached.resolved });
  return shows !== undefined && linesOf(chosen(reached), shows, false).length === 0;
}

type More = Partial<Pick<CodeDifference, 'weight' | 'detail'>>;
type Say = (label: string, change: CodeDifference['change'], more?: More) => CodeDifference;
type Rules = Pick<Pair, 'sensitive' | 'typed' | 'documented' | 'explain'> & {
  say: Say;
  counts: (name: string) => boolean;
  resolved: ReadonlySet<ImportedName>;
};

/** What is written of a statement; an empty text says nothing. */
type Written = (one: ModuleStatement) => string;
type Weighed = { weight: CodeDifference['weight']; code: Written; imports: (one: ImportedName) => boolean };

/** Each compares more than the one before. An import that only gives something a name counts where that is used. */
function weighings({ sensitive, typed, documented, counts, resolved }: Omit<Rules, 'say'>): Weighed[] {
  const imports = (one: ImportedName) =>
    !(isQuietImport(one) || (resolved.has(one) && !sensitive)) || counts(boundBy(one));
  return [
    { weight: 'essence', code: (one) => (typed ? one.typed : one.essence) + (documented ? one.docs : ''), imports },
    { weight: 'people', code: (one) => one.undocumented, imports },
    { weight: 'documents', code: (one) => one.code, imports: () => true },
  ];
}

function boundBy({ module, name, alias }: ImportedName): string {
  return alias ?? name ?? module.split('.')[0] ?? '';
}

function compareStatements(
  base: readonly ModuleStatement[],
  head: readonly ModuleStatement[],
  rules: Rules,
): CodeDifference[] {
  for (const { weight, ...shows } of weighings(rules)) {
    const [was, is] = [linesOf(base, shows, rules.sensitive), linesOf(head, shows, rules.sensitive)];
    if (was.length === is.length && was.every((line, at) => line.code === is[at]?.code)) continue;
    return labelled(was, is, { ...rules, say: (label, change, more) => rules.say(label, change, { weight, ...more }) });
  }
  return [];
}

type Shows = Pick<Weighed, 'code' | 'imports'>;
type Line = { code: string; label: string; source: string };

/** The statements in an order that does not depend on how imports, and definitions that stand together, are ordered. */
function linesOf(statements: readonly ModuleStatement[], shows: Shows, sensitive: boolean): Line[] {
  const lines: Line[] = [];
  let run: ModuleStatement[] = [];
  const close = () => {
    lines.push(...runLines(run, shows, sensitive));
    run = [];
  };
  for (const statement of statements) {
    const isImport = statement.kind === 'import';
    if (isImport ? !statement.imports.some(shows.imports) : shows.code(statement) === '') continue;
    const last = run.at(-1);
    if (last !== undefined && groupOf(last) !== groupOf(statement)) close();
    run.push(statement);
  }
  close();
  return lines;
}

function groupOf(statement: ModuleStatement): string {
  if (statement.kind === 'import') return 'import';
  return statement.lazy ? 'lazy' : 'other';
}

function runLines(run: readonly ModuleStatement[], { code, imports }: Shows, sensitive: boolean): Line[] {
  const [first] = run;
  if (first === undefined) return [];
  const group = groupOf(first);
  const lines = run.flatMap((one) =>
    group === 'import' ? importLines(one, imports) : [{ code: code(one), label: one.label, source: one.source }],
  );
  const bound = run.flatMap((one) => [...one.binds]);
  const distinct =
    new Set(bound).size === bound.length && !run.some((one) => one.imports.some(({ name }) => name === '*'));
  const free = group === 'lazy' ? distinct : group === 'import' && distinct && !sensitive;
  return free ? lines.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)) : lines;
}

function importLines(statement: ModuleStatement, imports: Shows['imports']): Line[] {
  return statement.imports.filter(imports).map(({ module, name, alias }) => ({
    code: JSON.stringify([module, name, alias === name ? null : alias]),
    label: `the import of \`${name === null ? module : `${module}${module.endsWith('.') ? '' : '.'}${name}`}\``,
    source: statement.source,
  }));
}

function labelled(was: readonly Line[], is: readonly Line[], { say, explain }: Rules): CodeDifference[] {
  const [gone, come] = [without(was, is), without(is, was)];
  const labels = [...new Set([...gone, ...come].map(({ label }) => label))];
  if (labels.length === 0) return [say('the order of its statements', 'changed')];
  return labels.map((label) => {
    const [before, after] = [gone.filter((line) => line.label === label), come.filter((line) => line.label === label)];
    if (before.length === 0 || after.length === 0) return say(label, after.length === 0 ? 'removed' : 'added');
    const [one, other] = [before[0]?.source ?? '', after[0]?.source ?? ''];
    return say(label, 'changed', { detail: before.length === 1 && after.length === 1 ? explain(one, other) : null });
  });
}

/** The lines of one that the other has not, each counted as often as it stands there. */
function without(lines: readonly Line[], others: readonly Line[]): Line[] {
  const left = new Map<string, number>();
  for (const { code } of others) left.set(code, (left.get(code) ?? 0) + 1);
  return lines.filter(({ code }) => {
    const count = left.get(code) ?? 0;
    left.set(code, count - 1);
    return count <= 0;
  });
}
