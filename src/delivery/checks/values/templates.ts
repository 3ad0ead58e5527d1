import type { Json } from '../../../model/json.ts';

/** `${values.x}` or `${secrets.x}` in a setting, and the keys that lead to it. `kind` is the word before the dot, whatever it is. */
export type TemplateUse = { kind: string; name: string; at: string[]; whole: string };

const TEMPLATE = /\$\{([^}]*)\}/g;

/** Every template in a piece of settings, keys included. Deeply nested settings are read to a depth of 50. */
export function templatesIn(settings: Json | undefined, at: string[] = []): TemplateUse[] {
  if (at.length > 50) return [];
  if (typeof settings === 'string') return [...settings.matchAll(TEMPLATE)].map((match) => templateUse(match, at));
  if (Array.isArray(settings)) return settings.flatMap((item, index) => templatesIn(item, [...at, String(index)]));
  if (settings === null || typeof settings !== 'object') return [];
  return Object.entries(settings).flatMap(([key, item]) => templatesIn(item, [...at, key]));
}

function templateUse(match: RegExpMatchArray, at: string[]): TemplateUse {
  const inside = (match[1] ?? '').trim();
  const dot = inside.indexOf('.');
  const [kind, name] = dot === -1 ? [inside, ''] : [inside.slice(0, dot), inside.slice(dot + 1)];
  return { kind, name, at, whole: match[0] };
}
