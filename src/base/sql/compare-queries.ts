import { type Delta, isNothing } from './delta.ts';
import { NotUnderstood } from './printing.ts';
import { queryDelta } from './query-delta.ts';
import { hasPathInOtherCase, hasSameWords } from './same-words.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { canonicalText, tokenText, type Understood, understand } from './understand.ts';

/**
 * What replacing one query by another does to who reads it. `columns` are all that differ where the rows are the same, null
 * where any may. `none` and `compatible` are said only where they are certain; `because` is one sentence.
 */
export type QueryChange = {
  effect: 'none' | 'compatible' | 'unknown' | 'breaking';
  because: string;
  columns: { name: string; change: 'added' | 'removed' | 'changed' }[] | null;
};

/**
 * Compares two queries (one statement each) by their text alone. `columnsOf` gives the columns of a table, by its name in small
 * letters without quotes, as they are with the change; null where they are not known. Never throws.
 */
export async function compareQueries(
  base: string,
  head: string,
  dialect: SqlDialect,
  columnsOf: (table: string) => readonly string[] | null = () => null,
): Promise<QueryChange> {
  const [before, after] = await Promise.all([
    understand(base, dialect, { untried: false, columnsOf }),
    understand(head, dialect, { untried: true, columnsOf }),
  ]);
  if (before === null || after === null) {
    if (base.trim() === head.trim()) return sameText;
    return { effect: 'unknown', because: 'Its SQL has changed in a way that could not be read.', columns: null };
  }
  if (tokenText(before.tokens, dialect) === tokenText(after.tokens, dialect)) return sameText;
  if (dialect === 'bigquery' && hasPathInOtherCase(before, after)) return changeOf(unexplained);
  const canonical = canonicalText(before);
  if (canonical !== null && canonical === canonicalText(after) && hasSameWords(before, after))
    return { effect: 'none', because: 'Its SQL says the same in other words.', columns: [] };
  return changeOf(deltaOf(before, after));
}

const sameText: QueryChange = {
  effect: 'none',
  because: 'Only comments or the layout of its SQL differ.',
  columns: [],
};

function deltaOf(before: Understood, after: Understood): Delta {
  if (before.query === null || after.query === null)
    return { is: 'rows', sure: false, because: 'its SQL has changed, and is written in a way that is not understood' };
  try {
    const base = { query: before.query, printing: before.printing };
    const head = { query: after.query, printing: after.printing };
    const delta = queryDelta(base, head, new Map());
    return delta;
  } catch (error) {
    if (error instanceof NotUnderstood) return unexplained;
    throw error;
  }
}

const unexplained: Delta = {
  is: 'rows',
  sure: false,
  because: 'its SQL differs in a way whose meaning is not certain',
};

function changeOf(delta: Delta): QueryChange {
  if (isNothing(delta))
    return { effect: 'none', because: 'What differs in its SQL reaches none of its outputs.', columns: [] };
  if (delta.is === 'rows')
    return { effect: delta.sure ? 'breaking' : 'unknown', because: sentence(delta.because), columns: null };
  const columns = (['added', 'removed', 'changed'] as const).flatMap((change) =>
    delta[change].map((name) => ({ name, change })),
  );
  const breaks = delta.removed.length + delta.changed.length > 0;
  return { effect: breaks ? 'breaking' : 'compatible', because: columnSentence(delta), columns };
}

function columnSentence({ added, removed, changed }: Extract<Delta, { is: 'columns' }>): string {
  const parts = [
    removed.length > 0 ? `${list(removed)} ${removed.length === 1 ? 'is' : 'are'} gone` : '',
    changed.length > 0 ? `${list(changed)} ${changed.length === 1 ? 'is' : 'are'} computed in another way` : '',
    added.length > 0 ? `${list(added)} ${added.length === 1 ? 'is' : 'are'} new` : '',
  ].filter((part) => part !== '');
  const rest = removed.length + changed.length === 0 ? '; all else is as it was' : '';
  return sentence(`${parts.join(', ')}${rest}`);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length === 1 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
