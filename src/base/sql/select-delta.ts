import { callsIn, grainOf, whyNotFree } from './addition.ts';
import { hasOpenPlaces, printFrameParts, printItem } from './canonical-query.ts';
import { type Delta, foldedName, notCertain, rowsDiffer } from './delta.ts';
import { functionKind } from './functions.ts';
import { needsAs } from './keywords.ts';
import { relationColumns, starColumns } from './known-outputs.ts';
import { isKeyword } from './lex-sql.ts';
import { flatten, isMark, isName, isWord, type SqlNode, splitByComma } from './node-tree.ts';
import { isPlainColumn, isStar, outputName } from './parse-item.ts';
import type { Printing } from './printing.ts';
import { calledAs, type FromItem, type Item, type Select, tableName } from './query-tree.ts';
import { bareWords, piecesOf, scopeOf } from './scope.ts';
import { standIn } from './stand-in.ts';

/** A select with what it is printed in. `read` is what has changed in the relations that it reads, by what they are called. */
export type SelectSide = { select: Select; printing: Printing };
export type ReadDeltas = ReadonlyMap<string, Extract<Delta, { is: 'columns' }>>;

export type SelectPair = { base: SelectSide; head: SelectSide; read: ReadDeltas };

/** What is different between two selects whose changed relations are printed alike. */
export function selectDelta({ base, head, read }: SelectPair): Delta {
  const frames = differingFrame(base, head);
  if (frames !== null) return rowsDiffer(frames);
  const inherited = inheritedDelta(base, head, read);
  if (inherited.is === 'rows') return inherited;
  const own = itemsDelta({ base, head, inherited, dirty: dirtyColumns(head.select, read) });
  if (own.is === 'rows') return own;
  const isDistinct = base.select.lead.some((node) => isWord(node, 'distinct'));
  const touched = own.added.length + own.removed.length + own.changed.length > 0;
  return isDistinct && touched ? rowsDiffer('other columns decide which rows are distinct') : own;
}

const reasons: { [part: string]: string } = {
  lead: 'it is distinct in another way',
  from: 'it reads or joins tables in another way',
  where: 'its filter is another one',
  'group by': 'it groups by something else',
  having: 'its filter on groups is another one',
  qualify: 'its filter on windows is another one',
  window: 'a window is another one',
  'order by': 'its order is another one',
  limit: 'its limit is another one',
};

function differingFrame(base: SelectSide, head: SelectSide): string | null {
  const [before, after] = [base, head].map(({ select, printing }) => {
    const scope = scopeOf(select, printing.scopes.length, printing.careful);
    return printFrameParts(select, scope, printing);
  });
  if (before === undefined || after === undefined) return null;
  const parts = [...new Set([...before.keys(), ...after.keys()])].filter(
    (part) => before.get(part) !== after.get(part),
  );
  const [first] = parts;
  return first === undefined ? null : (reasons[first] ?? `its \`${first}\` is another one`);
}

/** What changed columns of what it reads do to a select: to its rows, or to the outputs that are made of them. */
function inheritedDelta(base: SelectSide, head: SelectSide, read: ReadDeltas): Delta {
  const inherited = { is: 'columns' as const, added: [] as string[], removed: [] as string[], changed: [] as string[] };
  const { select } = head;
  for (const [cte, delta] of read) {
    const why = whyReadersDiffer(base, head, { cte, delta });
    if (why !== null) return why;
    for (const item of select.from.filter((one) => joined(one) === cte)) {
      const stars = select.items.filter((one) => isStarOf(one, calledAs(item)?.text ?? ''));
      if (stars.length === 0) continue;
      if (delta.added.length > 0 && (grainOf(select) !== 'rows' || mayClash(delta.added, item, head)))
        return notCertain(
          'a new column passes through `*` beside other columns, which may have its name, or into groups',
        );
      inherited.added.push(...delta.added);
      inherited.removed.push(...delta.removed);
      inherited.changed.push(...delta.changed);
    }
  }
  return inherited;
}

/** The name of the table that an item of `from` reads, with its dots. */
function joined(item: FromItem): string | undefined {
  return tableName(item)
    ?.map((token) => token.text)
    .join('');
}

type Reading = { cte: string; delta: Extract<Delta, { is: 'columns' }> };

function whyReadersDiffer(base: SelectSide, head: SelectSide, { cte, delta }: Reading): Delta | null {
  const { select } = head;
  const direct = select.from.filter((item) => joined(item) === cte);
  const isNested = wordsIn(piecesOf(select)).has(foldedName(cte));
  if (direct.length === 0 && !isNested) return null;
  if (isNested && delta.removed.length + delta.changed.length > 0)
    return rowsDiffer('it reads columns that have changed, in a query inside it');
  const names = direct.map((item) => calledAs(item)?.text ?? '');
  if (
    select.from.some((item) => item.odd || item.join.includes('natural')) ||
    names.some((name) => bareWords(select).has(name))
  )
    return notCertain('rows are read as a whole of which a column has changed');
  if (hasHiddenStar(select)) return notCertain('`*` is used inside an expression, and a column of it has changed');
  if (hasOpenPlaces(select)) return notCertain('it groups or orders by the place of a column, after a `*`');
  const frame = wordsIn([select.lead, ...piecesOf(select).slice(1 + select.items.length)]);
  const gone = [...delta.removed, ...delta.changed].find((column) => frame.has(column));
  if (gone !== undefined) return rowsDiffer(`\`${gone}\`, which decides its rows, is computed in another way`);
  const bare = new Set([...bareWords(base.select)].map(foldedName));
  const captured = delta.added.find((column) => bare.has(column));
  return captured === undefined ? null : notCertain(`\`${captured}\` is now also a column of what it reads`);
}

/** `hash(*)`, `to_json(t.*)`, `columns('a.*')`, `#1`, `$1`: every column counts. `count(*)` only counts rows. */
function hasHiddenStar(select: Select): boolean {
  return piecesOf(select).some((nodes) => {
    const tokens = flatten(nodes);
    return tokens.some(
      (token, at) =>
        (isWord(token, 'columns') && isMark(tokens[at + 1], '(')) ||
        (isMark(token, '#') && tokens[at + 1]?.kind === 'number') ||
        (token.kind === 'word' && /^\$\d+$/.test(token.text)) ||
        (isMark(token, '*') &&
          (isWord(tokens[at - 1], 'select', 'distinct') ||
            (isMark(tokens[at - 1], '(') && !(isWord(tokens[at - 2], 'count') && isMark(tokens[at + 1], ')'))) ||
            (isMark(tokens[at - 1], '.') && tokens.slice(0, at).some((before) => isMark(before, '('))))),
    );
  });
}

function isStarOf(item: Item, name: string): boolean {
  if (!isStar(item.nodes)) return false;
  const [first] = item.nodes;
  return isMark(first, '*') || (isName(first) && first.text === name) || item.nodes.length > 3;
}

function wordsIn(pieces: readonly (readonly SqlNode[])[]): Set<string> {
  return new Set(
    pieces.flatMap((nodes) => flatten(nodes).flatMap((token) => (isName(token) ? [foldedName(token.text)] : []))),
  );
}

type Output = { name: string | null; item: Item; printed: string; star: boolean };

function outputsOf({ select, printing }: SelectSide): Output[] {
  const scope = scopeOf(select, printing.scopes.length, printing.careful);
  const inside = { ...printing, scopes: [scope, ...printing.scopes] };
  return select.items.map((item) => {
    const star = isStar(item.nodes);
    const name = star ? null : outputName(item);
    return { name: name === null ? null : foldedName(name), item, printed: printItem(item, inside), star };
  });
}

/** Whether a column that one relation has now may also come from another one that the outputs take whole. */
function mayClash(added: readonly string[], from: FromItem, { select, printing }: SelectSide): boolean {
  const stars = select.items.filter((item) => isStar(item.nodes));
  const others = select.from.filter(
    (item) => item !== from && stars.some((star) => isStarOf(star, calledAs(item)?.text ?? '')),
  );
  return others.some((item) => {
    const columns = relationColumns(item, printing.relations);
    return columns === null || columns.some((column) => added.includes(column));
  });
}

/** Columns that have changed, or are gone, in any CTE that a select reads. */
function dirtyColumns(select: Select, read: ReadDeltas): string[] {
  const tables = new Set(select.from.map((item) => joined(item)));
  return [...read].filter(([cte]) => tables.has(cte)).flatMap(([, delta]) => [...delta.changed, ...delta.removed]);
}

type Outputs = {
  base: SelectSide;
  head: SelectSide;
  inherited: Extract<Delta, { is: 'columns' }>;
  dirty: readonly string[];
};

/** What is different in the outputs, those included that are made of changed columns. */
function itemsDelta({ base, head, inherited, dirty }: Outputs): Delta {
  const before = outputsOf(base);
  const after = outputsOf(head);
  const isSame = before.length === after.length && before.every((one, at) => one.printed === after[at]?.printed);
  if (!isSame && [...before, ...after].some((one) => one.name === null && !one.star))
    return notCertain('its outputs are others, and some have no name');
  const added = isSame ? [] : after.filter((one) => !one.star && !before.some((other) => other.name === one.name));
  const removed = isSame ? [] : before.filter((one) => !one.star && !after.some((other) => other.name === one.name));
  const left = (all: Output[], gone: Output[]) => all.filter((one) => !gone.includes(one));
  const wrong = isSame ? null : whyNotPaired(left(before, removed), left(after, added));
  if (wrong !== null) return wrong;
  const changed = left(after, added).filter((one) => isSame || !before.some((other) => other.printed === one.printed));
  const really = isSame ? [] : changed;
  const reason = whyNotOwn({ base, head, added, removed, changed: really, before });
  if (reason !== null) return reason;
  const touched = touchedOutputs(after, dirty);
  const decides = decidedBy(head.select, after);
  const deciding = touched.find((one) => decides(one));
  if (deciding !== undefined)
    return rowsDiffer(`\`${deciding.name ?? ''}\`, which decides its rows, is computed in another way`);
  const names = (all: readonly Output[]) => all.flatMap((one) => one.name ?? []);
  const clash = inherited.added.find((name) => after.some((one) => one.name === name));
  if (clash !== undefined && !names(added).includes(clash)) return notCertain(`\`${clash}\` would be in it twice`);
  const addedNames = names(added);
  return {
    is: 'columns',
    added: [...new Set([...addedNames, ...inherited.added])],
    removed: [...names(removed), ...inherited.removed.filter((name) => !names(after).includes(name))],
    changed: [
      ...new Set([
        ...names(really),
        ...names(touched).filter((name) => !addedNames.includes(name)),
        ...inherited.changed,
      ]),
    ],
  };
}

/** Outputs that are made of changed columns, or of other outputs that are. */
function touchedOutputs(after: readonly Output[], dirty: readonly string[]): Output[] {
  const names = new Set(dirty);
  let touched: Output[] = [];
  for (let before = -1; before !== touched.length; ) {
    before = touched.length;
    touched = after.filter((one) => !one.star && mentions(one.item, [...names]));
    for (const { name } of touched) if (name !== null) names.add(name);
  }
  return touched;
}

/** Whether an output is named, or meant by its place, where rows are decided. */
function decidedBy(select: Select, outputs: readonly Output[]): (one: Output) => boolean {
  const words = wordsIn([select.lead, ...piecesOf(select).slice(1 + select.items.length)]);
  const places = select.clauses
    .filter((clause) => ['group by', 'order by'].includes(clause.keyword))
    .flatMap((clause) =>
      splitByComma(clause.nodes).map(([first]) => (first?.kind === 'number' ? Number(first.text) : 0)),
    );
  return (one) => (one.name !== null && words.has(one.name)) || places.includes(outputs.indexOf(one) + 1);
}

function mentions(item: Item, columns: readonly string[]): boolean {
  const words = wordsIn([item.nodes]);
  return columns.some((column) => words.has(column));
}

/** The outputs that both have must stand in the same order, each name once. */
function whyNotPaired(before: readonly Output[], after: readonly Output[]): Delta | null {
  const key = (one: Output) => (one.star ? one.printed : (one.name ?? ''));
  const names = before.map(key);
  if (new Set(names).size !== names.length) return notCertain('two of its outputs have the same name');
  return names.join('\n') === after.map(key).join('\n') ? null : rowsDiffer('its outputs stand in another order');
}

type Own = {
  base: SelectSide;
  head: SelectSide;
  added: Output[];
  removed: Output[];
  changed: Output[];
  before: Output[];
};

function whyNotOwn({ base, head, added, removed, changed, before }: Own): Delta | null {
  if ([...added, ...removed].length > 0 && (hasOpenPlaces(base.select) || hasOpenPlaces(head.select)))
    return notCertain('it groups or orders by the place of a column');
  if (changed.length > 0 && hasOpenPlaces(base.select))
    return rowsDiffer('it groups by all that it computes otherwise');
  if ([...added, ...removed].length > 0 && hasOpenStandIn(base.select))
    return notCertain('it holds something that is filled in when it runs, and has other columns');
  for (const one of added) {
    if (grainOf(base.select) === 'rows' && callsIn(one.item.nodes).aggregates)
      return rowsDiffer(`it adds the aggregate \`${one.name}\`, which makes one row of many`);
    const why =
      lacksAs(one) ??
      inStar(one, head) ??
      whyNotFree(one.item, base.select) ??
      usedInside(one, base.select, true) ??
      ambiguous(one, head);
    if (why !== null) return notCertain(`it adds \`${one.name}\`: ${why}`);
  }
  for (const one of [
    ...removed,
    ...changed,
    ...before.filter((was) => changed.some(({ name }) => name === was.name)),
  ]) {
    const why = whyNotFree(one.item, base.select) ?? usedInside(one, base.select, false);
    if (why !== null) return rowsDiffer(`it ${removed.includes(one) ? 'drops' : 'changes'} \`${one.name}\`: ${why}`);
  }
  return null;
}

function inStar({ name }: Output, { select, printing }: SelectSide): string | null {
  const stars = select.items.filter((item) => isStar(item.nodes));
  const isFree = stars.every(
    (star) => starColumns(star.nodes, select, printing.relations)?.includes(name ?? '') === false,
  );
  return isFree ? null : 'the `*` beside it may already have a column of that name';
}

/** A name without a table before it that two of the tables have, as far as it is known or seen. */
function ambiguous({ item }: Output, { select, printing }: SelectSide): string | null {
  const known = select.from.map((one) => relationColumns(one, printing.relations) ?? []);
  const tables = select.from.map(joined);
  const isTwice = tables.some((table, at) => table !== undefined && tables.indexOf(table) !== at);
  const seen = qualifiersIn(select);
  const twice = [...bareWordsIn([item.nodes])].map(foldedName).find((word) => {
    if (known.filter((columns) => columns.includes(word)).length > 1 || (seen.get(word)?.size ?? 0) > 1) return true;
    return isTwice && !isKeyword(word) && functionKind(word) === 'other';
  });
  return twice === undefined ? null : `more than one of its tables may have a \`${twice}\``;
}

/** Every column that is written with its table before it, and the tables that are. */
function qualifiersIn(select: Select): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const nodes of piecesOf(select)) {
    const tokens = flatten(nodes);
    tokens.forEach((token, at) => {
      const before = tokens[at - 2];
      if (!isName(token) || !isMark(tokens[at - 1], '.') || !isName(before)) return;
      const name = foldedName(token.text);
      found.set(name, new Set([...(found.get(name) ?? []), before.text]));
    });
  }
  return found;
}

function lacksAs({ item: { alias, bare } }: Output): string | null {
  return bare && alias !== null && needsAs(alias.text)
    ? 'without `as`, some databases do not take it for a name'
    : null;
}

/** Whether something that is not known stands where it may say more than one value: outside of the outputs, or without a name. */
function hasOpenStandIn(select: Select): boolean {
  const holds = (nodes: readonly SqlNode[]) => flatten(nodes).some((token) => token.text.includes(standIn));
  const inItems = select.items.some((item) => item.alias === null && holds(item.nodes));
  return inItems || [select.lead, ...piecesOf(select).slice(1 + select.items.length)].some(holds);
}

/** Whether the name of an output stands elsewhere in the select, where it may mean this output. */
function usedInside(one: Output, select: Select, isNew: boolean): string | null {
  const written = flatten(one.item.nodes);
  // `s.x` may also be a field of a column `s`, and then it is not the column `x`.
  const isOfTable = written.length === 1 || select.from.some((item) => calledAs(item)?.text === written.at(-3)?.text);
  const isItself = isPlainColumn(one.item.nodes) && isOfTable && foldedName(written.at(-1)?.text ?? '') === one.name;
  const merges = select.from.some((item) => item.join.includes('natural') || item.condition?.keyword === 'using');
  if (isItself && !merges && isNew) return null;
  const others = select.items.filter((item) => item !== one.item && foldedName(outputName(item) ?? '') !== one.name);
  const pieces = [...others.map((item) => item.nodes), ...piecesOf(select).slice(1 + select.items.length)];
  const bare = new Set([...bareWordsIn(pieces)].map(foldedName));
  return bare.has(one.name ?? '') ? 'it uses that name inside' : null;
}

function bareWordsIn(pieces: readonly SqlNode[][]): Set<string> {
  const bare = new Set<string>();
  for (const nodes of pieces) {
    const tokens = flatten(nodes);
    tokens.forEach((token, at) => {
      if (isName(token) && !isMark(tokens[at - 1], '.')) bare.add(token.text);
    });
  }
  return bare;
}
