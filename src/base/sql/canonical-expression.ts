import { isVolatile } from './functions.ts';
import { isKeyword, type SqlToken } from './lex-sql.ts';
import { mayFail } from './may-fail.ts';
import { flatten, isGroup, isMark, isName, isWord, type SqlGroup, type SqlNode } from './node-tree.ts';
import type { Printing } from './printing.ts';

/** An expression with names of tables by their place and without brackets around single names and values. */
export function printNodes(nodes: readonly SqlNode[], printing: Printing): string {
  return nodes
    .map((node, at) => (node.kind === 'group' ? printGroup(nodes, at, printing) : printToken(nodes, at, printing)))
    .join(' ');
}

function printToken(nodes: readonly SqlNode[], at: number, printing: Printing): string {
  const node = nodes[at];
  if (node === undefined || node.kind === 'group') return '';
  const qualifies = isName(node) && isMark(nodes[at + 1], '.') && !isMark(nodes[at - 1], '.');
  return qualifies ? (renamed(node, printing) ?? node.text) : node.text;
}

function renamed(token: SqlToken, { scopes }: Printing): string | null {
  for (const scope of scopes) {
    const name = scope.names.get(token.text);
    if (name !== undefined) return name;
    if (scope.hidden) return null;
  }
  return null;
}

const closing: { [open: string]: string } = { '(': ')', '[': ']', '{': '}' };

function printGroup(nodes: readonly SqlNode[], at: number, printing: Printing): string {
  const group = nodes[at];
  if (group?.kind !== 'group') return '';
  const query = group.open === '(' ? printing.subquery(group.nodes, printing) : null;
  if (query !== null) return `(${query})`;
  const inside = printNodes(group.nodes, printing);
  return isNeedless(group, nodes[at - 1], nodes[at + 1], printing)
    ? inside
    : `${group.open}${inside}${closing[group.open]}`;
}

/** `(a)`: brackets around one name or value, where they are not a call's or a list's. */
function isNeedless(
  group: SqlGroup,
  before: SqlNode | undefined,
  after: SqlNode | undefined,
  printing: Printing,
): boolean {
  const [only] = group.nodes;
  if (printing.careful || group.open !== '(' || group.nodes.length !== 1 || only === undefined) return false;
  const isAtom = only.kind === 'number' || only.kind === 'string' || (isName(only) && !isKeyword(only.text));
  const isAfterSign =
    before === undefined ||
    (before.kind === 'mark' && ['+', '*', '/', '=', '<', '>', '<=', '>=', '<>', ','].includes(before.text));
  const isBeforeSign = after === undefined || after.kind === 'mark' || after.kind === 'word';
  return isAtom && isAfterSign && isBeforeSign && !isMark(after, '.') && !isMark(after, ':') && !isMark(after, '::');
}

/** A condition: operands of `and` and of `or` in an order of their own, where none of them is volatile. */
export function printCondition(nodes: readonly SqlNode[], printing: Printing): string {
  if (printing.careful || flatten(nodes).some((token) => token.kind === 'word' && isVolatile(token.text)))
    return printNodes(nodes, printing);
  const whole = unwrapped(nodes, printing);
  const either = splitLogic(whole, 'or');
  if (either === null) return printNodes(whole, printing);
  const printed = either.map((piece) => printConjunction(piece, printing));
  return joined(printed, 'or', mayFail(whole, printing));
}

function printConjunction(nodes: readonly SqlNode[], printing: Printing): string {
  const pieces = splitLogic(nodes, 'and');
  if (pieces === null) return printNodes(nodes, printing);
  const printed = pieces.map((piece) => printOperand(piece, printing));
  return joined(printed, 'and', mayFail(nodes, printing));
}

function printOperand(nodes: readonly SqlNode[], printing: Printing): string {
  const whole = unwrapped(nodes, printing);
  if (whole === nodes) return printNodes(nodes, printing);
  const inside = printCondition(whole, printing);
  return splitLogic(whole, 'or')?.length === 1 && splitLogic(whole, 'and')?.length === 1 ? inside : `(${inside})`;
}

/** Operands in an order of their own; one that may fail on some values may be guarded by those before it, and stays behind them. */
function joined(pieces: string[], word: string, isGuarded: boolean): string {
  return (isGuarded ? pieces : pieces.sort()).join(` ${word} `);
}

/** Without the brackets around all of it. */
function unwrapped(nodes: readonly SqlNode[], printing: Printing): readonly SqlNode[] {
  const [only] = nodes;
  if (nodes.length !== 1 || !isGroup(only) || only.nodes.length === 0) return nodes;
  const isList = only.nodes.some((node) => isMark(node, ','));
  return isList || printing.subquery(only.nodes, printing) !== null ? nodes : unwrapped(only.nodes, printing);
}

/** The operands of a logical word at this level; null where it cannot be told which words are its own. */
function splitLogic(nodes: readonly SqlNode[], word: 'and' | 'or'): SqlNode[][] | null {
  const pieces: SqlNode[][] = [[]];
  let cases = 0;
  let betweens = 0;
  for (const [at, node] of nodes.entries()) {
    const isOwn = node.kind === 'word' && !isMark(nodes[at - 1], '.');
    if (isOwn && node.text === 'case') cases += 1;
    if (isOwn && node.text === 'end') cases -= 1;
    if (cases < 0) return null;
    if (isOwn && node.text === 'between' && cases === 0) betweens += 1;
    if (isOwn && node.text === 'and' && betweens > 0 && cases === 0) {
      betweens -= 1;
      pieces.at(-1)?.push(node);
    } else if (isOwn && node.text === word && cases === 0) pieces.push([]);
    else pieces.at(-1)?.push(node);
  }
  return cases !== 0 || pieces.some((piece) => piece.length === 0) || nodes.some((node) => isWord(node, 'xor'))
    ? null
    : pieces;
}
