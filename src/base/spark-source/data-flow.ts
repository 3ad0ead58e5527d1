import { createMachine, readModule, TooMuchToRead } from '../python-source/machine.ts';
import type { Call, Host, Machine } from '../python-source/machine-types.ts';
import { projectSources } from '../python-source/project-sources.ts';
import { loadPythonParser } from '../python-source/syntax.ts';
import {
  type Arguments,
  argument,
  asText,
  exactText,
  type Module,
  unknown,
  type Value,
} from '../python-source/values.ts';
import { tablesIn } from '../sql/sql-tables.ts';

/** Something that Spark code reads or writes. `name` holds `*` where a piece is not known. */
export type Access = {
  way: 'read' | 'write';
  what: 'table' | 'topic' | 'path';
  name: string;
  streaming: boolean;
  line: number;
  file: string;
};
/** A streaming query that is started; `name` null when it is given none. */
export type StartedQuery = { name: string | null; line: number; file: string; checkpoint: string | null };
export type DataFlow = { accesses: Access[]; queries: StartedQuery[]; brokenAt: number | null; complete: boolean };
export type FlowInput = {
  files: { entries: readonly { path: string }[]; text(path: string): string | null };
  file: string;
  searchPath: readonly string[];
  /** What the application is started with: options that it reads with argparse have these values. */
  given?: readonly string[];
};

/** `views` are names that the application gives to its own intermediate results, in small letters. */
type Reading = { flow: DataFlow; views: Set<string>; options: ReadonlyMap<string, string> };
type Link = { name: string; given: Arguments | null };
type Chain = { chain: Link[] };

/** What a PySpark application reads, writes and starts, as far as its text says. Nothing is run. */
export async function sparkDataFlow(input: FlowInput): Promise<DataFlow> {
  const sources = projectSources({ files: input.files, searchPath: input.searchPath, parse: await loadPythonParser() });
  const flow: DataFlow = { accesses: [], queries: [], brokenAt: null, complete: true };
  const tree = sources.tree(input.file);
  if (tree === null) return { ...flow, complete: false };
  flow.brokenAt = tree.brokenAt;
  const reading: Reading = { flow, views: new Set(), options: optionsIn(input.given ?? []) };
  const machine = createMachine(sources, hostFor(reading));
  try {
    const module = readModule(machine, input.file, tree.root, '__main__');
    readUncalled(machine, module);
  } catch (error) {
    if (!(error instanceof TooMuchToRead || error instanceof RangeError)) throw error;
    flow.complete = false;
  }
  return { ...flow, accesses: unique(flow.accesses, reading.views), queries: uniqueQueries(flow.queries) };
}

/** Functions that nothing called, such as those handed to foreachBatch, are read once with unknown arguments. */
function readUncalled(machine: Machine, module: Module): void {
  for (const value of module.scope.names.values()) {
    if (value.is !== 'function' || value.scope.file !== module.file) continue;
    machine.callFunction(value, { positional: [], named: new Map(), open: true });
  }
}

/** The options of a command line by the names that argparse gives to them. */
export function optionsIn(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.flatMap((text, index): [string, string][] => {
      const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(text) ?? [];
      const next = given[index + 1];
      const told = value ?? (next?.startsWith('--') === true ? undefined : next);
      return name === undefined || told === undefined ? [] : [[name.replaceAll('-', '_'), told]];
    }),
  );
}

function hostFor(reading: Reading): Host {
  return {
    call: (machine, made) => onCall(reading, machine, made),
    attribute: (_, self, name) => {
      const { chain } = self as Chain;
      const option = chain.at(-1)?.name === 'parse_args' ? reading.options.get(name) : undefined;
      if (option !== undefined) return { is: 'text', value: option, partial: false };
      return { is: 'thing', thing: { chain: [...chain, { name, given: null }] } };
    },
    binary: () => null,
    enter: () => null,
    leave: () => undefined,
    decorate: () => null,
    inModule: () => undefined,
  };
}

function chainOf(value: Value): Link[] | null {
  // Only this reader makes things while it reads a file.
  if (value.is === 'thing') return (value.thing as Chain).chain;
  if (value.is === 'method') {
    const before = chainOf(value.self) ?? (['unknown', 'made', 'name'].includes(value.self.is) ? [] : null);
    return before === null ? null : [...before, { name: value.name, given: null }];
  }
  if (value.is === 'name' && /^(pyspark|delta)\b/.test(value.path))
    return value.path.split('.').map((name) => ({ name, given: null }));
  return null;
}

function onCall(reading: Reading, machine: Machine, { callee, given }: Call): Value | null {
  const chain = chainOf(callee);
  const last = chain?.at(-1);
  if (chain === null || last === undefined) return null;
  const made = [...chain.slice(0, -1), { name: last.name, given }];
  record(reading, made, { file: machine.file, line: machine.line });
  return { is: 'thing', thing: { chain: made } };
}

const directions = new Set(['read', 'readStream', 'write', 'writeStream', 'writeTo']);

type Place = { file: string; line: number };

function record({ flow, views }: Reading, chain: readonly Link[], place: Place): void {
  const last = chain.at(-1);
  if (last?.given === null || last === undefined) return;
  const at = chain.findLastIndex((link) => directions.has(link.name));
  const direction = chain[at]?.name ?? null;
  // What stands before belongs to where the data came from.
  const own = at === -1 ? chain : chain.slice(at);
  const streaming = direction === 'readStream' || direction === 'writeStream';
  const way = direction === null || direction.startsWith('read') ? 'read' : 'write';
  const add = (what: Access['what'], value: Value | undefined, as: Access['way'] = way) => {
    const name = asText(value ?? unknown).value;
    if (name !== '') flow.accesses.push({ way: as, what, name, streaming, ...place });
  };
  // A Delta table that is changed in place.
  const changed = chain.slice(0, -1).find((link) => link.name === 'forName' || link.name === 'forPath');
  const first = argument(last.given, 0, 'tableName', 'name', 'path');
  const changes = ['merge', 'update', 'delete'];
  if (last.name === 'sql') addSql({ flow, views }, first, place);
  else if (/^create(OrReplace)?(Global)?TempView$|^registerTempTable$/.test(last.name))
    views.add(asText(first ?? unknown).value.toLowerCase());
  else if (last.name === 'forName' || last.name === 'forPath')
    add(last.name === 'forName' ? 'table' : 'path', last.given.positional[1], 'read');
  else if (changes.includes(last.name) && changed !== undefined)
    add(changed.name === 'forName' ? 'table' : 'path', changed.given?.positional[1], 'write');
  else if (last.name === 'table' && (direction === null || way === 'read')) add('table', first, 'read');
  else if (
    last.name === 'saveAsTable' ||
    last.name === 'insertInto' ||
    last.name === 'toTable' ||
    last.name === 'writeTo'
  )
    add('table', first, 'write');
  else if (last.name === 'jdbc' && direction !== null) add('table', argument(last.given, 1, 'table'));
  else if ((last.name === 'load' || last.name === 'save' || last.name === 'start') && direction !== null)
    addFormatted(own, add, first);
  else if (['parquet', 'csv', 'json', 'orc', 'text', 'delta'].includes(last.name) && direction !== null)
    add('path', first);
  if (direction === 'writeStream' && (last.name === 'start' || last.name === 'toTable'))
    flow.queries.push({
      name: exactText(optionOf(own, 'queryName')),
      checkpoint: exactText(optionOf(own, 'checkpointLocation')),
      ...place,
    });
}

type Add = (what: Access['what'], value: Value | undefined) => void;

/** `load`, `save` and `start` mean what `format` and the options before them say. */
function addFormatted(chain: readonly Link[], add: Add, path: Value | undefined): void {
  const topics = ['subscribe', 'topic', 'subscribePattern']
    .map((name) => optionOf(chain, name))
    .find((value) => value !== undefined);
  const table = optionOf(chain, 'dbtable');
  if (topics !== undefined)
    for (const topic of asText(topics).value.split(','))
      add('topic', { is: 'text', value: topic.trim(), partial: false });
  else if (table !== undefined) add('table', table);
  else add('path', path ?? optionOf(chain, 'path'));
}

/** The value given to `.option(name, ...)`, `.options(name=...)` or a method of that name. */
function optionOf(chain: readonly Link[], name: string): Value | undefined {
  for (const link of chain.toReversed()) {
    if (link.given === null) continue;
    if (link.name === name) return link.given.positional[0];
    if (link.name === 'option' && exactText(link.given.positional[0]) === name) return argument(link.given, 1, 'value');
    if (link.name === 'options' && link.given.named.has(name)) return link.given.named.get(name);
  }
  return undefined;
}

const temporaryView =
  /\bcreate\s+(?:or\s+replace\s+)?(?:global\s+)?temp(?:orary)?\s+view\s+(?:if\s+not\s+exists\s+)?([\w`]+)/gi;

function addSql({ flow, views }: Pick<Reading, 'flow' | 'views'>, value: Value | undefined, place: Place): void {
  const sql = asText(value ?? unknown).value;
  for (const [, view = ''] of sql.matchAll(temporaryView)) views.add(view.replaceAll('`', '').toLowerCase());
  for (const { way, name } of tablesIn(sql)) {
    flow.accesses.push({ way, what: 'table', name, streaming: false, ...place });
  }
}

/** Names of the application's own views are no tables. */
function unique(accesses: readonly Access[], views: ReadonlySet<string>): Access[] {
  const isOwn = ({ what, name }: Access) =>
    what === 'table' && views.has(name.toLowerCase().replace(/^global_temp\./, ''));
  const known = accesses.filter(
    (access) => access.name.replaceAll('*', '').replaceAll('/', '') !== '' && !isOwn(access),
  );
  return [...new Map(known.map((access) => [`${access.way} ${access.what} ${access.name}`, access])).values()];
}

function uniqueQueries(queries: readonly StartedQuery[]): StartedQuery[] {
  return [...new Map(queries.map((query) => [`${query.file}:${query.line}:${query.name ?? ''}`, query])).values()];
}
