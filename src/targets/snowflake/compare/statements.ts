/** One statement of a script without comments: `text` as it is written, `words` as they are compared. */
export type Statement = { text: string; words: string[] };

const token =
  /'(?:[^'\\]|\\.|'')*'|\$\$[\s\S]*?\$\$|"(?:[^"]|"")*"|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|::|<>|!=|>=|<=|\|\||=>|\S/g;

/** The statements of a script. Words without quotes are the same in any case; comments and layout count for nothing. */
export function statementsIn(script: string): Statement[] {
  const found: Statement[] = [];
  let words: string[] = [];
  let from = 0;
  let text = '';
  for (const match of script.matchAll(token)) {
    const [word] = match;
    if (/^(--|\/\/|\/\*)/.test(word)) {
      text += `${script.slice(from, match.index)} `;
      from = match.index + word.length;
    } else if (word === ';') {
      found.push({ text: text + script.slice(from, match.index), words });
      words = [];
      text = '';
      from = match.index + 1;
    } else words.push(/^['"$]/.test(word) ? word : word.toLowerCase());
  }
  found.push({ text: text + script.slice(from), words });
  return found.filter((statement) => statement.words.length > 0);
}

/** The pieces between commas that are in no bracket. */
export function betweenCommas(words: readonly string[]): string[][] {
  const pieces: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === ',' && depth === 0) pieces.push([]);
    else pieces.at(-1)?.push(word);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** The index of the bracket that closes the one at `open`; the end where none does. */
export function closingOf(words: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < words.length; at += 1) {
    if (words[at] === '(') depth += 1;
    if (words[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return words.length;
}
