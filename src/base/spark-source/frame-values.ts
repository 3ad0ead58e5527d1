import type { SyntaxNode } from '../python-source/syntax.ts';

/** Data that lie somewhere, by the name that the code gives. `nowhere`: made by the program itself. */
export type DataPlace = { what: 'table' | 'topic' | 'path' | 'nowhere'; name: string };

/**
 * A DataFrame as the query that gives it. `names`: its columns in order, null where they are not all known. `open`: what stands behind
 * `from` and `where` while the names that it gives can still be used; `lost` are such names that no longer can. `before`: what a projection was
 * made of, because a filter after it may still use what was there.
 */
export type Frame = {
  is: 'frame';
  sql: string;
  names: readonly string[] | null;
  open: OpenFrom | null;
  lost: readonly string[];
  before: Frame | null;
};

export type OpenFrom = { from: string; where: readonly string[]; relations: readonly string[] };

/** An expression over columns. `name`: what it is called in a result; `relations`: what stands before a dot in it. */
export type Column = { is: 'column'; sql: string; name: string | null; relations: readonly string[] };

/** Options of a reader or writer, by name in small letters. */
export type Options = ReadonlyMap<string, FrameValue>;

export type FrameScope = {
  names: Map<string, FrameValue>;
  parent: FrameScope | null;
  file: string;
  packageName: string;
};

export type FrameFunction = { is: 'function'; node: SyntaxNode; scope: FrameScope };

/**
 * What a value is to a program that moves data. `plain`: anything that holds nothing of Spark. `name`: what an import from outside the
 * project is called. `columns`: a schema.
 */
export type FrameValue =
  | Frame
  | Column
  | FrameFunction
  | { is: 'plain' }
  | { is: 'none' }
  | { is: 'text'; value: string }
  | { is: 'number'; value: number }
  | { is: 'bool'; value: boolean }
  | { is: 'list'; items: FrameValue[] }
  | { is: 'dict'; entries: [FrameValue, FrameValue][] }
  | { is: 'name'; path: string }
  | { is: 'module'; scope: FrameScope }
  | { is: 'session' }
  | { is: 'options' }
  | { is: 'udf' }
  | { is: 'columns'; names: string[] }
  | { is: 'window'; columns: Column[] }
  | { is: 'reader'; stream: boolean; options: Options }
  | { is: 'writer'; stream: boolean; frame: Frame; options: Options }
  | { is: 'grouped'; frame: Frame; keys: Column[] }
  | { is: 'filler'; frame: Frame };

/** The program does something with its data that is not read here, so that nothing of its columns is known. */
export class NotSimple extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NotSimple';
  }
}

export const plain: FrameValue = { is: 'plain' };

const ofSpark = new Set<FrameValue['is']>([
  ...(['frame', 'column', 'session', 'reader', 'writer', 'grouped', 'filler', 'window', 'udf'] as const),
]);

/** Whether data of Spark could be reached through the value. */
export function holdsData(value: FrameValue): boolean {
  if (value.is === 'list') return value.items.some(holdsData);
  if (value.is === 'dict') return value.entries.some(([key, item]) => holdsData(key) || holdsData(item));
  return ofSpark.has(value.is);
}

export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '')}\``;
}

/** The fully known text of a value; what is not known makes the program unreadable. */
export function textOf(value: FrameValue | undefined, what: string): string {
  if (value?.is !== 'text' || value.value.includes(HOLE)) throw new NotSimple(`${what} is not literal`);
  return value.value;
}

/** What stands in a text for a piece that is not known and holds nothing of Spark. */
export const HOLE = '\u0001';

/** The text of SQL, in which unknown pieces may be part of literals. */
export function sqlText(value: FrameValue | undefined, what: string): string {
  if (value?.is !== 'text') throw new NotSimple(`${what} is not literal`);
  const filled = value.value.replaceAll(/'[^'\n]*'/g, (literal) => (literal.includes(HOLE) ? "'hg'" : literal));
  if (filled.includes(HOLE)) throw new NotSimple(`${what} is not literal`);
  return filled;
}

/** The items of lists among the arguments in their place. */
export function flat(values: readonly FrameValue[]): FrameValue[] {
  return values.flatMap((value) => (value.is === 'list' ? flat(value.items) : [value]));
}
