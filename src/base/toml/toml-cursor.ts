/** A place in the text being read; `at` moves forward. */
export type Cursor = { text: string; at: number };

/** An error that says in which line the reading stopped. */
export function tomlError(cursor: Cursor, expected: string): Error {
  const line = cursor.text.slice(0, cursor.at).split('\n').length;
  return new Error(`line ${line}: ${expected} was expected`);
}

/** Past spaces, line ends and comments. */
export function skipBlank(cursor: Cursor): void {
  skip(cursor, /(?:[ \t\n]|#[^\n]*)*/y);
}

/** Past spaces and tabs. */
export function skipSpace(cursor: Cursor): void {
  skip(cursor, /[ \t]*/y);
}

/** Takes `text` if it is next. */
export function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}

function skip(cursor: Cursor, pattern: RegExp): void {
  pattern.lastIndex = cursor.at;
  cursor.at += pattern.exec(cursor.text)?.[0].length ?? 0;
}
