import type { Json } from './json.ts';

/** What stands for a secret where code is only read, never run: no real value belongs there. */
const SECRET_STAND_IN = 'headgate-stand-in';

/**
 * Settings with `${values.x}` filled in. A text that is nothing but one template takes the value with its type; inside a longer
 * text it is written as text (lists and maps as JSON). A value that is not there stays as it is written; a secret becomes what
 * `secretOf` gives for its name, a stand-in when absent.
 */
export function fillTemplates(
  settings: Json,
  values: { [name: string]: Json },
  secretOf: (name: string) => string = () => SECRET_STAND_IN,
): Json {
  if (typeof settings === 'string') return fillText(settings, values, secretOf);
  if (Array.isArray(settings)) return settings.map((item) => fillTemplates(item, values, secretOf));
  if (settings === null || typeof settings !== 'object') return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, item]) => [key, fillTemplates(item, values, secretOf)]),
  );
}

function fillText(text: string, values: { [name: string]: Json }, secretOf: (name: string) => string): Json {
  const whole = /^\$\{values\.(\w+)\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole] ?? null;
  return text.replaceAll(/\$\{(values|secrets)\.(\w+)\}/g, (written: string, kind: string, name: string) => {
    if (kind === 'secrets') return secretOf(name);
    return Object.hasOwn(values, name) ? asText(values[name] ?? null) : written;
  });
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
