import type { Json } from './json.ts';

/** What stands for a secret where code is only read, never run: no real value belongs there. */
const SECRET_STAND_IN = 'headgate-stand-in';

/**
 * Settings with `${values.x}` filled in. A text that is nothing but one template takes the value with its type; inside a longer
 * text it is written as text (lists and maps as JSON). A value that is not there stays as it is written; secrets become a stand-in.
 */
export function fillTemplates(settings: Json, values: { [name: string]: Json }): Json {
  if (typeof settings === 'string') return fillText(settings, values);
  if (Array.isArray(settings)) return settings.map((item) => fillTemplates(item, values));
  if (settings === null || typeof settings !== 'object') return settings;
  return Object.fromEntries(Object.entries(settings).map(([key, item]) => [key, fillTemplates(item, values)]));
}

function fillText(text: string, values: { [name: string]: Json }): Json {
  const whole = /^\$\{values\.(\w+)\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole] ?? null;
  return text.replaceAll(/\$\{(values|secrets)\.(\w+)\}/g, (written: string, kind: string, name: string) => {
    if (kind === 'secrets') return SECRET_STAND_IN;
    return Object.hasOwn(values, name) ? asText(values[name] ?? null) : written;
  });
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
