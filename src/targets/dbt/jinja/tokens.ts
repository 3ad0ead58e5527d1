export type Token = { kind: 'name' | 'text' | 'number' | 'mark'; text: string };

const pattern =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|(\d+(?:\.\d+)?)|(\*\*|\/\/|==|!=|<=|>=|[\s\S]))/y;

const escapes: { [sign: string]: string } = { n: '\n', t: '\t', r: '\r' };

/** The words of a Jinja expression. Marks that mean nothing here are tokens all the same; nothing is thrown. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(code); found !== null; found = pattern.exec(code)) {
    const [, name, double, single, digits, mark] = found;
    const quoted = double ?? single;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined)
      tokens.push({ kind: 'text', text: quoted.replace(/\\([\s\S])/g, (_, sign: string) => escapes[sign] ?? sign) });
    else if (digits !== undefined) tokens.push({ kind: 'number', text: digits });
    else if (mark !== undefined && mark.trim() !== '') tokens.push({ kind: 'mark', text: mark });
    if (pattern.lastIndex >= code.length) break;
  }
  return tokens;
}
