const PIECE = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|`[^`\n]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[^"'`/]+|[\s\S]/g;

/**
 * Scala, Java and Kotlin without comments, their lines kept, because line ends may mean something. A comment within a comment, which
 * Scala and Kotlin know and Java does not, is left as it is, and so is a file with texts in triple quotes, which escape otherwise.
 */
export function withoutComments(code: string): string {
  if (code.includes('"""')) return code;
  const plain = [...code.matchAll(PIECE)].map(([piece]) => {
    if (piece.startsWith('//')) return '';
    if (!piece.startsWith('/*') || piece.indexOf('/*', 2) !== -1) return piece;
    return piece.replaceAll(/[^\n]+/g, ' ');
  });
  return plain
    .join('')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}
