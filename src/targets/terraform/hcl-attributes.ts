import { blanked } from './hcl-blocks.ts';

/** `name = expression`: the expression as it is written, comments blanked out, and the line it begins on, from 1. */
export type HclAttribute = { name: string; expression: string; line: number };

/** The attributes right in a block's body, or in a .tfvars file; those of blocks within are left out. */
export function hclAttributes(body: string): HclAttribute[] {
  const code = blanked(body);
  const found: HclAttribute[] = [];
  const head = /(?:^|\n)[ \t]*([A-Za-z_][\w-]*)[ \t]*=(?![=>])|[([{]/g;
  for (let match = head.exec(code); match !== null; match = head.exec(code)) {
    const start = match.index + match[0].length;
    const name = match[1];
    const end = name === undefined ? closing(code, start) : expressionEnd(code, start);
    if (name !== undefined) {
      const line = code.slice(0, start).split('\n').length;
      found.push({ name, expression: keepStrings(code.slice(start, end), body.slice(start, end)), line });
    }
    head.lastIndex = end;
  }
  return found;
}

/** Where the expression ends: at the end of its line, unless a bracket is open. */
function expressionEnd(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    const sign = code.charAt(at);
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if (sign === '\n' && depth <= 0) return at;
  }
  return code.length;
}

/** Behind the bracket that closes the one before `start`. */
function closing(code: string, start: number): number {
  let depth = 1;
  for (let at = start; at < code.length; at += 1) {
    const sign = code.charAt(at);
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return code.length;
}

/** The written text where it is not a comment. */
function keepStrings(code: string, written: string): string {
  return [...code]
    .map((sign, at) => (sign === ' ' ? ' ' : written.charAt(at)))
    .join('')
    .trim();
}
