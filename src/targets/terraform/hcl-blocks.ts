/** A block of HCL: `resource "aws_s3_bucket" "lake" { ... }`. `body` is the text between its braces. */
export type HclBlock = { kind: string; labels: string[]; line: number; body: string };

/** The blocks at the top of an HCL text. Comments, strings and heredocs are looked over. `unclosedAt`: line of a brace that nothing closes. */
export function hclBlocks(text: string): { blocks: HclBlock[]; unclosedAt: number | null } {
  const code = blanked(text);
  const blocks: HclBlock[] = [];
  const head = /^[ \t]*([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[\w-]+))*)[ \t]*\{/gm;
  for (let found = head.exec(code); found !== null; found = head.exec(code)) {
    const open = found.index + found[0].length - 1;
    const end = closingBrace(code, open);
    const line = code.slice(0, found.index).split('\n').length;
    if (end === -1) return { blocks, unclosedAt: line };
    const labels =
      text
        .slice(found.index, open)
        .match(/"[^"\n]*"|[\w-]+/g)
        ?.slice(1)
        .map((label) => label.replaceAll('"', '')) ?? [];
    blocks.push({ kind: found[1] ?? '', labels, line, body: text.slice(open + 1, end) });
    head.lastIndex = end + 1;
  }
  return { blocks, unclosedAt: null };
}

/** `name = "text"` in a block's body; null when it is anything else. */
export function stringAttribute(body: string, name: string): string | null {
  return new RegExp(`^\\s*${name}\\s*=\\s*"([^"$]*)"`, 'm').exec(body)?.[1] ?? null;
}

/** The text with comments, heredocs and the inside of strings replaced by blanks of the same length. Labels keep their quotes. */
export function blanked(text: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, ' ');
  return text
    .replace(/<<[-~]?(\w+)[\s\S]*?^\s*\1\s*$/gm, blank)
    .replace(/"(?:[^"\\\n]|\\.)*"|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
      found.startsWith('"') ? `"${blank(found.slice(1, -1)).replace(/ /g, '_')}"` : blank(found),
    );
}

function closingBrace(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code.charAt(at) === '{') depth += 1;
    else if (code.charAt(at) === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}
