import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/**
 * Draws what a command prints as a picture for the documentation:
 * `node scripts/draw-terminal.ts docs/pictures/check.svg "headgate check" -- node src/cli/main.ts check`.
 * The command runs for real, with colours; its exit status does not matter.
 */
const starts: { [code: string]: string } = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 36: 'c', 34: 'c', 90: 'd' };
const ends: { [code: string]: string } = { 22: 'b d', 39: 'r g y c d' };

const [file = '', title = '', ...rest] = process.argv.slice(2);
const [command = '', ...argv] = rest.slice(rest.indexOf('--') + 1);
if (file === '' || command === '') {
  process.stderr.write('usage: draw-terminal.ts FILE TITLE -- COMMAND [ARGUMENT ...]\n');
  process.exit(2);
}
const ran = spawnSync(command, argv, { encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '1', COLUMNS: '110' } });
writeFileSync(file, drawing(title, `${ran.stdout}${ran.stderr}`.trimEnd().split('\n')));

type Run = { text: string; classes: string };

function drawing(prompt: string, lines: string[]): string {
  const all = [`\u001b[1m$ ${prompt}\u001b[22m`, ...lines];
  const width = Math.max(60, ...all.map((line) => plain(line).length)) * 8.43 + 40;
  const height = all.length * 19 + 36;
  const rows = all.map((line, index) => `<text x="20" y="${32 + index * 19}">${spans(line)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" role="img" aria-label="${escaped(prompt)}">`,
    '<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#e6e6e6;white-space:pre}.b{font-weight:700}.d{fill:#9a9a9a}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#e3b341}.c{fill:#79c0ff}</style>',
    `<rect width="100%" height="100%" rx="8" fill="#161b22"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function spans(line: string): string {
  return runsOf(line)
    .map(({ text, classes }) => (classes === '' ? escaped(text) : `<tspan class="${classes}">${escaped(text)}</tspan>`))
    .join('');
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  const on = new Set<string>();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
  for (const piece of line.split(/(\u001b\[[\d;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
    const codes = /^\u001b\[([\d;]*)m$/.exec(piece)?.[1];
    if (codes === undefined) runs.push({ text: piece, classes: [...on].join(' ') });
    else for (const code of codes.split(';')) turn(on, code);
  }
  return runs.filter(({ text }) => text !== '');
}

function turn(on: Set<string>, code: string): void {
  const start = starts[code];
  if (start !== undefined) on.add(start);
  for (const name of (ends[code] ?? '').split(' ')) on.delete(name);
  if (code === '0' || code === '') on.clear();
}

function plain(line: string): string {
  return runsOf(line)
    .map(({ text }) => text)
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
