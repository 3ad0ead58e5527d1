/** Words, numbers, texts without escapes (with their quotes) and signs of a file; null where something else stands in it. */
export function plainTokens(text: string): string[] | null {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    const end = endOf(text, at, code);
    if (end < 0) return null;
    if (code !== slash) tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

const [slash, star, quote, apostrophe, backslash, newline] = [47, 42, 34, 39, 92, 10];
const signs = new Set([...'{}=;<>,'].map((sign) => sign.charCodeAt(0)));

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, digits, `_` and the dot that joins names. */
function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 46 || isDigit(code);
}

/** Where what begins here ends; -1 for what is not plain. */
function endOf(text: string, at: number, code: number): number {
  if (signs.has(code)) return at + 1;
  if (code === slash) return commentEnd(text, at);
  if (code === quote || code === apostrophe) return textEnd(text, at, code);
  let end = code === 45 ? at + 1 : at;
  while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
  return end === at ? -1 : end;
}

function commentEnd(text: string, at: number): number {
  const second = text.charCodeAt(at + 1);
  if (second === slash) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  const end = second === star ? text.indexOf('*/', at + 2) : -1;
  return end < 0 ? -1 : end + 2;
}

function textEnd(text: string, at: number, mark: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === mark) return end + 1;
    if (code === backslash || code === newline) return -1;
  }
  return -1;
}
