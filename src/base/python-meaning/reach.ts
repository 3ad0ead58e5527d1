import type { ModuleForm, ModuleStatement, ReadForm } from './module-form.ts';
import type { ImportedName } from './statement-names.ts';

/** Where a project's modules are, as Python would find them. */
export type ModulePlaces = {
  fileOf(module: string): string | null;
  packageOf(file: string): string;
  text(file: string): string | null;
  filesBelow(folder: string): string[];
};

/** `module`: the name it is imported by, empty for the program. `missing`: names that it imports from modules without them. */
export type ReachedFile = {
  module: string;
  form: ModuleForm;
  statements: ReadonlySet<number> | null;
  missing: ReadonlySet<string>;
  /** Names that other modules use of it; `*`: any. */
  asked: ReadonlySet<string>;
  /** Imports of what is in the project: all that they do beside giving it a name is told of the modules themselves. */
  resolved: ReadonlySet<ImportedName>;
};

/**
 * The code of a project that a program can come to run, by file. `statements`: places in the file's form; null: the whole
 * text, which could not be read. `surprises`: files through which more may be reached than is told here.
 */
export type Reach = {
  files: ReadonlyMap<string, ReachedFile>;
  surprises: readonly string[];
  /** The modules that are loaded with the program, in the order in which that is done with. */
  loadOrder(): string[];
};

type Visited = {
  file: string;
  module: string;
  form: ModuleForm;
  statements: Set<number>;
  missing: Set<string>;
  used: Set<string>;
  asked: Set<string>;
  resolved: Set<ImportedName>;
  whole: boolean;
};

export type ReachInput = {
  places: ModulePlaces;
  read: ReadForm;
  /** The program: all that runs when it is loaded, and what that uses. */
  file: string;
  /** Statements of the program, by their place, that are left out unless something uses them. */
  without?: ReadonlySet<number>;
};

/**
 * Follows a program through the modules of its project: what runs when each is imported, and of the rest what is used. A module
 * that is handed around whole, looks up its own names by text or cannot be read counts whole.
 */
export function reachOf(input: ReachInput): Reach {
  const walk: Walk = { ...input, visited: new Map(), surprises: new Set() };
  const program = load(walk, input.file, '');
  if (program?.form.looksInward === true) useWhole(walk, program);
  return {
    files: new Map(
      [...walk.visited].map(([file, { module, form, statements, missing, asked, resolved }]) => [
        file,
        { module, form, statements: form.statements === null ? null : statements, missing, asked, resolved },
      ]),
    ),
    surprises: [...walk.surprises].sort(),
    loadOrder: () => loadOrderOf(input),
  };
}

/** Follows what is imported at the top of each module, as loading does. */
function loadOrderOf({ places, read, file }: ReachInput): string[] {
  const begun = new Set<string>();
  const order: string[] = [];
  const load = (path: string, module: string): void => {
    const text = begun.has(path) ? null : places.text(path);
    if (text === null) return;
    begun.add(path);
    for (const { imports } of read(text).statements ?? [])
      for (const one of imports.filter(({ top }) => top)) {
        const name = absoluteName(places, path, one.module);
        for (const wanted of one.name === null || one.name === '*' ? [name] : [name, `${name}.${one.name}`])
          loadSteps(wanted.split('.'));
      }
    order.push(module);
  };
  const loadSteps = (steps: readonly string[]): void => {
    for (let count = 1; count <= steps.length; count += 1) {
      const module = steps.slice(0, count).join('.');
      const found = places.fileOf(module);
      if (found !== null) load(found, module);
    }
  };
  load(file, '');
  return order;
}

type Walk = ReachInput & { visited: Map<string, Visited>; surprises: Set<string> };

/** Runs a module: what is not lazy in it. */
function load(walk: Walk, file: string, module: string): Visited | null {
  const known = walk.visited.get(file);
  if (known !== undefined) return known;
  const text = walk.places.text(file);
  if (text === null) {
    walk.surprises.add(file);
    return null;
  }
  const form = walk.read(text);
  const visited: Visited = {
    file,
    module,
    form,
    statements: new Set(),
    missing: new Set(),
    used: new Set(),
    asked: new Set(),
    resolved: new Set(),
    whole: false,
  };
  walk.visited.set(file, visited);
  if (form.statements === null) walk.surprises.add(file);
  const left = file === walk.file ? (walk.without ?? new Set()) : new Set();
  for (const [at, statement] of (form.statements ?? []).entries())
    if (!statement.lazy && !left.has(at)) include(walk, visited, at);
  if (file !== walk.file && form.looksInward) useWhole(walk, visited);
  return visited;
}

function useWhole(walk: Walk, visited: Visited): void {
  if (visited.whole) return;
  visited.whole = true;
  visited.asked.add('*');
  for (const [at, statement] of (visited.form.statements ?? []).entries()) {
    include(walk, visited, at);
    for (const name of statement.binds) use(walk, visited, [name]);
  }
}

function include(walk: Walk, visited: Visited, at: number): void {
  const statement = visited.form.statements?.[at];
  if (statement === undefined || visited.statements.has(at)) return;
  visited.statements.add(at);
  if (statement.dynamic) walk.surprises.add(visited.file);
  for (const one of statement.imports) runImport(walk, visited, one, statement);
  if (statement.kind === 'import') return;
  for (const path of statement.reads) use(walk, visited, path.split('.'));
}

/** Importing runs modules. What an import inside a function names is used there at once. */
function runImport(walk: Walk, visited: Visited, one: ImportedName, statement: ModuleStatement): void {
  const name = absolute(walk, visited.file, one.module);
  const module = loadModule(walk, name);
  if (one.name === null) {
    if (module !== null) visited.resolved.add(one);
    if (!(one.top && statement.kind === 'import')) useImported(walk, visited, one, []);
    return;
  }
  const inner = one.name === '*' ? null : loadModule(walk, `${name}.${one.name}`);
  if (inner !== null) visited.resolved.add(one);
  if (module === null) return;
  if (one.name === '*') {
    useWhole(walk, module);
    return;
  }
  module.asked.add(one.name);
  if (inner === null && !defines(walk, module, one.name)) visited.missing.add(`${name}.${one.name}`);
  else if (isDefinition(module, one.name)) visited.resolved.add(one);
  if (!(one.top && statement.kind === 'import')) useImported(walk, visited, one, []);
}

/** Whether a name is no more than a function, a class or a plain value of a module: an object that was made there may be looked for. */
function isDefinition({ form }: Visited, name: string): boolean {
  const statements = (form.statements ?? []).filter(({ binds }) => binds.has(name));
  return statements.length > 0 && statements.every(({ kind, lazy }) => lazy || kind === 'function' || kind === 'class');
}

/** Whether a module has a name, as far as can be told. */
function defines(walk: Walk, module: Visited, name: string): boolean {
  const { statements } = module.form;
  if (statements === null || module.form.looksInward) return true;
  return statements.some(
    (statement) =>
      statement.binds.has(name) ||
      statement.imports.some(
        (one) => one.name === '*' && loadModule(walk, absolute(walk, module.file, one.module)) !== module,
      ),
  );
}

/** Runs a module and the packages above it; null when it is not in the project. */
function loadModule(walk: Walk, name: string): Visited | null {
  const steps = name.split('.');
  for (let count = 1; count < steps.length; count += 1) {
    const above = steps.slice(0, count).join('.');
    const file = walk.places.fileOf(above);
    if (file !== null) load(walk, file, above);
  }
  const file = name === '' ? null : walk.places.fileOf(name);
  return file === null ? null : load(walk, file, name);
}

/** `from ..x import y` in a package, as an absolute name. */
function absolute(walk: Walk, file: string, module: string): string {
  return absoluteName(walk.places, file, module);
}

function absoluteName(places: ModulePlaces, file: string, module: string): string {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  const package_ = places.packageOf(file);
  const base = package_ === '' ? [] : package_.split('.');
  const rest = module.slice(dots);
  return [...base.slice(0, Math.max(0, base.length - dots + 1)), ...(rest === '' ? [] : [rest])].join('.');
}

/** Uses a name of a module from outside. */
function ask(walk: Walk, visited: Visited, path: readonly string[]): void {
  if (path[0] !== undefined) visited.asked.add(path[0]);
  use(walk, visited, path);
}

/** Uses a name of a module, or what lies behind it: whatever in the module gives it its value, here or where it comes from. */
function use(walk: Walk, visited: Visited, path: readonly string[]): void {
  const key = path.join('.');
  const [name] = path;
  if (name === undefined || visited.used.has(key)) return;
  visited.used.add(key);
  for (const [at, statement] of (visited.form.statements ?? []).entries()) {
    if (statement.binds.has(name)) include(walk, visited, at);
    for (const one of statement.imports) {
      if (one.name === '*') {
        const module = loadModule(walk, absolute(walk, visited.file, one.module));
        if (module !== null) ask(walk, module, path);
      } else if (boundBy(one) === name) useImported(walk, visited, one, path.slice(1));
    }
  }
  if (visited.file.endsWith('/__init__.py')) useInner(walk, visited, path);
}

const boundBy = (one: ImportedName) => one.alias ?? one.name ?? one.module.split('.')[0] ?? '';

/** A package gives its modules as names once something has imported them. */
function useInner(walk: Walk, visited: Visited, [name = '', ...rest]: readonly string[]): void {
  const file = walk.places.fileOf(visited.module === '' ? name : `${visited.module}.${name}`);
  if (file === null) return;
  const inner = load(walk, file, `${visited.module}.${name}`);
  if (inner !== null) usePath(walk, inner, rest);
}

function useImported(walk: Walk, visited: Visited, one: ImportedName, rest: readonly string[]): void {
  const name = absolute(walk, visited.file, one.module);
  if (one.name !== null) {
    const module = loadModule(walk, name);
    if (module !== null) ask(walk, module, [one.name, ...rest]);
    const inner = loadModule(walk, `${name}.${one.name}`);
    if (inner !== null) usePath(walk, inner, rest);
    return;
  }
  if (one.alias !== null) {
    const module = loadModule(walk, name);
    if (module !== null) usePath(walk, module, rest);
    return;
  }
  useDotted(walk, name, rest);
}

/** `import a.b` binds `a`: what follows names modules as far as there are any. */
function useDotted(walk: Walk, name: string, rest: readonly string[]): void {
  const steps = [name.split('.')[0] ?? '', ...rest];
  const imported = rest.length === 0 ? loadModule(walk, name) : null;
  if (imported !== null) usePath(walk, imported, []);
  for (let count = steps.length; count > 0; count -= 1) {
    const module = loadModule(walk, steps.slice(0, count).join('.'));
    if (module === null) continue;
    usePath(walk, module, steps.slice(count));
    return;
  }
}

/** A module that is used as a whole, or one thing in it. */
function usePath(walk: Walk, module: Visited, path: readonly string[]): void {
  if (path.length > 0) {
    ask(walk, module, path);
    return;
  }
  useWhole(walk, module);
  if (module.file.endsWith('/__init__.py')) useFolder(walk, module.module);
}

/** Every module that has been or may be imported below a package which is handed around. */
function useFolder(walk: Walk, package_: string): void {
  const init = walk.places.fileOf(package_);
  const folder = init?.replace(/\/__init__\.py$/, '');
  if (init === null || folder === init || folder === undefined) return;
  for (const file of walk.places.filesBelow(folder).filter((path) => path.endsWith('.py') && path !== init)) {
    const module = file
      .slice(folder.length + 1)
      .replace(/(\/__init__)?\.py$/, '')
      .replaceAll('/', '.');
    const inner = load(walk, file, `${package_}.${module}`);
    if (inner !== null) useWhole(walk, inner);
  }
}
