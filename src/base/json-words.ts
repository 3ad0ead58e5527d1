/**
 * A JSON text without its layout: numbers and texts stay as they are written, for `1.0` and `1`, or whole numbers above 2^53,
 * are not the same to every reader. Null when the text is no JSON.
 */
export function jsonWords(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, quoted: string | undefined) => quoted ?? '');
}

/** The value of a JSON text, each number as an object that holds it as written. Throws SyntaxError. */
export function parseWithWrittenNumbers(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, written?: { source?: string }) =>
    typeof value === 'number' ? { number: written?.source } : value,
  );
}
