import { readYaml } from '../yaml/yaml-document.ts';
import type { Machine } from './machine-types.ts';
import { type Arguments, argument, asText, exactText, fromPlain, list, text, type Value } from './values.ts';

/**
 * Paths in the code start with `/` at the project's root, as `__file__` does, so that a factory that reads the YAML files
 * beside it can be followed. Nothing outside the project is ever read.
 */
type FileCall = (machine: Machine, given: Arguments) => Value | null;

function pathText(value: Value | undefined): string | null {
  const found = exactText(value);
  return found === null ? null : normal(found);
}

/** Without `.` and `..`; a leading `/` stays. */
function normal(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return (path.startsWith('/') ? '/' : '') + steps.join('/');
}

function joinPaths(given: Arguments): Value | null {
  const pieces = given.positional.map(asText);
  if (pieces.length === 0) return null;
  const joined = pieces.reduce((left, right) => ({
    value: right.value.startsWith('/') ? right.value : `${left.value.replace(/\/$/, '')}/${right.value}`,
    partial: left.partial || right.partial,
  }));
  return text(joined.value, joined.partial);
}

function onPath(change: (path: string) => string): FileCall {
  return (_, given) => {
    const path = exactText(given.positional[0]);
    return path === null ? null : text(change(path));
  };
}

function load(parse: (source: string) => unknown): FileCall {
  return (machine, given) => {
    const handle = given.positional[0];
    const path = handle?.is === 'path' ? normal(handle.value) : null;
    const direct = handle?.is === 'text' && !handle.partial ? handle.value : null;
    const source = direct ?? (path?.startsWith('/') ? machine.sources.text(path.slice(1)) : null);
    return source === null ? null : fromPlain(parse(source));
  };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

const fromYaml = load((source) => readYaml(source).value);
const fromJson = load(parseJson);

const calls: { [path: string]: FileCall } = {
  'os.path.join': (_, given) => joinPaths(given),
  'os.path.dirname': onPath((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))),
  'os.path.basename': onPath((path) => path.slice(path.lastIndexOf('/') + 1)),
  'os.path.abspath': onPath(normal),
  'os.path.realpath': onPath(normal),
  'os.path.normpath': onPath(normal),
  'os.path.splitext': (_, given) => {
    const path = exactText(given.positional[0]);
    const dot = path === null ? -1 : path.lastIndexOf('.');
    return path === null || dot < 1 ? null : list([text(path.slice(0, dot)), text(path.slice(dot))]);
  },
  'os.listdir': (machine, given) => listed(machine, pathText(given.positional[0]), (path) => text(path)),
  'os.scandir': (machine, given) => {
    const folder = pathText(given.positional[0]);
    return listed(machine, folder, (name) => ({ is: 'path', value: `${folder}/${name}` }));
  },
  'os.walk': (machine, given) => walked(machine, pathText(given.positional[0])),
  'glob.glob': (machine, given) => globbed(machine, pathText(given.positional[0])),
  'glob.iglob': (machine, given) => globbed(machine, pathText(given.positional[0])),
  'pathlib.Path': (_, given) => {
    const joined = given.positional.length === 1 ? given.positional[0] : (joinPaths(given) ?? undefined);
    const path = exactText(joined);
    return path === null ? null : { is: 'path', value: path };
  },
  'builtins.open': (_, given) => {
    const path = pathText(argument(given, 0, 'file'));
    return path === null ? null : { is: 'path', value: path };
  },
  'yaml.safe_load': fromYaml,
  'yaml.load': fromYaml,
  'yaml.full_load': fromYaml,
  'json.load': fromJson,
  'json.loads': fromJson,
};
calls['pathlib.PurePath'] = calls['pathlib.Path'] ?? (() => null);

/** Calls of the standard library that find and read files of the project; null for any other. */
export function fileCalls(machine: Machine, path: string, given: Arguments): Value | null {
  return (
    calls[path]?.(machine, given) ??
    (path === 'copy.deepcopy' || path === 'copy.copy' ? deepCopy(given.positional[0]) : null)
  );
}

function deepCopy(value: Value | undefined): Value | null {
  if (value?.is === 'dict') {
    const entries = [...value.entries].map(
      ([name, { key, value: item }]) => [name, { key, value: deepCopy(item) ?? item }] as const,
    );
    return { ...value, entries: new Map(entries) };
  }
  return value?.is === 'list'
    ? { ...value, items: value.items.map((item) => deepCopy(item) ?? item) }
    : (value ?? null);
}

/** Methods of paths and open files. */
export function fileMethod(machine: Machine, method: { self: Value; name: string }, given: Arguments): Value | null {
  const { self, name } = method;
  if (self.is !== 'path') return null;
  const path = normal(self.value);
  switch (name) {
    case 'resolve':
    case 'absolute':
    case 'open':
    case 'expanduser':
      return { is: 'path', value: path };
    case 'joinpath':
      return pathOf(joinPaths({ ...given, positional: [self, ...given.positional] }));
    case 'with_suffix':
      return { is: 'path', value: path.replace(/\.[^./]*$/, '') + asText(given.positional[0] ?? text('')).value };
    case 'as_posix':
    case '__str__':
      return text(path);
    case 'read':
    case 'read_text': {
      const content = path.startsWith('/') ? machine.sources.text(path.slice(1)) : null;
      return content === null ? null : text(content);
    }
    case 'iterdir':
      return listed(machine, path, (child) => ({ is: 'path', value: `${path}/${child}` }));
    case 'glob':
    case 'rglob': {
      const pattern = exactText(given.positional[0]);
      if (pattern === null) return null;
      const found = globbed(machine, `${path}/${name === 'rglob' ? '**/' : ''}${pattern}`);
      return found?.is === 'list' ? list(found.items.map((item) => pathOf(item) ?? item)) : null;
    }
    default:
      return null;
  }
}

function pathOf(value: Value | null): Value | null {
  const path = exactText(value ?? undefined);
  return path === null ? null : { is: 'path', value: path };
}

function listed(machine: Machine, folder: string | null, make: (name: string) => Value): Value | null {
  if (folder?.startsWith('/') !== true) return null;
  const inside = machine.sources
    .filesBelow(folder.slice(1))
    .map((path) => `/${path}`.slice(folder.length + (folder === '/' ? 0 : 1)));
  const names = [...new Set(inside.map((path) => path.split('/')[0] ?? path))].sort();
  return names.length === 0 ? null : list(names.map(make));
}

/** `(folder, folders in it, files in it)` for a folder and all below it. */
function walked(machine: Machine, folder: string | null): Value | null {
  if (folder?.startsWith('/') !== true) return null;
  const below = machine.sources
    .filesBelow(folder.slice(1))
    .map((path) => path.slice(folder.length - 1).replace(/^\//, ''));
  if (below.length === 0) return null;
  const folders = new Set(['']);
  for (const path of below) for (let at = parentOf(path); at !== ''; at = parentOf(at)) folders.add(at);
  const named = (paths: Iterable<string>, within: string) =>
    list(
      [...paths]
        .filter((path) => path !== '' && parentOf(path) === within)
        .map((path) => text(path.slice(within === '' ? 0 : within.length + 1))),
    );
  return list(
    [...folders].sort().map((one) => {
      const at = text(one === '' ? folder : `${folder}/${one}`);
      return { ...list([at, named(folders, one), named(below, one)]), tuple: true };
    }),
  );
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function globbed(machine: Machine, pattern: string | null): Value | null {
  if (pattern?.startsWith('/') !== true) return null;
  const folder = pattern.slice(1, Math.max(1, pattern.slice(0, pattern.search(/[*?[]|$/)).lastIndexOf('/')));
  const expression = new RegExp(
    `^${pattern
      .slice(1)
      .split(/(\*\*\/|\*|\?)/)
      .map(globPiece)
      .join('')}$`,
  );
  const found = machine.sources.filesBelow(folder).filter((path) => expression.test(path));
  return found.length === 0 ? null : list(found.map((path) => text(`/${path}`)));
}

function globPiece(piece: string): string {
  if (piece === '**/') return '(?:.*/)?';
  if (piece === '*') return '[^/]*';
  return piece === '?' ? '[^/]' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
