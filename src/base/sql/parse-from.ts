import { isKeyword } from './lex-sql.ts';
import { isGroup, isMark, isName, isWord, type SqlNode } from './node-tree.ts';
import type { FromItem, Query } from './query-tree.ts';

const joinWords = ['inner', 'left', 'right', 'full', 'outer', 'cross', 'natural', 'semi', 'anti', 'asof', 'positional'];

type Piece = { join: string; nodes: SqlNode[] };
/** Reads what is in brackets as a query: null when it is one that is not understood, undefined when it is none. */
type QueryReader = (nodes: readonly SqlNode[]) => Query | null | undefined;

/** What a `from` clause reads. Null: not understood. */
export function parseFrom(nodes: readonly SqlNode[], readQuery: QueryReader): FromItem[] | null {
  const items = splitJoins(nodes).map((piece) => parsePiece(piece, readQuery));
  return items.length === 0 || items.includes(null) ? null : items.flatMap((item) => item ?? []);
}

function splitJoins(nodes: readonly SqlNode[]): Piece[] {
  const pieces: Piece[] = [{ join: '', nodes: [] }];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined) break;
    const join = isMark(node, ',') ? { kind: ',', to: at } : joinAt(nodes, at);
    if (join === null) pieces.at(-1)?.nodes.push(node);
    else {
      pieces.push({ join: join.kind, nodes: [] });
      at = join.to;
    }
  }
  return pieces;
}

/** `left outer join` is `left`, `join` alone `inner`; the database says the same of them. */
function joinAt(nodes: readonly SqlNode[], at: number): { kind: string; to: number } | null {
  const words: string[] = [];
  let to = at;
  for (let node = nodes[to]; node?.kind === 'word' && joinWords.includes(node.text); node = nodes[to]) {
    words.push(node.text);
    to += 1;
  }
  if (!isWord(nodes[to], 'join') || isMark(nodes[at - 1], '.')) return null;
  const kind = words.filter((word) => word !== 'outer' && word !== 'inner').join(' ');
  return { kind: kind === '' ? 'inner' : kind, to };
}

function parsePiece({ join, nodes }: Piece, readQuery: QueryReader): FromItem | null {
  const lateral = isWord(nodes[0], 'lateral') && !isWord(nodes[1], 'view');
  const condition = nodes.findIndex((node) => isWord(node, 'on', 'using'));
  const head = nodes.slice(lateral ? 1 : 0, condition === -1 ? undefined : condition);
  const length = sourceLength(head);
  if (length === 0) return null;
  const source = head.slice(0, length);
  const rest = head.slice(length);
  const aliased = isWord(rest[0], 'as') ? 1 : 0;
  const alias = rest[aliased];
  const hasAlias =
    isName(alias) && (alias.kind === 'quoted' || (!isKeyword(alias.text) && !oddWords.includes(alias.text)));
  const more = hasAlias ? rest.slice(aliased + 1) : rest;
  const group = isGroup(source[0]) && source.length === 1 ? source[0] : null;
  const query = group === null ? undefined : readQuery(group.nodes);
  if (query === null) return null;
  const on = conditionOf(nodes, condition);
  return {
    join,
    lateral,
    source,
    query: query ?? null,
    alias: hasAlias ? alias : null,
    bare: hasAlias && aliased === 0,
    more,
    condition: on,
    odd:
      more.length > 0 ||
      (group !== null && query === undefined) ||
      isWord(source[0], ...oddWords) ||
      on?.nodes.some((node) => isWord(node, 'on', 'using', ...oddWords)) === true,
  };
}

const oddWords = [
  'pivot',
  'unpivot',
  'tablesample',
  'sample',
  'lateral',
  'values',
  'at',
  'before',
  'version',
  'timestamp',
  'changes',
  'only',
  'table',
  'with',
  'match_recognize',
];

/** A table's name with its dots, brackets, or a function's name with its arguments. */
function sourceLength(nodes: readonly SqlNode[]): number {
  if (isGroup(nodes[0])) return 1;
  let length = 0;
  while (isName(nodes[length]) || nodes[length]?.kind === 'string') {
    length += 1;
    if (isGroup(nodes[length])) return length + 1;
    if (!isMark(nodes[length], '.')) return length;
    length += 1;
  }
  return 0;
}

function conditionOf(nodes: readonly SqlNode[], at: number): FromItem['condition'] {
  const word = nodes[at];
  return word?.kind === 'word' ? { keyword: word.text, nodes: nodes.slice(at + 1) } : null;
}
