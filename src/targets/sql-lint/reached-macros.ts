/** A file of macros, with the names of those that it has. */
export type MacroFile = { path: string; text: string };

/**
 * Which files of macros a text could come to call, in the order of `files`: by the words in it that are names of macros, and in those
 * macros in turn. Where Jinja takes in whole files, it could be all.
 */
export function macroReach(files: readonly MacroFile[]): (text: string) => MacroFile[] {
  const byName = new Map<string, MacroFile[]>();
  for (const file of files)
    for (const name of namesIn(file.text)) byName.set(name, [...(byName.get(name) ?? []), file]);
  const next = new Map<MacroFile, MacroFile[]>(files.map((file) => [file, calledIn(file.text, byName)]));
  const takesIn = files.some(({ text }) => TAKES_IN.test(text));
  return (text) => {
    if (takesIn || TAKES_IN.test(text)) return [...files];
    const found = new Set<MacroFile>();
    const pending = calledIn(text, byName);
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      pending.push(...(next.get(file) ?? []));
    }
    return files.filter((file) => found.has(file));
  };
}

const TAKES_IN = /\{%[-+]?\s*(?:import|from|include|extends)\b/;

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{%[-+]?\s*macro\s+(\w+)/g)].map(([, name = '']) => name);
}

function calledIn(text: string, byName: ReadonlyMap<string, MacroFile[]>): MacroFile[] {
  const words = new Set(text.match(/\w+/g) ?? []);
  return [...words].flatMap((word) => byName.get(word) ?? []);
}
