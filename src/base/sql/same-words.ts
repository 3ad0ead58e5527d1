import { calledAs } from './query-tree.ts';
import { selectsOf } from './selects-of.ts';
import type { Understood } from './understand.ts';

const optional = new Set(['as', 'inner', 'outer', '(', ')', ';']);

/**
 * Whether two texts are made of the same tokens, whatever their order, names of tables and CTEs and words that say nothing
 * left out. It holds for whatever is said to mean the same: a reader that has passed over a word is found out here.
 */
export function hasSameWords(base: Understood, head: Understood): boolean {
  const names = new Set([...namesIn(base), ...namesIn(head)]);
  const words = ({ tokens }: Understood) =>
    tokens.flatMap(({ text }) => (optional.has(text) || names.has(text) ? [] : [text])).sort();
  return words(base).join('\n') === words(head).join('\n');
}

/** Whether a path (`a.b.c`) stands in both in letters of other case alone, which BigQuery takes for another table. */
export function hasPathInOtherCase(base: Understood, head: Understood): boolean {
  const [before, after] = [pathsIn(base), pathsIn(head)];
  const folded = new Map([...before].map((path) => [path.toLowerCase(), path]));
  return [...after].some((path) => !before.has(path) && folded.has(path.toLowerCase()));
}

function pathsIn({ tokens }: Understood): Set<string> {
  const text = tokens.map((token) => (token.kind === 'word' || token.text === '.' ? token.raw : ' ')).join('\n');
  return new Set([...text.matchAll(/\S+(?:\n\.\n\S+)+/g)].map((found) => found[0]));
}

function namesIn({ query }: Understood): string[] {
  if (query === null) return [];
  const relations = (selectsOf(query) ?? []).flatMap((select) =>
    select.from.flatMap((item) => calledAs(item)?.text ?? []),
  );
  return [...relations, ...ctesIn(query)];
}

function ctesIn(query: NonNullable<Understood['query']>): string[] {
  return [
    ...query.ctes.flatMap((cte) => [cte.name.text, ...ctesIn(cte.query)]),
    ...query.branches.flatMap((branch) => [
      ...(branch.query === null ? [] : ctesIn(branch.query)),
      ...(branch.select?.from.flatMap((item) => (item.query === null ? [] : ctesIn(item.query))) ?? []),
    ]),
  ];
}
