import type { BridgeDag, BridgeDagFile } from '../../base/bridge/shapes.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';

/** A DAG and the file that it was found in. */
export type FoundDag = { path: string; dag: BridgeDag; key: AssetKey };

/** The DAGs of all files, in the order of the files. */
export function dagsOf(files: readonly BridgeDagFile[]): FoundDag[] {
  return files.flatMap(({ path, dags }) => dags.map((dag) => ({ path, dag, key: assetKey('airflow:dag', dag.dagId) })));
}

/** A message of Python's on one line, without the paths of this machine and no longer than 300 characters. */
export function oneLine(message: string): string {
  const flat = message.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 300 ? `${flat.slice(0, 297)}...` : flat;
}

/** With one full stop at its end. */
export function sentence(text: string): string {
  return `${text.replace(/[.\s]+$/, '')}.`;
}

/** The first line of a text that holds one of `words` as a quoted text or whole word; null when none does. */
export function lineOfWord(text: string | null, word: string): number | null {
  if (text === null) return null;
  const lines = text.split('\n');
  const quoted = lines.findIndex((line) => line.includes(`'${word}'`) || line.includes(`"${word}"`));
  const index = quoted === -1 ? lines.findIndex((line) => line.includes(word)) : quoted;
  return index === -1 ? null : index + 1;
}
