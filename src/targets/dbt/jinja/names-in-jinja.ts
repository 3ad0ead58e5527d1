import { jinjaSegments } from './segments.ts';
import { tokensOf } from './tokens.ts';

/**
 * Whether the Jinja code of a text uses a name: not its SQL, its comments or what stands in quotes. A text without a mark of
 * Jinja is taken for bare code.
 */
export function isNamedInJinja(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  const codes = /\{[{%#]/.test(text) ? jinjaSegments(text).map(({ code }) => code) : [text];
  return codes.some((code) => tokensOf(code).some((token) => token.kind === 'name' && token.text === name));
}

/** Bare code as a template that says the same. */
export function inMarks(code: string): string {
  return `{{ ${code} }}`;
}
