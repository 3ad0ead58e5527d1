import { importGraph } from '../python-source/import-closure.ts';
import { projectSources } from '../python-source/project-sources.ts';
import { type CodeDifference, compareReach } from './compare-reach.ts';
import { loadConcreteReader } from './concrete-tree.ts';
import { explainer, type LiteralChange, literalChanges } from './explain-difference.ts';
import { loadFormReader, type ModuleForm, type Purpose, type ReadForm } from './module-form.ts';
import { type ModulePlaces, type Reach, reachOf } from './reach.ts';
import { isValidPython } from './valid-python.ts';

type Files = { entries: readonly { path: string }[]; text(path: string): string | null };

/** One revision: its files, and the folders on Python's search path, first ones first. */
export type CodeRevision = { files: Files; searchPath: readonly string[] };

/** A program in a revision: what it reaches, and a way to look at more. */
export type Program = { file: string; reach: Reach; sources(): string[] };

export type CodeComparison = {
  /** Python files that differ, are new or gone. */
  changed: ReadonlySet<string>;
  /** Whether a program may load a file that differs: quick, and never `false` when it may. */
  mayReach(program: { base: string; head: string }): boolean;
  /** The Python files that a file may come to load; null when that cannot be told. Quick, and never too few. */
  closure(side: 'base' | 'head', file: string): readonly string[] | null;
  form(side: 'base' | 'head', file: string): ModuleForm | null;
  /** The literals in which two texts of a statement differ, where nothing else does. */
  literals(base: string, head: string): LiteralChange[] | null;
  program(side: 'base' | 'head', file: string, without?: ReadonlySet<number>): Program;
  differences(base: Program, head: Program): CodeDifference[];
};

/** Gets two revisions ready for comparing programs in them, one by one. Files that are the same are read once. */
export async function compareCode(input: {
  base: CodeRevision;
  head: CodeRevision;
  /** What some nodes are only for. */
  purpose?: Purpose;
  /** Files that a program may load when it finds modules by names made while it runs. */
  near(path: string): boolean;
  /** Every path whose content differs, where that is known already. */
  changed?: ReadonlySet<string> | undefined;
}): Promise<CodeComparison> {
  const read = await loadFormReader(input.purpose);
  const concrete = await loadConcreteReader();
  const explain = explainer(concrete);
  const sides = { base: sideOf(input.base, read), head: sideOf(input.head, read) };
  const changed = changedPython(input);
  return {
    changed,
    mayReach({ base, head }) {
      if (changed.size === 0) return base !== head;
      const [before, after] = [sides.base.closure([base]), sides.head.closure([head])];
      if (before === null || after === null || base !== head) return true;
      return [...before, ...after].some((path) => changed.has(path));
    },
    form(side, file) {
      const text = input[side].files.text(file);
      return text === null ? null : read(text);
    },
    literals: (base, head) => literalChanges(concrete, base, head),
    closure: (side, file) => sides[side].closure([file]),
    program: (side, file, without) => sides[side].program(file, without),
    differences(base, head) {
      const found = compareReach(base.reach, head.reach, explain);
      const refused = found.length > 0 ? [] : newlyRefused({ base, head, changed });
      if (base.reach.surprises.length === 0 && head.reach.surprises.length === 0) return [...found, ...refused];
      const reached = new Set([...base.reach.files.keys(), ...head.reach.files.keys()]);
      const unseen = [...changed].filter(
        (path) => input.near(path) && !reached.has(path) && differs(path, input, read),
      );
      return [...found, ...refused, ...unseen.map(unseenDifference)];
    },
  };
}

/** Modules that hold, outside what is used of them, something that Python refuses, so that they can be loaded no more. */
function newlyRefused({
  base,
  head,
  changed,
}: {
  base: Program;
  head: Program;
  changed: ReadonlySet<string>;
}): CodeDifference[] {
  return [...head.reach.files].flatMap(([file, { module, form }]): CodeDifference[] => {
    if (!changed.has(file) || isValidPython(form.text)) return [];
    const before = base.reach.files.get(file)?.form;
    if (before !== undefined && !isValidPython(before.text)) return [];
    return [
      {
        module,
        label: 'the text',
        change: 'unread',
        weight: 'essence',
        detail: null,
        files: { base: file, head: file },
      },
    ];
  });
}

const pairs = new WeakMap<Files, WeakMap<Files, Set<string>>>();

type Pair = { base: CodeRevision; head: CodeRevision; changed?: ReadonlySet<string> | undefined };

/** Found once for two revisions, however many parts are compared. */
function changedPython({ base: { files: base }, head: { files: head }, changed: given }: Pair): ReadonlySet<string> {
  const known = pairs.get(base)?.get(head);
  if (known !== undefined) return known;
  const paths = given ?? new Set([...base.entries, ...head.entries].map(({ path }) => path));
  const python = [...paths].filter((path) => path.endsWith('.py'));
  const changed = new Set(python.filter((path) => given !== undefined || base.text(path) !== head.text(path)));
  const others = pairs.get(base) ?? new WeakMap<Files, Set<string>>();
  pairs.set(base, others.set(head, changed));
  return changed;
}

type SideReader = {
  closure(from: readonly string[]): string[] | null;
  program(file: string, without?: ReadonlySet<number>): Program;
};

function sideOf({ files, searchPath }: CodeRevision, read: ReadForm): SideReader {
  // Most parts are asked about without any Python that differs.
  let graph: ReturnType<typeof importGraph> | null = null;
  let named: ReturnType<typeof filesElsewhere> | null = null;
  const python = () => files.entries.map(({ path }) => path).filter((path) => path.endsWith('.py'));
  const elsewhere = (module: string) => {
    named ??= filesElsewhere(python());
    return named(module);
  };
  const closure = (from: readonly string[]) => {
    graph ??= importGraph({ files, folders: searchPath, among: python(), elsewhere });
    return graph(from);
  };
  const sources = projectSources({ files, searchPath, parse: () => ({ root: nothing, brokenAt: null }) });
  const places: ModulePlaces = {
    fileOf: (module) => sources.fileOf(module) ?? elsewhere(module)[0] ?? null,
    packageOf: (file) => sources.packageOf(file),
    text: (file) => files.text(file),
    filesBelow: (folder) => sources.filesBelow(folder),
  };
  return {
    closure,
    program(file, without) {
      const reach = reachOf({ places, read, file, ...(without === undefined ? {} : { without }) });
      return { file, reach, sources: () => sourcesOf(reach) };
    },
  };
}

/**
 * Files whose path ends as a module's name does, for modules that are in no folder of the search path: where the code runs, further
 * folders may be on it. The name of a library that is installed there finds a file as well, which is then followed for nothing.
 */
function filesElsewhere(python: readonly string[]): (module: string) => string[] {
  const byName = Map.groupBy(
    python,
    (path) =>
      path
        .replace(/(\/__init__)?\.py$/, '')
        .split('/')
        .at(-1) ?? '',
  );
  return (module) => {
    const ending = `/${module.replaceAll('.', '/')}`;
    const candidates = byName.get(module.split('.').at(-1) ?? '') ?? [];
    return candidates.filter((path) => `/${path.replace(/(\/__init__)?\.py$/, '')}`.endsWith(ending)).sort();
  };
}

const nothing = { type: 'module', text: '', line: 1, children: [], fields: {} };

/** The written text of all that is reached, statement by statement. */
function sourcesOf(reach: Reach): string[] {
  return [...reach.files.values()].flatMap(({ form, statements }) => {
    if (form.statements === null || statements === null) return [form.text];
    return [...statements].map((at) => form.statements?.[at]?.source ?? '');
  });
}

/** Whether a file means something else as a whole. */
function differs(path: string, { base, head }: { base: CodeRevision; head: CodeRevision }, read: ReadForm): boolean {
  const [was, is] = [base.files.text(path), head.files.text(path)];
  if (was === null || is === null) return true;
  const [before, after] = [read(was).statements, read(is).statements];
  if (before === null || after === null || before.length !== after.length || !isValidPython(is)) return true;
  return before.some((statement, at) => statement.essence !== after[at]?.essence);
}

function unseenDifference(path: string): CodeDifference {
  return {
    module: path,
    label: 'the module',
    change: 'unread',
    weight: 'essence',
    detail: null,
    files: { base: path, head: path },
  };
}
