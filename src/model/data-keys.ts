import { type AssetKey, assetKey } from './identifiers.ts';

/**
 * The key of a table, however it is written: `schema.table` in small letters, without quotes and without its database. Null where a
 * piece of the name is not known.
 */
export function tableKey(name: string): AssetKey | null {
  if (/[*{]/.test(name)) return null;
  const steps = name
    .replaceAll(/["`[\]]/g, '')
    .toLowerCase()
    .split('.')
    .map((step) => step.trim())
    .slice(-2);
  return steps.some((step) => step === '' || /\s/.test(step)) ? null : assetKey('warehouse:table', steps.join('.'));
}

/** The key of a Kafka topic; null where a piece of its name is not known or it is a pattern. */
export function topicKey(name: string): AssetKey | null {
  return /^[\w.-]+$/.test(name) ? assetKey('kafka:topic', name) : null;
}

/**
 * The key of files or a folder of them: `s3://lake/gold/orders`. What chooses among the files of a folder (`*.csv`, `day=2025-06-01`) is left out.
 * `${values.lake_root}` is a piece like any other. Null where too little of it is known.
 */
export function storageKey(path: string): AssetKey | null {
  const [, scheme = '', rest = ''] =
    /^((?:[a-z][\w+.-]*:)?\/*)(.*)$/is.exec(path.trim().replace(/^file:\/*/i, '/')) ?? [];
  const steps = rest.split('/').filter((step) => step !== '' && step !== '.');
  const chosen = steps.findIndex((step) => /[*?[\]]|(?<!\$)\{|^[\w.-]+=/.test(step));
  const known = chosen === -1 ? steps : steps.slice(0, chosen);
  // A whole bucket of which something is read says too little.
  if (known.length === 0 || known.includes('..') || /[<>]/.test(path) || (chosen !== -1 && known.length < 2))
    return null;
  return assetKey('storage:path', `${scheme.toLowerCase().replace(/^s3[an]:/, 's3:')}${known.join('/')}`);
}

/** Data that lie in storage as a job or stream names them; null where too little of the name is known. */
export function placeKey(what: 'table' | 'topic' | 'path', name: string): AssetKey | null {
  return what === 'table' ? tableKey(name) : what === 'topic' ? topicKey(name) : storageKey(name);
}

/** Kinds of assets that only hold data: what comes in goes out, column by column. */
export const dataKinds: readonly string[] = ['warehouse:table', 'storage:path', 'kafka:topic'];
