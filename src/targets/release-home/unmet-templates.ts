import type { Json } from '../../model/json.ts';
import type { PartSettings } from '../../model/settings.ts';

/** What a part's templates name and its environment does not have, as `value x` or `secret y`, sorted. */
export function unmetTemplates({ settings, values, secrets }: PartSettings): string[] {
  const unmet = texts(settings).flatMap((text) =>
    [...text.matchAll(/\$\{(values|secrets)\.(\w+)\}/g)].flatMap(([, kind, name = '']) => {
      const known = kind === 'values' ? values : secrets;
      return Object.hasOwn(known, name) ? [] : [`${kind === 'values' ? 'value' : 'secret'} ${name}`];
    }),
  );
  return [...new Set(unmet)].sort();
}

function texts(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}
