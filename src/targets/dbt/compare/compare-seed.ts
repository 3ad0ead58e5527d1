import { isDeepStrictEqual } from 'node:util';
import type { PropertyChange } from './compare-properties.ts';

/** What a changed seed file does: other values, or only other line ends and quotes around the same values. */
export function compareSeed(base: string | null, head: string | null): PropertyChange | null {
  if (base === null || head === null)
    return { effect: 'unknown', because: 'Its file cannot be read as text.', columns: null };
  if (base === head) return null;
  const [before, after] = [csvRows(base), csvRows(head)];
  if (isDeepStrictEqual(before, after))
    return { effect: 'none', because: 'Only line ends or quotes of its file differ.', columns: [] };
  const isHeader = !isDeepStrictEqual(before[0], after[0]);
  const because = isHeader
    ? 'Its columns are others.'
    : `Its rows are others: it had ${before.length - 1} and has ${after.length - 1}.`;
  return { effect: 'breaking', because, columns: null };
}

/** Rows of fields; a field in quotes is told from one without only where it is empty, which may mean no value. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const body = text.replace(/^\uFEFF/, '');
  while (field.lastIndex < body.length) {
    const found = field.exec(body);
    // What does not follow the rules of CSV is compared as it is.
    if (found === null) return [[text]];
    const [, quoted, bare = '', end = ''] = found;
    row.push(quoted === undefined ? bare : quoted === '' ? '""' : quoted.replaceAll('""', '"'));
    if (end === ',') {
      if (field.lastIndex === body.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}
