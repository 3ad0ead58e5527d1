export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** Lines that open on a click. `title` is Markdown of ours, on one line. */
export function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** A table whose cells are safe Markdown already; nothing where there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The line that says how many of a list are not shown here; nothing when all are. */
export function leftOut(all: number, shown: number, noun: string): string[] {
  return all > shown ? ['', `…and ${count(all - shown, `more ${noun}`)}, left out here.`] : [];
}
