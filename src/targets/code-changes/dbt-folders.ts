import { readYaml } from '../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

const kinds = ['model', 'seed', 'snapshot', 'test', 'macro', 'analysis'];
const usual = ['models', 'seeds', 'snapshots', 'tests', 'macros', 'analyses'];

/** The folders, each with a `/` at its end, whose files dbt reads: a project's own, or those that it names where it is all of the repository. */
export function dbtFolders(revisions: readonly ProjectFiles[]): string[] {
  const found = revisions.flatMap(({ entries, text }) =>
    entries.flatMap(({ path }) => {
      const folder = /^(.*\/|)dbt_project\.yml$/.exec(path)?.[1];
      if (folder === undefined) return [];
      return folder === '' ? namedIn(text(path) ?? '') : [folder];
    }),
  );
  return [...new Set(found)];
}

function namedIn(text: string): string[] {
  const said: unknown = readYaml(text).value;
  const named = kinds.flatMap((kind) => {
    const key = `${kind}-paths`;
    const value: unknown =
      said !== null && typeof said === 'object' ? Object.entries(said).find(([name]) => name === key)?.[1] : null;
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  });
  return (named.length > 0 ? named : usual).map((folder) => `${folder.replace(/^\.\//, '').replace(/\/$/, '')}/`);
}
