/** A token of a query as the mutations see it; `depth` counts the brackets around it. Read apart from the reader that is tested. */
export type Bit = { text: string; kind: 'word' | 'quoted' | 'string' | 'number' | 'mark'; depth: number };

const pattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|('(?:[^']|'')*')|("(?:[^"]|"")*")|([A-Za-z_]\w*)|(\d+(?:\.\d+)?(?:e\d+)?)|(::|:=|->|<=|>=|<>|!=|\|\||\/\/|\*\*|[\s\S])/y;

export function bitsOf(sql: string): Bit[] {
  const bits: Bit[] = [];
  let depth = 0;
  for (const [, string, quoted, word, number, mark] of sql.matchAll(new RegExp(pattern, 'gy'))) {
    const text = string ?? quoted ?? word ?? number ?? mark;
    if (text === undefined) continue;
    if (mark !== undefined && ')]}'.includes(mark)) depth -= 1;
    const kind = string ? 'string' : quoted ? 'quoted' : word ? 'word' : number ? 'number' : 'mark';
    bits.push({ text, kind, depth });
    if (mark !== undefined && '([{'.includes(mark)) depth += 1;
  }
  return bits;
}

export function sqlOf(bits: readonly Pick<Bit, 'text'>[]): string {
  return bits.map((bit) => bit.text).join(' ');
}

export function is(bit: Bit | undefined, ...words: string[]): boolean {
  return bit?.kind === 'word' && words.includes(bit.text.toLowerCase());
}

/** From one bit up to, without, another. */
export type Span = { from: number; to: number };

const ends = [
  'from',
  'where',
  'group',
  'having',
  'qualify',
  'order',
  'limit',
  'offset',
  'window',
  'union',
  'except',
  'intersect',
];

function endOf(bits: readonly Bit[], from: number, depth: number, words: readonly string[]): number {
  for (let at = from; at < bits.length; at += 1) {
    const bit = bits[at];
    if (bit === undefined || bit.depth < depth) return at;
    const isOperator = is(bit, 'from') && is(bits[at - 1], 'distinct') && is(bits[at - 2], 'is', 'not');
    if (bit.depth === depth && is(bit, ...words) && !isOperator) return at;
  }
  return bits.length;
}

/** What stands between the words or marks of this depth that split it. */
export function split(bits: readonly Bit[], { from, to }: Span, between: string): Span[] {
  const depth = bits[from]?.depth ?? 0;
  const spans: Span[] = [];
  let start = from;
  for (let at = from; at <= to; at += 1) {
    if (at < to && !(bits[at]?.depth === depth && bits[at]?.text.toLowerCase() === between)) continue;
    spans.push({ from: start, to: at });
    start = at + 1;
  }
  return spans;
}

/** A select: where its outputs stand, and where each of them does. */
export type SelectSpan = { depth: number; at: number; items: Span[] };

export function selectsIn(bits: readonly Bit[]): SelectSpan[] {
  return bits.flatMap((bit, at) => {
    if (!is(bit, 'select')) return [];
    let from = at + 1;
    if (is(bits[from], 'distinct', 'all')) from += 1;
    if (is(bits[from], 'on') && bits[from + 1]?.text === '(') {
      from += 2;
      while (from < bits.length && (bits[from]?.depth ?? 0) > bit.depth) from += 1;
      from += 1;
    }
    const to = endOf(bits, from, bit.depth, ends);
    return from >= to ? [] : [{ depth: bit.depth, at, items: split(bits, { from, to }, ',') }];
  });
}

/** The operands of each condition that is nothing but operands joined by `and`. */
export function conjunctionsIn(bits: readonly Bit[]): Span[][] {
  return bits.flatMap((bit, at) => {
    if (!is(bit, 'where', 'having', 'qualify', 'on') || bits[at + 1]?.depth !== bit.depth) return [];
    const stops = [...ends, 'join', 'left', 'right', 'full', 'inner', 'cross', 'natural', 'asof'];
    const span = { from: at + 1, to: endOf(bits, at + 1, bit.depth, stops) };
    const own = bits.slice(span.from, span.to).filter((one) => one.depth === bit.depth);
    const isPlain = !own.some((one) => is(one, 'or', 'between', 'case') || one.text === ',');
    const operands = split(bits, span, 'and');
    return isPlain && operands.length > 1 && operands.every(({ from, to }) => from < to) ? [operands] : [];
  });
}

/** A CTE: its name, and all of it with its brackets. */
export type CteSpan = Span & { name: string };

/** The CTEs of the first `with`. */
export function ctesIn(bits: readonly Bit[]): CteSpan[] {
  const start = bits.findIndex((bit) => is(bit, 'with'));
  const depth = bits[start]?.depth ?? 0;
  if (start === -1) return [];
  const first = is(bits[start + 1], 'recursive') ? start + 2 : start + 1;
  return split(bits, { from: first, to: endOf(bits, first, depth, ['select']) }, ',').map(({ from, to }) => ({
    name: bits[from]?.text ?? '',
    from,
    to,
  }));
}

/** The bits with a span put in place of another. */
export function placed(bits: readonly Bit[], { from, to }: Span, text: string): string {
  return `${sqlOf(bits.slice(0, from))} ${text} ${sqlOf(bits.slice(to))}`;
}

export function textOf(bits: readonly Bit[], { from, to }: Span): string {
  return sqlOf(bits.slice(from, to));
}

/** The bits with two spans, the first before the second, in each other's place. */
export function swapped(bits: readonly Bit[], first: Span, second: Span): string {
  return [
    sqlOf(bits.slice(0, first.from)),
    textOf(bits, second),
    sqlOf(bits.slice(first.to, second.from)),
    textOf(bits, first),
    sqlOf(bits.slice(second.to)),
  ].join(' ');
}
