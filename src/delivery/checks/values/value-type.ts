import type { Json } from '../../../model/json.ts';
import type { ValueType } from '../../project/project.ts';

const TESTS: { [Type in ValueType]: (value: Json) => boolean } = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  map: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
};

export function hasType(value: Json, type: ValueType): boolean {
  return TESTS[type](value);
}

/** The narrowest type that a value has, or `nothing` for null. */
export function typeOf(value: Json): ValueType | 'nothing' {
  if (value === null) return 'nothing';
  if (Number.isInteger(value)) return 'integer';
  const types: ValueType[] = ['string', 'number', 'boolean', 'list', 'map'];
  return types.find((type) => hasType(value, type)) ?? 'nothing';
}

/** How to mend the usual slips of YAML. */
export function typeHint(name: string, value: Json, type: ValueType): string {
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `Put it in quotes: ${name}: ${JSON.stringify(String(value))}.`;
  }
  if (
    typeof value === 'string' &&
    (type === 'integer' || type === 'number') &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  ) {
    return `Take the quotes away: ${name}: ${value.trim()}.`;
  }
  if (type === 'boolean' && typeof value === 'string' && /^(?:yes|no|on|off|true|false)$/i.test(value)) {
    return `Write ${name}: ${/^(?:yes|on|true)$/i.test(value)} without quotes.`;
  }
  return `Give it ${article(type)}, or change its type under \`values:\` in headgate.yaml.`;
}

export function article(type: string): string {
  return type === 'nothing' ? type : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
