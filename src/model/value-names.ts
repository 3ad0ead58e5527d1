import type { Json } from './json.ts';

/** Names of the values that settings hold as `${values.name}`, each once, sorted. */
export function valueNames(settings: Json): string[] {
  const found = JSON.stringify(settings).matchAll(/\$\{values\.(\w+)\}/g);
  return [...new Set([...found].map(([, name = '']) => name))].sort();
}
