import { foldedName } from './delta.ts';
import { functionKind } from './functions.ts';
import { flatten, isGroup, isMark, isName, isWord, type SqlNode, splitByComma } from './node-tree.ts';
import { isPlainColumn, isStar } from './parse-item.ts';
import { beginsQuery } from './parse-query.ts';
import type { Item, Select } from './query-tree.ts';
import { standIn } from './stand-in.ts';

export type CallUse = { aggregates: boolean; windows: boolean; others: string[] };

/** What the calls in an expression do to rows. `others` are functions of which that is not known. */
export function callsIn(nodes: readonly SqlNode[]): CallUse {
  const use: CallUse = { aggregates: false, windows: false, others: [] };
  visit(nodes, use);
  return use;
}

function visit(nodes: readonly SqlNode[], use: CallUse): void {
  nodes.forEach((node, at) => {
    if (node.kind !== 'group') return;
    const name = nodes[at - 1];
    if (node.open === '(' && beginsQuery(node.nodes)) {
      use.others.push('a subquery');
      return;
    }
    if (node.open === '(' && isName(name) && !isOperatorWord(name.text)) note(nodes, at, use);
    visit(node.nodes, use);
  });
}

/** Words before a bracket that are no function's name. */
function isOperatorWord(text: string): boolean {
  return /^(?:in|and|or|not|when|then|else|case|over|between|like|ilike|is|by|within|group|filter|as|distinct|any|some|all|using|values|on|where|having)$/.test(
    text,
  );
}

function note(nodes: readonly SqlNode[], at: number, use: CallUse): void {
  const name = nodes[at - 1];
  if (!isName(name)) return;
  const isWindow = nodes.slice(at + 1, at + 6).some((node) => isWord(node, 'over'));
  const kind = name.kind === 'quoted' || isMark(nodes[at - 2], '.') ? 'other' : functionKind(name.text);
  if (kind === 'other') use.others.push(name.text);
  else if (isWindow) use.windows = true;
  else if (kind === 'aggregate') use.aggregates = true;
  else if (kind === 'window') {
    // Some databases let these stand without `over`, as aggregates.
    use.aggregates = true;
    use.others.push(name.text);
  }
}

/** How a select makes rows of those it reads: one for each, one for each group, or one of all. */
export function grainOf(select: Select): 'rows' | 'groups' | 'one' | 'unclear' {
  if (select.clauses.some((clause) => clause.keyword === 'group by')) return 'groups';
  const uses = [...select.items.map((item) => item.nodes), ...select.clauses.map((clause) => clause.nodes)].map(
    callsIn,
  );
  if (uses.some((use) => use.aggregates)) return 'one';
  return uses.some((use) => use.others.some((name) => name !== 'a subquery')) ? 'unclear' : 'rows';
}

/** Why an output cannot be added to (or taken from) a select with certainty that all else stays; null when it can. */
export function whyNotFree(item: Item, select: Select): string | null {
  if (isStar(item.nodes)) return 'all columns of a table';
  if (flatten(item.nodes).some((token) => token.text.includes(standIn))) return 'it is filled in when it runs';
  const use = callsIn(item.nodes);
  const [other] = use.others;
  if (other !== undefined)
    return other === 'a subquery' ? other : `\`${other}\`, of which is not known what it does to rows`;
  if ((use.windows || use.aggregates) && isMadeOfOutputs(item, select)) return 'it is made of other outputs';
  const grain = grainOf(select);
  if (grain === 'rows') return use.aggregates ? 'an aggregate, which makes one row of many' : null;
  if (grain === 'unclear') return 'to a query that calls functions of which is not known what they do to rows';
  if (use.windows) return 'a window over groups';
  if (isMadeOfAggregates(item.nodes)) return null;
  return grain === 'groups' && isGroupKey(item, select) ? null : 'what is neither an aggregate nor a group key';
}

/** Whether it names an output that windows or aggregates make: neither may stand inside another. */
function isMadeOfOutputs(item: Item, select: Select): boolean {
  const tokens = flatten(item.nodes);
  const bare = new Set(
    tokens.flatMap((token, at) => (isName(token) && !isMark(tokens[at - 1], '.') ? [foldedName(token.text)] : [])),
  );
  return select.items.some((other) => {
    const use = callsIn(other.nodes);
    const isCalled = use.aggregates || use.windows || use.others.length > 0;
    return other !== item && isCalled && other.alias !== null && bare.has(foldedName(other.alias.text));
  });
}

/** Whether every column in it stands inside an aggregate. */
function isMadeOfAggregates(nodes: readonly SqlNode[]): boolean {
  return nodes.every((node, at) => {
    const before = nodes[at - 1];
    if (isGroup(node) && before?.kind === 'word' && functionKind(before.text) === 'aggregate') return true;
    if (node.kind === 'group') return isMadeOfAggregates(node.nodes);
    if (!isName(node)) return true;
    const isCall = isGroup(nodes[at + 1]);
    return isCall || (node.kind === 'word' && isFixedWord(node.text)) || isTypeName(nodes, at);
  });
}

function isFixedWord(text: string): boolean {
  return /^(?:case|when|then|else|end|and|or|not|is|null|true|false|in|between|filter|within|group|distinct)$/.test(
    text,
  );
}

/** A type after `::` or, in a cast, after `as`. */
function isTypeName(nodes: readonly SqlNode[], at: number): boolean {
  return isMark(nodes[at - 1], '::') || isWord(nodes[at - 1], 'as');
}

function isGroupKey(item: Item, select: Select): boolean {
  const text = (nodes: readonly SqlNode[]) =>
    flatten(nodes)
      .map((token) => token.text)
      .join(' ');
  const keys = select.clauses
    .filter((clause) => clause.keyword === 'group by')
    .flatMap((clause) => splitByComma(clause.nodes).map(text));
  return isPlainColumn(item.nodes) && keys.includes(text(item.nodes));
}
