/** Lines that one commit added to a file, next to each other. `line` is that of the first in the file as the commit left it. */
export type AddedLines = { commit: string; path: string; line: number; lines: string[] };

/** Reads `git log -p -U0 --format=%x00%H` with plain `a/` and `b/` prefixes. What is no added text, such as binary files, is passed over. */
export function addedLines(log: string): AddedLines[] {
  const found: AddedLines[] = [];
  let commit = '';
  let path = '';
  let left = 0;
  for (const line of log.split('\n')) {
    const hunk = left > 0 ? null : /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (left > 0 && line.startsWith('+')) {
      found.at(-1)?.lines.push(line.slice(1));
      left -= 1;
    } else if (hunk !== null) {
      left = Number(hunk[2] ?? 1);
      if (left > 0 && path !== '') found.push({ commit, path, line: Number(hunk[1]), lines: [] });
    } else if (left === 0 && line.startsWith('\0')) {
      commit = line.slice(1);
    } else if (left === 0 && line.startsWith('+++ ')) {
      path = line.startsWith('+++ b/') ? line.slice(6).replace(/\t$/, '') : '';
    }
  }
  return found;
}
