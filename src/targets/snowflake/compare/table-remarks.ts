import { type Remark, remark } from '../../../model/sum-up.ts';
import { sameType, widens } from './column-types.ts';
import type { ObjectStatement } from './objects.ts';
import { betweenCommas, closingOf } from './statements.ts';

type Column = { name: string; type: string; rest: string };
type Table = { columns: Column[]; constraints: string[]; options: string };

const constraintWords = ['primary', 'unique', 'foreign', 'constraint'];
/** Words that end the type of a column. */
const afterType = [
  'not',
  'null',
  'default',
  'comment',
  'primary',
  'unique',
  'references',
  'autoincrement',
  'identity',
  'collate',
  'constraint',
  'with',
  'tag',
  'masking',
  'as',
];

/** How two `create table` statements differ. Null where one of them is not a list of columns. */
export function tableRemarks(before: ObjectStatement, after: ObjectStatement): Remark[] | null {
  const [old, now] = [tableIn(before), tableIn(after)];
  if (old === null || now === null) return null;
  return [
    ...columnRemarks(old.columns, now.columns),
    ...(old.constraints.join() === now.constraints.join() ? [] : [remark('unknown', 'Its constraints are others.')]),
    ...(old.options === now.options ? [] : [remark('unknown', 'Its options are others.')]),
    ...(before.modifiers.join() === after.modifiers.join() ? [] : [remark('unknown', 'It is another kind of table.')]),
  ];
}

function tableIn({ rest }: ObjectStatement): Table | null {
  if (rest[0] !== '(') return null;
  const end = closingOf(rest, 0);
  const pieces = betweenCommas(rest.slice(1, end));
  const isConstraint = (piece: string[]) => constraintWords.includes(piece[0] ?? '');
  return {
    columns: pieces.filter((piece) => !isConstraint(piece)).map(columnOf),
    constraints: pieces.filter(isConstraint).map((piece) => piece.join(' ')),
    options: withoutComment(rest.slice(end + 1)).join(' '),
  };
}

/** `name type rest`, the comment left out. */
export function columnOf(words: readonly string[]): Column {
  const [name = '', ...said] = words;
  const kept = withoutComment(said);
  const end = kept.findIndex((word) => afterType.includes(word));
  const type = end === -1 ? kept : kept.slice(0, end);
  return { name: name.replaceAll('"', ''), type: sameType(type.join('')), rest: kept.slice(type.length).join(' ') };
}

function withoutComment(words: readonly string[]): string[] {
  const at = words.indexOf('comment');
  if (at === -1) return [...words];
  const skip = words[at + 1] === '=' ? 3 : 2;
  return [...words.slice(0, at), ...words.slice(at + skip)];
}

function columnRemarks(before: readonly Column[], after: readonly Column[]): Remark[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const names = new Set(after.map((column) => column.name));
  const removed = before.filter(({ name }) => !names.has(name)).map(({ name }) => gone(name));
  const kept = after.filter(({ name }) => old.has(name)).map(({ name }) => name);
  const isMoved =
    kept.join() !==
    before
      .filter(({ name }) => names.has(name))
      .map(({ name }) => name)
      .join();
  const last = after.findLastIndex(({ name }) => old.has(name));
  return [
    ...removed,
    ...after.flatMap((column, index) => {
      const was = old.get(column.name);
      return was === undefined ? [addedColumn(column, index > last)] : changedColumn(was, column);
    }),
    ...(isMoved ? [remark('unknown', 'Its columns are in another order.')] : []),
  ];
}

export function gone(name: string): Remark {
  return remark('breaking', `Column \`${name}\` is gone.`, { name, change: 'removed' });
}

/** Writers that name no columns fill them by their order, so only the end is a safe place. */
export function addedColumn({ name, rest }: Column, atEnd: boolean): Remark {
  const column = { name, change: 'added' as const };
  if (/not null/.test(rest) && !/default|autoincrement|identity/.test(rest))
    return remark('breaking', `Column \`${name}\` is new and must be filled: writers that do not know it fail.`);
  return atEnd
    ? remark('compatible', `Column \`${name}\` is new.`, column)
    : remark('unknown', `Column \`${name}\` is new and stands before others; who writes by order may fail.`);
}

function changedColumn(was: Column, is: Column): Remark[] {
  const column = { name: is.name, change: 'changed' as const };
  const found: Remark[] = [];
  if (was.type !== is.type)
    found.push(
      widens(was.type, is.type)
        ? remark('compatible', `Column \`${is.name}\` is ${is.type} instead of ${was.type}.`, column)
        : remark('breaking', `Column \`${is.name}\` is ${is.type} instead of ${was.type}.`, column),
    );
  if (was.rest === is.rest) return found;
  const [before, after] = [/not null/.test(was.rest), /not null/.test(is.rest)];
  const others = (text: string) => text.replace(/not null|\bnull\b/g, '').trim();
  if (before && !after) found.push(remark('breaking', `Column \`${is.name}\` may be null now.`, column));
  if (!before && after)
    found.push(remark('unknown', `Column \`${is.name}\` may no longer be null; writers may fail.`, column));
  if (others(was.rest) !== others(is.rest))
    found.push(
      remark('unknown', `Column \`${is.name}\` is declared otherwise (${is.rest || 'nothing more'}).`, column),
    );
  return found;
}
