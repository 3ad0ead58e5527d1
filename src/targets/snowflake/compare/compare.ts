import { compareQueries } from '../../../base/sql/compare-queries.ts';
import type { AssetChange } from '../../../model/change.ts';
import type { AssetKey } from '../../../model/identifiers.ts';
import { type Remark, remark, sumUp } from '../../../model/sum-up.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { type ObjectStatement, objectsOf, type ScriptObject } from './objects.ts';
import { addedColumn, columnOf, gone, tableRemarks } from './table-remarks.ts';

/** Tables and views by what their statements say, in the order the scripts are run. */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null) return [];
  const [before, after] = [objectsOf(base), objectsOf(head)];
  const changes: AssetChange[] = [];
  for (const [key, object] of after) {
    const old = before.get(key);
    if (old === undefined) continue;
    const change = await objectChange(key, old, object);
    if (change !== null || textsDiffer(key, base, head))
      changes.push(change ?? sumUp(key, [], 'What the script says of it is the same.'));
  }
  return changes;
}

function textsDiffer(key: AssetKey, base: PartRevision, head: PartRevision): boolean {
  const [was, is] = [base, head].map(({ files, discovery }) => {
    const path = discovery.assets.find((asset) => asset.key === key)?.path ?? null;
    return path === null ? null : files.text(path);
  });
  return was !== is;
}

async function objectChange(key: AssetKey, old: ScriptObject, now: ScriptObject): Promise<AssetChange | null> {
  const touched =
    old.touching.join(';') === now.touching.join(';')
      ? []
      : [remark('unknown', 'Statements that fill or change it are others.')];
  if (JSON.stringify(old.own.map(wordsOf)) === JSON.stringify(now.own.map(wordsOf)))
    return touched.length === 0 ? null : sumUp(key, touched, '');
  const same = now.own.slice(0, old.own.length);
  const differing = old.own.flatMap((was, at): [ObjectStatement, ObjectStatement][] => {
    const is = same[at];
    return is === undefined || JSON.stringify(wordsOf(was)) === JSON.stringify(wordsOf(is)) ? [] : [[was, is]];
  });
  if (same.length < old.own.length || differing.length > 1)
    return sumUp(key, [remark('unknown', 'The statements that make it are others.'), ...touched], '');
  const changed = await Promise.all(differing.map(([was, is]) => statementRemarks(was, is)));
  const added = now.own.slice(old.own.length).flatMap(alterRemarks);
  return sumUp(key, [...changed.flat(), ...added, ...touched], 'It is the same in other words.');
}

function wordsOf({ does, type, modifiers, rest }: ObjectStatement): unknown {
  return [does, type, modifiers, rest];
}

async function statementRemarks(was: ObjectStatement, is: ObjectStatement): Promise<Remark[]> {
  if (was.does !== is.does || was.type !== is.type) return [remark('unknown', 'It is made in another way.')];
  if (was.does === 'create' && was.type === 'view') return viewRemarks(was, is);
  const found = was.does === 'create' ? tableRemarks(was, is) : null;
  return found ?? [remark('unknown', 'The statement that makes it is another.')];
}

async function viewRemarks(was: ObjectStatement, is: ObjectStatement): Promise<Remark[]> {
  const [old, now] = [queryOf(was), queryOf(is)];
  if (old === null || now === null || old.head !== now.head || was.modifiers.join() !== is.modifiers.join())
    return [remark('unknown', 'It is another kind of view, or names its columns otherwise.')];
  const { effect, because, columns } = await compareQueries(old.query, now.query, 'snowflake');
  if (effect === 'none') return [];
  if (columns === null || columns.length === 0) return [remark(effect, because)];
  return columns.map((column) => remark(effect, because, column));
}

/** The query behind the first `as` that stands in no bracket, and the words before it, less the comment. */
function queryOf({ rest, text }: ObjectStatement): { head: string; query: string } | null {
  let depth = 0;
  const at = rest.findIndex((word) => {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    return depth === 0 && word === 'as';
  });
  const start = /\bas\b\s*(?=\(?\s*(?:with|select)\b)/i.exec(text);
  if (at === -1 || start === null) return null;
  const head = rest
    .slice(0, at)
    .join(' ')
    .replace(/comment = '[^']*'/, '')
    .trim();
  return { head, query: text.slice(start.index + start[0].length) };
}

/** `alter table` statements that were appended. */
function alterRemarks({ does, type, rest }: ObjectStatement): Remark[] {
  if (does === 'alter' && type === 'table') {
    const words = rest.filter((word, at) => !(word === 'column' && at === 1));
    const exists = words[1] === 'if' ? (words[2] === 'not' ? 3 : 2) : 0;
    const said = words.slice(1 + exists);
    if (
      words[0] === 'add' &&
      !said.includes(',') &&
      !['constraint', 'primary', 'unique', 'row', 'search'].includes(said[0] ?? '')
    )
      return [addedColumn(columnOf(said), true)];
    if (words[0] === 'drop' && said.length === 1) return [gone((said[0] ?? '').replaceAll('"', ''))];
    if (words[0] === 'set' && words[1] === 'comment') return [];
  }
  return [remark('unknown', 'A statement about it is new.')];
}
