/** Why a path must not be a file of an archive, or null when it may: relative, forward slashes, no way up, no odd bytes. */
export function unsafePath(path: string): string | null {
  if (path === '') return 'it has no name';
  if (path.startsWith('/')) return 'its path is absolute';
  if (path.includes('\\')) return 'its path holds a backslash';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'its path holds a control character';
  if (path.includes('\ufffd')) return 'its path is not UTF-8';
  if (/^[A-Za-z]:/.test(path)) return 'its path names a drive';
  if (Buffer.byteLength(path) > 4000) return 'its path is too long';
  const pieces = path.split('/');
  if (pieces.includes('..')) return 'its path leads up';
  if (pieces.some((piece) => piece === '' || piece === '.')) return 'its path has an empty piece';
  if (pieces.some((piece) => Buffer.byteLength(piece) > 255)) return 'a piece of its path is too long';
  return null;
}

/** Compares by the bytes of UTF-8, so that the order is the same in any locale. */
export function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
}
