/** One entry of a project's tree. `path` is relative to the root, with forward slashes. */
export type FileEntry = { path: string; size: number; executable: boolean };

/**
 * The readable files of a project, as pure code sees them. Symlinks that lead outside, ignored files and
 * files over the size limit are not in it (each left a finding when the tree was read).
 * `text` gives null for a file that is not in the tree or is not UTF-8 text.
 */
export type ProjectFiles = {
  entries: readonly FileEntry[];
  text(path: string): string | null;
};
