import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  parseDocument,
} from 'yaml';
import { messageOf } from '../errors.ts';

/** A place where a text is not valid YAML. `line` starts at 1. */
export type YamlProblem = { line: number | null; message: string };

/**
 * A YAML text as plain values, with the lines they came from.
 * `value` is null when nothing could be read; then `problems` says why. Never throws.
 */
export type YamlReading = {
  value: unknown;
  problems: YamlProblem[];
  /** The line of the value at `path`, or of the nearest one around it that exists. */
  lineOf(path: readonly PropertyKey[]): number | null;
};

/** A reading as plain values, so that it can be kept. `lines` holds the line of each place, under its path as JSON texts. */
export type KeptYaml = { value: unknown; problems: YamlProblem[]; lines: { [path: string]: number } };

/** What `readYaml` reads, with every line worked out. */
export function keepYaml(text: string): KeptYaml {
  const counter = new LineCounter();
  try {
    const document = parseDocument(text, { ...settings, lineCounter: counter });
    const { value, problems } = reading(document, counter);
    const lines: { [path: string]: number } = {};
    if (value !== null)
      noteLines(document.contents, [], (offset, path) => (lines[path] ??= counter.linePos(offset).line));
    return { value, problems, lines };
  } catch (error) {
    const { value, problems } = unreadable(error);
    return { value, problems, lines: {} };
  }
}

/** A kept reading as `readYaml` gives it. */
export function readingOf({ value, problems, lines }: KeptYaml): YamlReading {
  return {
    value,
    problems,
    lineOf(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const line = lines[pathText(path.slice(0, length))];
        if (line !== undefined) return line || null;
      }
      return null;
    },
  };
}

function pathText(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** The first of two equal keys counts, as it does when a line is looked for. */
function noteLines(node: unknown, path: readonly string[], note: (offset: number, path: string) => void): void {
  if (isNode(node) && node.range != null && path.length === 0) note(node.range[0], pathText(path));
  if (isSeq(node)) {
    node.items.forEach((item, index) => {
      const inner = [...path, String(index)];
      if (isNode(item) && item.range != null) note(item.range[0], pathText(inner));
      noteLines(item, inner, note);
    });
  } else if (isMap(node)) {
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = keyOf(pair);
      if (key === null || seen.has(key)) continue;
      seen.add(key);
      const inner = [...path, key];
      const start = isNode(pair.key) ? pair.key.range?.[0] : isNode(pair.value) ? pair.value.range?.[0] : undefined;
      if (start === undefined) continue;
      note(start, pathText(inner));
      noteLines(pair.value, inner, note);
    }
  }
}

const settings = { uniqueKeys: true, merge: true, prettyErrors: false, logLevel: 'silent' } as const;

/** Reads the first document of a YAML (or JSON) text. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  try {
    return reading(parseDocument(text, { ...settings, lineCounter: lines }), lines);
  } catch (error) {
    return unreadable(error);
  }
}

/** Reads each document of a text with `---` between them. */
export function readYamlDocuments(text: string): YamlReading[] {
  const lines = new LineCounter();
  try {
    const all = parseAllDocuments(text, { ...settings, lineCounter: lines });
    return Array.isArray(all) ? all.map((one) => reading(one, lines)) : [];
  } catch (error) {
    return [unreadable(error)];
  }
}

function reading(document: Document.Parsed, lines: LineCounter): YamlReading {
  const problems: YamlProblem[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line || null,
    message: firstLine(error.message),
  }));
  let value: unknown = null;
  try {
    if (isBoundless(document.contents)) problems.push({ line: 1, message: 'it is nested too deeply' });
    else value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    problems.push({ line: null, message: firstLine(messageOf(error)) });
  }
  return { value, problems, lineOf: (path) => lineAt(document, lines, path) };
}

const deepest = 200;
const deepestKey = 3;

/** Nesting that no person writes. Maps as keys of maps would also be written out again and again to make their names. */
function isBoundless(node: unknown, depth = 0, keys = 0): boolean {
  if (depth > deepest || keys > deepestKey) return true;
  if (isSeq(node)) return node.items.some((item) => isBoundless(item, depth + 1, keys));
  if (!isMap(node)) return false;
  return node.items.some(
    (pair) =>
      isBoundless(pair.key, depth + 1, isCollection(pair.key) ? keys + 1 : keys) ||
      isBoundless(pair.value, depth + 1, keys),
  );
}

function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  let at: unknown = document.contents;
  let offset: number | null = isNode(at) ? (at.range?.[0] ?? null) : null;
  for (const step of path) {
    const pair: Pair | null = isMap(at) ? (at.items.find((item) => keyOf(item) === String(step)) ?? null) : null;
    const next: unknown = pair === null ? childOf(at, step) : pair.value;
    const start = pair !== null && isNode(pair.key) ? pair.key.range?.[0] : isNode(next) ? next.range?.[0] : undefined;
    if (start === undefined) break;
    offset = start;
    at = next;
  }
  return offset === null ? null : lines.linePos(offset).line || null;
}

function childOf(node: unknown, step: PropertyKey): unknown {
  return node !== null && typeof node === 'object' && 'get' in node && typeof node.get === 'function'
    ? node.get(step, true)
    : undefined;
}

/** Null for a key that is itself a map or list: nothing is found below such a one. */
function keyOf(pair: Pair): string | null {
  if (isScalar(pair.key)) return String(pair.key.value);
  return typeof pair.key === 'string' ? pair.key : null;
}

function unreadable(error: unknown): YamlReading {
  return { value: null, problems: [{ line: null, message: firstLine(messageOf(error)) }], lineOf: () => null };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
