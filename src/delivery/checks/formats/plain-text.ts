/** Order of writing turned round, or invisible: what a reader cannot see must not change what is read. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const invisible = /(?![\u200c\u200d])\p{Cf}/gu;

/**
 * Any text as one well-formed line: control characters become spaces, characters that turn the direction of writing are
 * shown by their number, other invisible ones are left out. At most `limit` characters, the last an ellipsis when cut.
 */
export function plainText(text: string, limit: number): string {
  const line = text
    .toWellFormed()
    .replace(turning, (found) => ` U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} `)
    .replace(invisible, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, Math.max(0, limit - 1)).join('')}…`;
}
