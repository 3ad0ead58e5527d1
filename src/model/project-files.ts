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

const wholes = new WeakMap<ProjectFiles, ProjectFiles>();

/** The files of these `entries` alone; `read` hears of each text that is asked for. `wholeOf` gives back all of them. */
export function narrowed(
  files: ProjectFiles,
  entries: readonly FileEntry[],
  read: (path: string, text: string | null) => void,
): ProjectFiles {
  let paths: ReadonlySet<string> | null = null;
  const view: ProjectFiles = {
    entries,
    text(path) {
      paths ??= new Set(entries.map((entry) => entry.path));
      if (!paths.has(path)) return null;
      const text = files.text(path);
      read(path, text);
      return text;
    },
  };
  wholes.set(view, wholeOf(files));
  return view;
}

/** All the files that a narrowed view was made of; the files themselves where they are no such view. */
export function wholeOf(files: ProjectFiles): ProjectFiles {
  return wholes.get(files) ?? files;
}
