import type { Finding } from '../../model/finding.ts';

const LIKE = / \(it looks like `([^`]*)`\)\.$/;

/** Says that an id could not be told, with what is known of it: `*` stands for any text. */
export function unclearId(id: string): string {
  const known = id.replaceAll('*', '') === '' ? '' : ` (it looks like \`${id}\`)`;
  return `The id of a DAG made here is known only when the file runs${known}.`;
}

/** The files that may make DAGs beside those that were found, and what their ids look like. */
export function filesWithUnclearDags(findings: readonly Finding[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { check, path, message } of findings) {
    if (path === null || !/^airflow-(dynamic-dag|static-limit)$/.test(check)) continue;
    const id = LIKE.exec(message)?.[1] ?? '*';
    found.set(path, [...new Set([...(found.get(path) ?? []), id])]);
  }
  return found;
}
