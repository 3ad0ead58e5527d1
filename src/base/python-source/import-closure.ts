import { posix } from 'node:path';

export type ClosureInput = {
  files: { text(path: string): string | null };
  /** Files to begin with. */
  from: readonly string[];
  /** Folders of sys.path. */
  folders: readonly string[];
  /** The Python files that may be found. */
  among: readonly string[];
  /** Files of a name that is in none of the folders. */
  elsewhere?: (name: string) => string[];
};

const IMPORT = /(?:^|[;:])[ \t]*import[ \t]+([^\n#;]+)/gm;
const FROM = /(?:^|[;:])[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)/gm;
/** Imports whose name is made while the code runs. */
const DYNAMIC = /\b(import_module|__import__|exec|run_path|run_module|import_string)\s*\(/;

/**
 * The Python files that some files can come to load, imports inside functions included. Null when that cannot be told
 * from the text, because a name is put together while the code runs.
 */
export function importClosure(input: ClosureInput): string[] | null {
  return importGraph(input)(input.from);
}

/** As `importClosure`, for many starts: each file is read once. */
export function importGraph({
  files,
  folders,
  among,
  elsewhere,
}: Omit<ClosureInput, 'from'>): (from: readonly string[]) => string[] | null {
  const known = new Set(among);
  const loads = new Map<string, string[] | null>();
  const byName = new Map<string, string[]>();
  const filesOfName = (name: string): string[] => {
    const before = byName.get(name);
    if (before !== undefined) return before;
    const path = name.replaceAll('.', '/');
    const found = folders.flatMap((base) => filesOf(joinPath(base, path), base, known));
    const all = found.length === 0 && elsewhere !== undefined ? elsewhere(name) : found;
    byName.set(name, all);
    return all;
  };
  const loadsOf = (path: string): string[] | null => {
    const before = loads.get(path);
    if (before !== undefined) return before;
    const found = loadedBy({ path, text: files.text(path), filesOfName, known });
    loads.set(path, found);
    return found;
  };
  return (from) => {
    const seen = new Set(from.filter((path) => known.has(path)));
    for (const path of seen) {
      const found = loadsOf(path);
      if (found === null) return null;
      for (const other of found) seen.add(other);
    }
    return [...seen].sort();
  };
}

type OneFile = {
  path: string;
  text: string | null;
  /** The files of an absolute name. */
  filesOfName(name: string): string[];
  known: ReadonlySet<string>;
};

function loadedBy({ path, text, filesOfName, known }: OneFile): string[] | null {
  const names = text === null ? null : namesIn(text);
  if (names === null) return null;
  return names.flatMap(({ module, dots }) => {
    if (dots === 0) return filesOfName(module);
    const base = joinPath(folderOf(path), '../'.repeat(dots - 1));
    return filesOf(joinPath(base, module.replaceAll('.', '/')), base, known);
  });
}

type Imported = { module: string; dots: number };

/** Texts that were looked through before, in this revision or another. Oldest ones are let go beyond this many. */
const most = 8_000;
const kept = new Map<string, Imported[] | null>();

/** The names that a text imports; null where some are made while it runs. */
function namesIn(text: string): Imported[] | null {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const found = DYNAMIC.test(text) ? null : importedNames(text);
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
  kept.set(text, found);
  return found;
}

/** `from a.b import c` may load the module a.b or a.b.c: both are named. */
function importedNames(text: string): Imported[] {
  const plain = [...text.matchAll(IMPORT)].flatMap(([, list = '']) =>
    listed(list).map((module) => ({ module, dots: 0 })),
  );
  const relative = [...text.matchAll(FROM)].flatMap(([, dots = '', module = '', list = '']) =>
    ['', ...listed(list)].map((name) => ({
      module: [module, name].filter((piece) => piece !== '').join('.'),
      dots: dots.length,
    })),
  );
  return [...plain, ...relative];
}

function listed(list: string): string[] {
  return list
    .replaceAll(/[()\\]|#[^\n]*/g, ' ')
    .split(',')
    .map((item) => item.trim().split(/\s+/)[0] ?? '')
    .filter((name) => /^[A-Za-z_][\w.]*$/.test(name));
}

/** The module's file and the `__init__.py` of every package on the way to it. */
function filesOf(path: string, base: string, known: ReadonlySet<string>): string[] {
  const packages: string[] = [];
  for (let at = path; at !== base && at !== ''; at = folderOf(at)) packages.push(`${at}/__init__.py`);
  return [`${path}.py`, ...packages].filter((candidate) => known.has(candidate));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Paths are relative to the project's root, which is the empty text. */
function joinPath(folder: string, relative: string): string {
  const joined = posix.join(folder, relative).replace(/\/$/, '');
  return joined === '.' ? '' : joined;
}
