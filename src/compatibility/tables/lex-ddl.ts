/** `quoted`: a text or a name in quotes, given without them. */
export type DdlToken = { text: string; line: number; quoted: boolean };

const shapes =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|[\s\S]/g;

/** The words, texts and signs of SQL; spaces and comments are left out. */
export function lexDdl(text: string): DdlToken[] {
  const tokens: DdlToken[] = [];
  let line = 1;
  for (const [shape] of text.matchAll(shapes)) {
    const isSpace = /^(\s|--|\/\*)/.test(shape);
    const quoted = /^['"`]/.test(shape) && shape.length > 1;
    if (!isSpace) tokens.push({ text: quoted ? shape.slice(1, -1) : shape, line, quoted });
    line += shape.split('\n').length - 1;
  }
  return tokens;
}
