const PIECE =
  /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|`[^`\n]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[^"'`/]+|[\s\S]/g;

/**
 * Scala, Java and Kotlin without comments, their texts untouched and lines kept. A comment within a comment, which Scala and Kotlin
 * know and Java does not, is left as it is.
 */
export function withoutComments(code: string): string {
  const pieces = [...code.matchAll(PIECE)].map(([piece]) => piece);
  const plain = pieces.map((piece) => {
    if (piece.startsWith('//')) return '';
    if (!piece.startsWith('/*') || piece.indexOf('/*', 2) !== -1) return piece;
    return piece.includes('\n') ? '\n' : ' ';
  });
  return plain
    .join('')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
