import { hclAttributes } from '../hcl-attributes.ts';
import { hclBlocks } from '../hcl-blocks.ts';

/** What a block says: each expression by the path to it, such as `rule[1].filter.prefix`. */
export type Said = ReadonlyMap<string, string>;

/** The attributes of a body and of the blocks in it, each expression in one canonical writing. Repeated blocks count from 0. */
export function saidIn(body: string, prefix = ''): Map<string, string> {
  const said = new Map(
    hclAttributes(body).map(({ name, expression }) => [`${prefix}${name}`, canonicalExpression(expression)]),
  );
  // Heredocs are no part of what `hclAttributes` gives, so each counts by itself.
  const texts = prefix === '' ? [...body.matchAll(heredoc)] : [];
  for (const [index, [text]] of texts.entries()) said.set(`heredoc[${index}]`, text);
  const seen = new Map<string, number>();
  for (const block of hclBlocks(body).blocks) {
    const name = [block.kind, ...block.labels].join('.');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    const inner = `${prefix}${name}${count === 0 ? '' : `[${count}]`}.`;
    said.set(inner, '');
    for (const [path, expression] of saidIn(block.body, inner)) said.set(path, expression);
  }
  return said;
}

const heredoc = /<<[-~]?(\w+)[\s\S]*?^\s*\1\s*$/gm;
const token = /<<[-~]?(\w+)[\s\S]*?^\s*\1\s*$|"(?:[^"\\]|\\.)*"|[\w.-]*\w|\n|[^\s\w]/gm;

/**
 * An expression without layout: in a map a new line separates as a comma does, in lists and calls it means nothing. Strings and
 * heredocs stay as they are written.
 */
export function canonicalExpression(expression: string): string {
  const out: string[] = [];
  const open: string[] = [];
  for (const [found] of expression.matchAll(token)) {
    if (found === '\n') {
      if (open.at(-1) === '{' && !['{', ','].includes(out.at(-1) ?? '{')) out.push(',');
      continue;
    }
    if (found === ',' && out.at(-1) === ',') continue;
    if (['{', '[', '('].includes(found)) open.push(found);
    if (['}', ']', ')'].includes(found)) {
      open.pop();
      if (out.at(-1) === ',') out.pop();
    }
    out.push(found === ':' && open.at(-1) === '{' && !out.includes('for') && !out.includes('?') ? '=' : found);
  }
  if (out.at(-1) === ',') out.pop();
  return out.join(' ');
}
