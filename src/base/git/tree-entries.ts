import { fail } from '../errors.ts';
import { askGit } from './run-git.ts';

/** One path of a commit. `id` is the object's name; `size` in bytes is 0 for a submodule. */
export type TreeEntry = {
  path: string;
  kind: 'file' | 'link' | 'submodule';
  executable: boolean;
  id: string;
  size: number;
};

/** Every path of a commit below `prefix` (empty: all of it), relative to the prefix. Throws `git-refused`. */
export function treeEntries(repository: string, commit: string, prefix: string): TreeEntry[] {
  const below = prefix === '' ? [] : ['--', `${prefix}/`];
  const { out, said } = askGit(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, ...below]);
  if (out === null) throw fail('git-refused', { what: `list the files of ${commit}`, said });
  return out
    .toString('utf8')
    .split('\0')
    .flatMap((line) => entryOf(line, prefix === '' ? 0 : prefix.length + 1));
}

/** `<mode> <type> <id> <size>\t<path>` */
function entryOf(line: string, skip: number): TreeEntry[] {
  const tab = line.indexOf('\t');
  if (tab === -1) return [];
  const [mode = '', , id = '', size = '0'] = line.slice(0, tab).split(/ +/);
  const kind = mode === '120000' ? 'link' : mode === '160000' ? 'submodule' : 'file';
  return [{ path: line.slice(tab + 1 + skip), kind, executable: mode === '100755', id, size: Number(size) || 0 }];
}
