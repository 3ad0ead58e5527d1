import type { Said } from '../../code-changes/said.ts';
import type { Comparison, FilePair } from './comparison.ts';

/** How commands name Python programs: by their file, or as a module. */
const PROGRAM = /([\w-]+)\.py\b|-m["',\s]+([\w.]+)/g;

const most = 8_000;
const kept = new Map<string, readonly string[]>();

function namesIn(text: string): readonly string[] {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const names = [...text.matchAll(PROGRAM)].map(([, file, module]) => file ?? module?.split('.').at(-1) ?? '');
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
  kept.set(text, names);
  return names;
}

/** Python files beside the DAGs that the code of a DAG's file may start as programs, and which may do something else now. */
export function namedScripts({ base, head, code, scripts }: Comparison, file: FilePair): string[] {
  if (scripts.length === 0) return [];
  const texts = (['base', 'head'] as const).flatMap((side) => {
    const files = side === 'base' ? base.files : head.files;
    return (code.closure(side, file[side]) ?? [file[side]]).map((path) => files.text(path) ?? '');
  });
  const names = new Set(texts.flatMap(namesIn));
  return scripts.filter((path) => {
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.py$/, '');
    const named = names.has(stem) || (stem === '__main__' && names.has(path.split('/').at(-2) ?? ''));
    return named && path !== file.base && path !== file.head && code.mayReach({ base: path, head: path });
  });
}

/** What the programs that code names do otherwise. */
export function scriptsSaid(
  { base, head, code }: Comparison,
  scripts: readonly string[],
  sources: readonly string[],
): Said[] {
  const names = new Set(sources.flatMap(namesIn));
  return scripts.flatMap((path): Said[] => {
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.py$/, '');
    if (!names.has(stem) && stem !== '__main__') return [];
    const there = base.files.text(path) !== null && head.files.text(path) !== null;
    if (there && code.differences(code.program('base', path), code.program('head', path)).length === 0) return [];
    return [{ effect: 'breaking', because: `\`${path}\`, which it names, does something else` }];
  });
}
