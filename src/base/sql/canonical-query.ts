import { createHash } from 'node:crypto';
import { printCondition, printNodes } from './canonical-expression.ts';
import { needsAs } from './keywords.ts';
import { isKeyword } from './lex-sql.ts';
import { flatten, isGroup, isName, isWord, type SqlNode, splitByComma } from './node-tree.ts';
import { isPlainColumn, isStar } from './parse-item.ts';
import { NotUnderstood, type Printing } from './printing.ts';
import {
  type Clause,
  type Cte,
  calledAs,
  type FromItem,
  type Item,
  type Query,
  type Select,
  tableName,
} from './query-tree.ts';
import { type Scope, scopeOf } from './scope.ts';
import { keepsCase } from './sql-dialect.ts';

/** A text that is the same for two queries only if they mean the same. */
export function printQuery(query: Query, printing: Printing): string {
  const { ctes, printed } = printCtes(query, printing);
  const inside = { ...printing, ctes };
  const branches = query.branches.map(({ operator, query: nested, select }) => {
    const body =
      nested === null ? (select === null ? '' : printSelect(select, inside)) : `(${printQuery(nested, inside)})`;
    return `${operator} ${body}`.trim();
  });
  const tail = query.tail.map((clause) => `${clause.keyword} ${printNodes(clause.nodes, inside)}`);
  return [
    ...(printed.length > 0 ? [`with ${query.recursive ? 'recursive ' : ''}${printed.join(', ')}`] : []),
    ...branches,
    ...tail,
  ].join(' ');
}

type Ctes = { ctes: ReadonlyMap<string, string>; printed: string[] };

/** CTEs are known by what they say, so that neither their names nor their order count. Recursive ones are left as they are. */
export function printCtes(query: Query, printing: Printing): Ctes {
  const ctes = new Map(printing.ctes);
  const printed: string[] = [];
  if (query.recursive) for (const cte of query.ctes) ctes.delete(cte.name.text);
  for (const cte of query.ctes) {
    const body = printCte(cte, { ...printing, ctes, names: 'inner' });
    if (query.recursive) {
      printed.push(`${cte.name.text} ${body}`);
      continue;
    }
    const id = printing.careful ? `${cte.name.text} ${hashOf(body)}` : cteId(cte, body, printed);
    printed.push(id);
    ctes.set(cte.name.text, id);
  }
  return { ctes, printed: query.recursive || printing.careful ? printed : printed.sort() };
}

function printCte(cte: Cte, printing: Printing): string {
  const columns =
    cte.columns === null
      ? ''
      : flatten([cte.columns])
          .map((token) => token.text)
          .join(' ');
  return `${columns} as ${cte.how} (${printQuery(cte.query, printing)})`;
}

/** A CTE that mentions its own name may read itself in some databases: then the name counts. */
function cteId(cte: Cte, body: string, before: readonly string[]): string {
  const ownName = new RegExp(`(?<![\\w$.])${cte.name.text.replaceAll(/[^\w]/g, '\\$&')}(?![\\w$])`);
  const id = `cte:${hashOf(body)}${ownName.test(body) ? cte.name.text : ''}`;
  const same = before.filter((other) => other === id || other.startsWith(`${id}~`)).length;
  return same === 0 ? id : `${id}~${same}`;
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}

function printSelect(select: Select, printing: Printing): string {
  const scope = scopeOf(select, printing.scopes.length, printing.careful);
  const inside = { ...printing, scopes: [scope, ...printing.scopes] };
  const items = select.items.map((item) => printItem(item, inside)).join(', ');
  return `select ${items} ${printFrame(select, scope, printing)}`;
}

function printFrame(select: Select, scope: Scope, printing: Printing): string {
  return [...printFrameParts(select, scope, printing).values()].join(' ');
}

/** All of a select but its outputs, by clause. */
export function printFrameParts(select: Select, scope: Scope, printing: Printing): Map<string, string> {
  const inside = { ...printing, scopes: [scope, ...printing.scopes] };
  const from = select.from.map((item) => printFromItem(item, scope, printing));
  const clauses = select.clauses.map((clause): [string, string] => [
    clause.keyword,
    printClause(clause, select, inside),
  ]);
  return new Map([['lead', printNodes(select.lead, inside)], ['from', ['from', ...from].join(' ')], ...clauses]);
}

/** One output with the name that it gets. */
export function printItem(item: Item, printing: Printing): string {
  const expression = `${printWhole(item.nodes, printing)}${lacksAs(item, printing)}`;
  if (printing.names === 'none') return item.alias === null ? expression : `${expression} as ${item.alias.text}`;
  const isTop = printing.names === 'top' && keepsCase(printing.dialect);
  if (item.alias !== null) return `${expression} as ${isTop ? item.alias.raw : item.alias.text}`;
  if (isStar(item.nodes)) return expression;
  if (isPlainColumn(item.nodes)) return isTop ? `${expression} as ${flatten(item.nodes).at(-1)?.raw}` : expression;
  return `${expression} named ${writtenAs(item.nodes, printing)}`;
}

/** A mark for an alias without `as` that may not be taken for one. */
function lacksAs({ alias, bare }: Pick<Item, 'alias' | 'bare'>, { untried }: Printing): string {
  return untried && bare && alias !== null && needsAs(alias.text) ? ' without as' : '';
}

/** Where the database makes up a name, it makes it from what is written, but for the case of functions' names. */
function writtenAs(nodes: readonly SqlNode[], { dialect }: Printing): string {
  if (dialect === 'postgres') return '';
  const tokens = flatten(nodes);
  return tokens
    .map((token, at) => (tokens[at + 1]?.text === '(' || isKeyword(token.text) ? token.text : token.raw))
    .join(' ');
}

/** An expression that stands alone: brackets around all of it say nothing. */
function printWhole(nodes: readonly SqlNode[], printing: Printing): string {
  const [only] = nodes;
  const isWrapped = nodes.length === 1 && only?.kind === 'group' && only.open === '(' && !printing.careful;
  if (!isWrapped || splitByComma(only.nodes).length !== 1 || only.nodes.length === 0)
    return printNodes(nodes, printing);
  const [first] = only.nodes;
  if (first?.kind === 'word' && ['select', 'with', 'values', 'from'].includes(first.text))
    return printNodes(nodes, printing);
  return printWhole(only.nodes, printing);
}

function printFromItem(item: FromItem, scope: Scope, printing: Printing): string {
  const name = calledAs(item)?.text;
  const renamed = name === undefined ? null : (scope.names.get(name) ?? null);
  const inside = { ...printing, scopes: [scope, ...printing.scopes] };
  const words = [item.join, item.lateral ? 'lateral' : '', printSource(item, scope, printing)];
  if (renamed === null) words.push(name === undefined ? '' : `as ${name}`);
  words.push(lacksAs(item, printing), printBracketed(item.more, inside));
  if (item.condition !== null) {
    const { keyword, nodes } = item.condition;
    words.push(keyword, keyword === 'on' ? printCondition(nodes, inside) : printBracketed(nodes, inside));
  }
  return words.filter((word) => word !== '').join(' ');
}

/** `using (a)`, `as t (a)`: here brackets around one name are part of what is said. */
function printBracketed(nodes: readonly SqlNode[], printing: Printing): string {
  return nodes
    .map((node) => (isGroup(node) ? `(${printNodes(node.nodes, printing)})` : printNodes([node], printing)))
    .join(' ');
}

function printSource(item: FromItem, scope: Scope, printing: Printing): string {
  if (item.query !== null) {
    refuseTwoMeanings(item, scope, printing);
    return `(${printQuery(item.query, { ...printing, scopes: [scope, ...printing.scopes], names: 'inner' })})`;
  }
  const name = tableName(item);
  if (name?.length === 1) return printing.ctes.get(name[0]?.text ?? '') ?? name[0]?.text ?? '';
  if (name !== null) return name.map((token) => token.text).join('');
  const [only] = item.source;
  const inside = { ...printing, scopes: [scope, ...printing.scopes] };
  return only?.kind === 'group' ? `(${printNodes(only.nodes, inside)})` : printNodes(item.source, inside);
}

/** Databases differ in whether a query in `from` sees its neighbours; it matters where a name is also one from further out. */
function refuseTwoMeanings(item: FromItem, scope: Scope, printing: Printing): void {
  if (item.lateral) return;
  const outer = new Set(printing.scopes.flatMap((one) => [...one.names.keys()]));
  if ([...scope.names.keys()].some((name) => outer.has(name))) throw new NotUnderstood();
}

function printClause(clause: Clause, select: Select, printing: Printing): string {
  const { keyword, nodes } = clause;
  if (['where', 'having', 'qualify'].includes(keyword)) return `${keyword} ${printCondition(nodes, printing)}`;
  if (!['group by', 'order by'].includes(keyword)) return `${keyword} ${printNodes(nodes, printing)}`;
  return `${keyword} ${splitByComma(nodes)
    .map((piece) => printPlace(piece, select, printing))
    .join(', ')}`;
}

/** `group by 1` means the first output, whatever its place. After a `*` it cannot be told which one that is. */
function printPlace(nodes: readonly SqlNode[], select: Select, printing: Printing): string {
  const [first, ...rest] = nodes;
  const place = first?.kind === 'number' && /^\d+$/.test(first.text) ? Number(first.text) : null;
  const before = select.items.slice(0, place ?? 0);
  const item = before.at(-1);
  if (place === null || item === undefined || before.length < place || before.some((one) => isStar(one.nodes)))
    return printNodes(nodes, printing);
  return `place of ${printWhole(item.nodes, printing)} ${printNodes(rest, printing)}`;
}

/** Places that are given as numbers after a `*`, or inside brackets: then a new column moves them. */
export function hasOpenPlaces(select: Select): boolean {
  const stars = select.items.some((item) => isStar(item.nodes));
  return select.clauses
    .filter((clause) => ['group by', 'order by'].includes(clause.keyword))
    .some((clause) =>
      splitByComma(clause.nodes).some(
        (nodes) =>
          (stars && nodes[0]?.kind === 'number') ||
          (nodes[0]?.kind === 'word' && nodes[0].text === 'all') ||
          hasPlaceInside(nodes),
      ),
    );
}

/** `(1)`, `rollup (1, 2)`, `grouping sets ((1), (2))`; a number that a function is given is no place. */
function hasPlaceInside(nodes: readonly SqlNode[]): boolean {
  return nodes.some((node, at) => {
    const before = nodes[at - 1];
    const isCall = isName(before) && !isWord(before, 'rollup', 'cube', 'sets');
    if (!isGroup(node) || isCall) return false;
    return splitByComma(node.nodes).some((piece) => piece[0]?.kind === 'number' || hasPlaceInside(piece));
  });
}
