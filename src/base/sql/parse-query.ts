import { flatten, isGroup, isMark, isName, isWord, type SqlNode, splitByComma } from './node-tree.ts';
import { parseFrom } from './parse-from.ts';
import { parseItem } from './parse-item.ts';
import type { Branch, Clause, Cte, Query, Select } from './query-tree.ts';

/** The query that the nodes are, or null where some of it is not understood. */
export function parseQuery(nodes: readonly SqlNode[]): Query | null {
  const withoutEnd = isMark(nodes.at(-1), ';') ? nodes.slice(0, -1) : nodes;
  const opening = isWord(withoutEnd[0], 'with') ? parseWith(withoutEnd) : { recursive: false, ctes: [], at: 0 };
  if (opening === null) return null;
  const branches = parseBranches(withoutEnd.slice(opening.at));
  return branches === null ? null : { recursive: opening.recursive, ctes: opening.ctes, ...branches };
}

/** Whether what is in brackets begins as a query does. */
export function beginsQuery(nodes: readonly SqlNode[]): boolean {
  const [first] = nodes;
  return isWord(first, 'select', 'with') || (isGroup(first) && nodes.length > 0 && beginsQuery(first.nodes));
}

function readQuery(nodes: readonly SqlNode[]): Query | null | undefined {
  return beginsQuery(nodes) ? parseQuery(nodes) : undefined;
}

function parseWith(nodes: readonly SqlNode[]): { recursive: boolean; ctes: Cte[]; at: number } | null {
  const recursive = isWord(nodes[1], 'recursive');
  const ctes: Cte[] = [];
  let at = recursive ? 2 : 1;
  for (;;) {
    const read = parseCte(nodes, at);
    if (read === null) return null;
    ctes.push(read.cte);
    at = read.at;
    if (!isMark(nodes[at], ',')) return { recursive, ctes, at };
    at += 1;
  }
}

function parseCte(nodes: readonly SqlNode[], start: number): { cte: Cte; at: number } | null {
  const name = nodes[start];
  if (!isName(name)) return null;
  let at = start + 1;
  const columns = nodes[at];
  if (isGroup(columns)) at += 1;
  if (!isWord(nodes[at], 'as')) return null;
  at += 1;
  const how = [];
  for (; isWord(nodes[at], 'not', 'materialized'); at += 1) how.push(flatten(nodes.slice(at, at + 1))[0]?.text);
  const body = nodes[at];
  if (!isGroup(body)) return null;
  const query = parseQuery(body.nodes);
  if (query === null) return null;
  return {
    cte: { name, columns: isGroup(columns) && columns !== body ? columns : null, how: how.join(' '), query },
    at: at + 1,
  };
}

const setOperators = ['union', 'intersect', 'except', 'minus'];
const tailKeywords = ['order by', 'limit', 'offset', 'fetch'];

function parseBranches(nodes: readonly SqlNode[]): Pick<Query, 'branches' | 'tail'> | null {
  const branches: Branch[] = [];
  let tail: Clause[] = [];
  for (const { operator, nodes: own } of splitBranches(nodes)) {
    if (tail.length > 0) return null;
    const read = parseBranch(own);
    if (read === null) return null;
    branches.push({ operator, ...read.branch });
    tail = read.tail;
  }
  const last = branches.at(-1)?.select;
  if (branches.length > 1 && last !== null && last !== undefined) {
    tail = last.clauses.filter((clause) => tailKeywords.includes(clause.keyword));
    last.clauses = last.clauses.filter((clause) => !tail.includes(clause));
  }
  return branches.length === 0 ? null : { branches, tail };
}

function splitBranches(nodes: readonly SqlNode[]): { operator: string; nodes: SqlNode[] }[] {
  const pieces: { operator: string; nodes: SqlNode[] }[] = [{ operator: '', nodes: [] }];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined) break;
    if (isWord(node, ...setOperators) && !isMark(nodes[at - 1], '*') && !isMark(nodes[at - 1], '.') && at > 0) {
      const words = flatten([node]).map((token) => token.text);
      while (isWord(nodes[at + 1], 'all', 'distinct', 'by', 'name'))
        words.push(flatten(nodes.slice(++at, at + 1))[0]?.text ?? '');
      pieces.push({ operator: words.join(' ').replace(/^minus/, 'except'), nodes: [] });
    } else pieces.at(-1)?.nodes.push(node);
  }
  return pieces;
}

type ReadBranch = { branch: Pick<Branch, 'query' | 'select'>; tail: Clause[] };

function parseBranch(nodes: readonly SqlNode[]): ReadBranch | null {
  const [first] = nodes;
  if (isGroup(first)) {
    const query = parseQuery(first.nodes);
    const tail = splitClauses(nodes.slice(1));
    const isTail = tail.rest.length === 0 && tail.clauses.every((clause) => tailKeywords.includes(clause.keyword));
    return query === null || !isTail ? null : { branch: { query, select: null }, tail: tail.clauses };
  }
  if (!isWord(first, 'select')) return null;
  const select = parseSelect(nodes.slice(1));
  return select === null ? null : { branch: { query: null, select }, tail: [] };
}

const oneWord = ['from', 'where', 'having', 'qualify', 'window', 'limit', 'offset', 'fetch'];
const withBy = ['group', 'order', 'sort', 'cluster', 'distribute'];
const refused = ['into', 'for', 'connect', 'start', 'prewhere', 'match_recognize'];

/** The clauses of one select, and what is before the first. */
function splitClauses(nodes: readonly SqlNode[]): { rest: SqlNode[]; clauses: Clause[] } {
  const rest: SqlNode[] = [];
  const clauses: Clause[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined) break;
    const keyword = keywordAt(nodes, at);
    if (keyword !== null) {
      clauses.push({ keyword, nodes: [] });
      if (keyword.endsWith(' by')) at += 1;
    } else (clauses.at(-1)?.nodes ?? rest).push(node);
  }
  return { rest, clauses };
}

function keywordAt(nodes: readonly SqlNode[], at: number): string | null {
  const node = nodes[at];
  const before = nodes[at - 1];
  if (node?.kind !== 'word' || isMark(before, '.') || isWord(before, 'as')) return null;
  if (node.text === 'from' && isWord(before, 'distinct') && isWord(nodes[at - 2], 'is', 'not')) return null;
  if (oneWord.includes(node.text)) return node.text;
  return withBy.includes(node.text) && isWord(nodes[at + 1], 'by') ? `${node.text} by` : null;
}

function parseSelect(nodes: readonly SqlNode[]): Select | null {
  const { rest, clauses } = splitClauses(nodes);
  const { lead, list } = splitLead(rest);
  const items = splitByComma(list).map(parseItem);
  const froms = clauses.filter((clause) => clause.keyword === 'from');
  const from = froms.length === 0 ? [] : froms.length === 1 ? parseFrom(froms[0]?.nodes ?? [], readQuery) : null;
  const isOdd = nodes.some(
    (node, at) => isWord(node, ...refused) && !isMark(nodes[at - 1], '.') && !isMark(nodes[at + 1], '('),
  );
  const isTwice = new Set(clauses.map((clause) => clause.keyword)).size !== clauses.length;
  const isEmpty = clauses.some((clause) => clause.nodes.length === 0);
  if (from === null || isOdd || isTwice || isEmpty || items.some((item) => item === null)) return null;
  return {
    lead,
    items: items.flatMap((item) => item ?? []),
    from,
    clauses: clauses.filter((clause) => clause.keyword !== 'from'),
  };
}

/** `distinct`, `distinct on (...)`, `all`, hints: what is between `select` and the first output. */
function splitLead(nodes: readonly SqlNode[]): { lead: SqlNode[]; list: SqlNode[] } {
  let at = 0;
  while (nodes[at]?.kind === 'hint') at += 1;
  if (isWord(nodes[at], 'distinct', 'all')) at += 1;
  if (isWord(nodes[at], 'on') && isGroup(nodes[at + 1])) at += 2;
  if (isWord(nodes[at], 'top') && nodes[at + 1]?.kind === 'number') at += 2;
  return { lead: nodes.slice(0, at), list: nodes.slice(at) };
}
