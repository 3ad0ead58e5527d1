import { usedAmong } from '../../code-changes/file-inputs.ts';
import type { Said } from '../../code-changes/said.ts';
import type { Comparison, FilePair } from './comparison.ts';

/** How commands name Python programs: by their file, or as a module. */
const PROGRAM = /(?:([\w-]+)\/)?([\w-]+)\.py\b|-m["',\s]+([\w.]+)/g;

const most = 8_000;
const kept = new Map<string, readonly string[]>();

/** Stems of programs, and `folder/stem` where a folder is named too. */
function namesIn(text: string): readonly string[] {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const names = [...text.matchAll(PROGRAM)].flatMap(([, folder, file, module]) => {
    const steps = module === undefined ? [folder, file] : module.split('.').slice(-2);
    const stem = steps.at(-1) ?? '';
    return steps.length < 2 || steps[0] === undefined ? [stem] : [stem, `${steps[0]}/${stem}`];
  });
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
  kept.set(text, names);
  return names;
}

/** Python files that the code of a DAG's file may start as programs, and which may do something else now. */
export function namedScripts(comparison: Comparison, file: FilePair): string[] {
  const { base, head, code, scripts, mentions } = comparison;
  if (code.changed.size === 0) return [];
  const texts = (['base', 'head'] as const).flatMap((side) => {
    const files = side === 'base' ? base.files : head.files;
    return (code.closure(side, file[side]) ?? [file[side]]).map((path) => files.text(path) ?? '');
  });
  const names = new Set(texts.flatMap(namesIn));
  const other = (path: string) => path !== file.base && path !== file.head;
  const near = scripts.near.filter((path) => other(path) && (isNamed(path, names) || mentions(path).length > 0));
  const far = scripts.far.filter((path) => other(path) && names.has(placeOf(path)) && mayDiffer(comparison, path));
  return [...near, ...far];
}

function mayDiffer({ code }: Comparison, path: string): boolean {
  return code.mayReach({ base: path, head: path });
}

function stepsOf(path: string): string[] {
  return path.replace(/(\/__main__)?\.py$/, '').split('/');
}

function isNamed(path: string, names: ReadonlySet<string>): boolean {
  return names.has(stepsOf(path).at(-1) ?? '');
}

function placeOf(path: string): string {
  return stepsOf(path).slice(-2).join('/');
}

/** What the programs that code names do otherwise. */
export function scriptsSaid(comparison: Comparison, started: readonly string[], sources: readonly string[]): Said[] {
  const { base, head, code, scripts, mentions } = comparison;
  const names = new Set(sources.flatMap(namesIn));
  const differs = (path: string) =>
    base.files.text(path) === null ||
    head.files.text(path) === null ||
    code.differences(code.program('base', path), code.program('head', path)).length > 0;
  return started.flatMap((path): Said[] => {
    const isFar = scripts.far.includes(path);
    if (isFar ? names.has(placeOf(path)) : isNamed(path, names)) {
      if (!differs(path)) return [];
      return isFar
        ? [{ effect: 'unknown', because: `\`${path}\`, which it seems to start, does something else` }]
        : [{ effect: 'breaking', because: `\`${path}\`, which it names, does something else` }];
    }
    const by = isFar ? null : usedAmong(mentions(path), sources);
    return by === null || !differs(path)
      ? []
      : [{ effect: 'unknown', because: `\`${path}\`, which \`${by}\` names, does something else` }];
  });
}
