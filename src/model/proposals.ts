/** Folders whose files show or test a tool and are delivered by nobody. */
const aside =
  /(^|\/)(tests?|testing|testdata|test_data|__tests__|fixtures?|site-packages|cookiecutter[^/]*|templates?|docs?|\.[^/]+)(\/|$)/i;

/** Whether a path lies among tests, fixtures, templates or documentation, or is a test by its name. */
export function isSampleOrTest(path: string): boolean {
  return (
    aside.test(path.slice(0, path.lastIndexOf('/') + 1)) ||
    /(^|\/)(test_[^/]*|[^/]*_test|conftest|setup)\.py$/.test(path) ||
    /\{\{|\}\}|\{%/.test(path)
  );
}

/**
 * A short name for each path, unique among them: the last step of `stem(path)`, with further steps put in front where
 * two would be equal. Only letters, digits, dots, dashes and underscores.
 */
export function uniqueNames(paths: readonly string[], stem: (path: string) => string): string[] {
  const steps = paths.map((path) =>
    stem(path)
      .split('/')
      .filter((step) => step !== '' && step !== '.'),
  );
  const depths = steps.map(() => 1);
  const nameAt = (index: number) => clean((steps[index] ?? []).slice(-(depths[index] ?? 1)).join('-'));
  for (let round = 0; round < 20; round += 1) {
    const names = paths.map((_, index) => nameAt(index));
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    if (twice.size === 0) return names;
    names.forEach((name, index) => {
      if (twice.has(name)) depths[index] = (depths[index] ?? 1) + 1;
    });
  }
  return paths.map((_, index) => `${nameAt(index)}-${index + 1}`);
}

function clean(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .replace(/-+$/, '') || 'main'
  );
}

/** The folders, without those that lie inside another of them. The root is the empty text. */
export function outermost(folders: Iterable<string>): string[] {
  const all = [...new Set(folders)].sort();
  const chosen = new Set(all);
  return all.filter((folder) => {
    for (let slash = folder.lastIndexOf('/'); slash > 0; slash = folder.lastIndexOf('/', slash - 1)) {
      if (chosen.has(folder.slice(0, slash))) return false;
    }
    return folder === '' || !chosen.has('');
  });
}

/** The folder of a path; the root is the empty text. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
