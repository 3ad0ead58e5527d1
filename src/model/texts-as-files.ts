import type { ProjectFiles } from './project-files.ts';

/** A project that holds exactly these texts, by path. */
export function textsAsFiles(texts: { [path: string]: string }): ProjectFiles {
  const byPath = new Map(Object.entries(texts));
  const entries = [...byPath].map(([path, text]) => ({ path, size: Buffer.byteLength(text), executable: false }));
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, text: (path) => byPath.get(path) ?? null };
}
