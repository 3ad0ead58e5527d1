import type { JinjaValue } from '../jinja/expression.ts';
import type { Ref, Scan, SourceRef } from '../jinja/scan.ts';

const quoted = /^\s*(?:"([^"]*)"|'([^']*)')\s*$/;

/** What a Python model refers to: literal `dbt.ref()`, `dbt.source()` and `dbt.config()`, which is all that dbt allows. */
export function scanPythonModel(text: string): Scan {
  const refs: Ref[] = [];
  const sources: SourceRef[] = [];
  const config = new Map<string, JinjaValue>();
  const unclear: number[] = [];
  for (const { name, inside, line } of callsOf(text)) {
    const given = inside.split(',').filter((piece) => !/^\s*\w+\s*=/.test(piece) && piece.trim() !== '');
    const texts = given.map(textOf);
    const version = /\b(?:v|version)\s*=\s*["']?([\w.]+)/.exec(inside)?.[1] ?? null;
    const [first, second] = texts;
    if (name === 'config') for (const [key, value] of settingsOf(inside)) config.set(key, value);
    else if (typeof first !== 'string' || second === null) unclear.push(line);
    else if (name === 'ref')
      refs.push(
        second === undefined
          ? { package: null, name: first, version, line }
          : { package: first, name: second, version, line },
      );
    else if (typeof second === 'string') sources.push({ source: first, table: second, line });
  }
  const names = unclear.length === 0 ? [] : [...text.matchAll(/["'](\w+)["']/g)].map((found) => found[1] ?? '');
  return { refs, sources, config, calls: new Set(), unclear, words: new Set(names), blocks: [] };
}

function callsOf(text: string): { name: string; inside: string; line: number }[] {
  const code = text.replace(/^(\s*)#.*$/gm, '$1');
  return [...code.matchAll(/\bdbt\.(ref|source|config)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)]
    .map((found) => ({
      name: found[1] ?? '',
      inside: found[2] ?? '',
      line: code.slice(0, found.index).split('\n').length,
    }))
    .filter(({ name, inside }) => name !== 'config' || !inside.includes('.get('));
}

function textOf(piece: string): string | null {
  const found = quoted.exec(piece);
  return found === null ? null : (found[1] ?? found[2] ?? '');
}

function settingsOf(inside: string): [string, JinjaValue][] {
  return [...inside.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(True|False)|\[([^\]]*)\])/g)].map(
    ([, key = '', double, single, truth, list]) => {
      if (truth !== undefined) return [key, truth === 'True'];
      if (list !== undefined) return [key, list.split(',').flatMap((piece) => textOf(piece) ?? [])];
      return [key, double ?? single ?? ''];
    },
  );
}
