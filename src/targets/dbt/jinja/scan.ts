import { isOneOf, type JinjaCall, type JinjaValue, type JinjaWorld, readTokens, unknown } from './expression.ts';
import { jinjaSegments } from './segments.ts';
import { tokensOf } from './tokens.ts';

/** One `ref()`: package null when it names none, version null when it is not pinned. */
export type Ref = { package: string | null; name: string; version: string | null; line: number };
export type SourceRef = { source: string; table: string; line: number };
/** A block such as `{% macro name(...) %}`; `line` is where it begins. */
export type Block = { kind: string; name: string; line: number; scan: Scan };

/**
 * What a text with Jinja uses and sets. `calls` are names, those of variables after `var `. `unclear` are lines of `ref` and `source` calls that only dbt can tell.
 * `words` are names in quotes that such a call may come to mean: those that are handed to macros, and all where a call is unclear.
 */
export type Scan = {
  refs: Ref[];
  sources: SourceRef[];
  config: Map<string, JinjaValue>;
  calls: Set<string>;
  unclear: number[];
  words: Set<string>;
  blocks: Block[];
};

/** The project's own variables, for `var()`. */
export type Variables = ReadonlyMap<string, JinjaValue>;

/** Reads the Jinja of a text. Never throws. Both sides of every condition count. */
export function scanJinja(text: string, variables: Variables): Scan {
  const top = emptyScan();
  const names = new Map<string, JinjaValue>();
  let at = top;
  const quoted = new Map<Scan, string[]>();
  for (const { code, line, kind } of jinjaSegments(text)) {
    const world = worldOf({ scan: () => at, names, variables, line });
    const tokens = tokensOf(code);
    const word = kind === 'statement' ? (tokens[0]?.text ?? '') : '';
    if (blockWords.has(word)) {
      const block: Block = { kind: word, name: tokens[1]?.text ?? '', line, scan: emptyScan() };
      top.blocks.push(block);
      at = block.scan;
    } else if (word.startsWith('end') && blockWords.has(word.slice(3))) at = top;
    else if (word === 'set' && tokens[2]?.text === '=')
      names.set(tokens[1]?.text ?? '', readTokens(tokens.slice(3), world));
    else if (word === 'for') readFor(tokens, world, names);
    else readTokens(kind === 'statement' ? tokens.slice(1) : tokens, world);
    quoted.set(at, [...(quoted.get(at) ?? []), ...tokens.flatMap((one) => (one.kind === 'text' ? [one.text] : []))]);
  }
  for (const [scan, texts] of quoted) if (scan.unclear.length > 0) addWords(scan, texts);
  return top;
}

const blockWords = new Set(['macro', 'test', 'data_test', 'snapshot', 'materialization', 'docs']);

function emptyScan(): Scan {
  return { refs: [], sources: [], config: new Map(), calls: new Set(), unclear: [], words: new Set(), blocks: [] };
}

/** `for a in <list>`: the name stands for each of the values. */
function readFor(tokens: ReturnType<typeof tokensOf>, world: JinjaWorld, names: Map<string, JinjaValue>): void {
  const split = tokens.findIndex((token) => token.kind === 'name' && token.text === 'in');
  const over = readTokens(tokens.slice(split + 1), world);
  const targets = tokens.slice(1, split).filter((token) => token.kind === 'name');
  const values = Array.isArray(over) ? over : isOneOf(over) ? over.values.flat() : null;
  targets.forEach((target, index) => {
    const own =
      targets.length === 1
        ? values
        : (values?.map((value) => (Array.isArray(value) ? (value[index] ?? unknown) : unknown)) ?? null);
    names.set(target.text, own === null ? unknown : { is: 'one-of', values: own });
  });
}

type WorldInput = { scan: () => Scan; names: Map<string, JinjaValue>; variables: Variables; line: number };

function worldOf({ scan, names, variables, line }: WorldInput): JinjaWorld {
  return {
    name: (name) => names.get(name),
    call(call) {
      const into = scan();
      if (/^(builtins\.|dbt\.)?ref$/.test(call.name)) addRef(into, call, line);
      else if (/^(builtins\.|dbt\.)?source$/.test(call.name)) addSource(into, call, line);
      else if (call.name === 'config') addConfig(into, call);
      else if (call.name === 'var') {
        into.calls.add(`var ${String(call.positional[0])}`);
        return variables.get(String(call.positional[0])) ?? call.positional[1] ?? call.named.get('default');
      } else if (call.name === 'env_var') return call.positional[1];
      else if (call.name !== '') {
        into.calls.add(call.name);
        addWords(into, [...call.positional, ...call.named.values()].flatMap(textsWithin));
      }
      return undefined;
    },
  };
}

function addWords(into: Scan, texts: readonly string[]): void {
  for (const text of texts) if (/^\w+$/.test(text)) into.words.add(text);
}

function textsWithin(value: JinjaValue): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(textsWithin);
  if (value.is === 'unknown') return [];
  return value.is === 'map' ? [...value.entries.values()].flatMap(textsWithin) : value.values.flatMap(textsWithin);
}

/** `config(a=1)`, or `config({'a': 1})`. */
function addConfig(into: Scan, call: JinjaCall): void {
  const [given] = call.positional;
  const isMap = given !== null && typeof given === 'object' && !Array.isArray(given) && given.is === 'map';
  for (const [key, value] of [...(isMap ? given.entries : []), ...call.named]) into.config.set(key, value);
}

function addRef(into: Scan, call: JinjaCall, line: number): void {
  const version = call.named.get('v') ?? call.named.get('version');
  const [first, second] = call.positional;
  const names = textsOf(second ?? first);
  const packages = second === undefined ? [null] : textsOf(first);
  if (names === null || packages === null) {
    into.unclear.push(line);
    return;
  }
  for (const packageName of packages) {
    for (const name of names)
      into.refs.push({ package: packageName, name, version: version === undefined ? null : String(version), line });
  }
}

function addSource(into: Scan, call: JinjaCall, line: number): void {
  const sources = textsOf(call.positional[0]);
  const tables = textsOf(call.positional[1]);
  if (sources === null || tables === null) into.unclear.push(line);
  else for (const source of sources) for (const table of tables) into.sources.push({ source, table, line });
}

function textsOf(value: JinjaValue | undefined): string[] | null {
  if (typeof value === 'string') return [value];
  if (value === undefined || !isOneOf(value)) return null;
  const texts = value.values.filter((one): one is string => typeof one === 'string');
  return texts.length === value.values.length ? texts : null;
}

/** The value of a YAML text that may be Jinja, such as `"{{ var('enabled', true) }}"`; text without Jinja is itself. */
export function renderScalar(value: unknown, variables: Variables): JinjaValue {
  if (typeof value === 'boolean' || typeof value === 'number' || value === null) return value;
  if (typeof value !== 'string') return unknown;
  if (!/\{[{%]/.test(value)) return value;
  const segments = jinjaSegments(value);
  const [only] = segments;
  if (only === undefined || segments.length > 1 || value.trim().replace(/^\{\{[\s\S]*\}\}$/, '') !== '') return unknown;
  const world = worldOf({ scan: () => emptyScan(), names: new Map(), variables, line: only.line });
  return readTokens(tokensOf(only.code), world);
}
