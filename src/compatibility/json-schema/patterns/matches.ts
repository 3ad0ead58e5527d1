import { flagsOf } from './pattern-flags.ts';

const compiled = new Map<string, RegExp | null>();

/** Whether a pattern is found in a text; one that is no regular expression is found nowhere. */
export function matches(pattern: string, text: string): boolean {
  const known = compiled.get(pattern);
  const expression = known === undefined ? compile(pattern) : known;
  if (known === undefined) compiled.set(pattern, expression);
  return expression?.test(text) ?? false;
}

function compile(pattern: string): RegExp | null {
  const flags = flagsOf(pattern);
  return flags === null ? null : new RegExp(pattern, flags);
}
