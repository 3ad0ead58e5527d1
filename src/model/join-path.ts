/** `relative` seen from `folder`, both in a project with forward slashes (the root is the empty text). `..` never leaves the root. */
export function joinPath(folder: string, relative: string): string {
  const pieces = folder === '' ? [] : folder.split('/');
  for (const piece of relative.split('/')) {
    if (piece === '..') pieces.pop();
    else if (piece !== '.' && piece !== '') pieces.push(piece);
  }
  return pieces.join('/');
}

/** The folder that a path is in; the empty text for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
