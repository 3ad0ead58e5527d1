import type { Chance } from './chance.ts';

/**
 * A query by its parts, so that it can be written in many ways that mean the same, and changed in ways that do not.
 * `{o}` in a text stands for the alias of the relation `o`; `[c]` for the name of the CTE `c`.
 */
export type ShapedQuery = {
  ctes: { id: string; query: ShapedQuery }[];
  distinct: boolean;
  items: { expression: string; name: string }[];
  from: { id: string; table: string; join: string; on: string[] }[];
  where: string[];
  groupBy: string[];
  having: string[];
  /** Holds a unique key where there is a limit, so that there is one answer. */
  orderBy: string[];
  limit: number | null;
  more: { operator: string; query: ShapedQuery } | null;
};

/** How a query is written down: each way that is not plain is as good as another. */
export type Style = {
  chance: Chance;
  comments: boolean;
  keywordCase: boolean;
  nameCase: boolean;
  optionalWords: boolean;
  aliases: boolean;
  cteNames: boolean;
  cteOrder: boolean;
  operandOrder: boolean;
  brackets: boolean;
};

export type Writing = { aliases: Map<string, string>; ctes: Map<string, string>; style: Style };

export function writeQuery(query: ShapedQuery, writing: Writing): string {
  return layout(words(query, writing), writing.style);
}

function words(query: ShapedQuery, outer: Writing): string {
  const { style } = outer;
  const { chance } = style;
  const writing: Writing = { style, aliases: new Map(outer.aliases), ctes: new Map(outer.ctes) };
  for (const { id } of query.ctes) writing.ctes.set(id, style.cteNames ? `cte_${chance.word()}` : id);
  for (const { id } of query.from) writing.aliases.set(id, style.aliases ? `rel_${chance.word()}` : id);
  const text = (template: string) => fill(template, writing);
  const all = (operands: readonly string[]) => {
    const order = style.operandOrder ? chance.shuffled(operands) : operands;
    return order.map((one) => (style.brackets && chance.is(0.3) ? `(${text(one)})` : text(one))).join(' and ');
  };
  const as = () => (style.optionalWords && chance.is(0.5) ? ' ' : ' as ');
  const items = query.items.map(({ expression, name }) => {
    const isWrapped = style.brackets && chance.is(0.2) && !expression.includes('*');
    return `${isWrapped ? `(${text(expression)})` : text(expression)}${expression.endsWith('*') ? '' : `${as()}${name}`}`;
  });
  const from = query.from.map(({ id, table, join, on }, at) => {
    const named = `${text(table)}${as()}${writing.aliases.get(id) ?? id}`;
    if (at === 0) return `from ${named}`;
    const kind =
      style.optionalWords && chance.is(0.5)
        ? join === 'join'
          ? 'inner join'
          : join.replace(/^(left|right|full) join/, '$1 outer join')
        : join;
    return `${kind} ${named}${on.length > 0 ? ` on ${all(on)}` : ''}`;
  });
  return [
    ctesText(query, writing),
    `select ${query.distinct ? 'distinct ' : ''}${items.join(', ')}`,
    ...from,
    query.where.length > 0 ? `where ${all(query.where)}` : '',
    query.groupBy.length > 0 ? `group by ${query.groupBy.map(text).join(', ')}` : '',
    query.having.length > 0 ? `having ${all(query.having)}` : '',
    query.more === null
      ? ''
      : `${query.more.operator} ${words(query.more.query, { ...writing, aliases: outer.aliases })}`,
    query.orderBy.length > 0 ? `order by ${query.orderBy.map(text).join(', ')}` : '',
    query.limit === null ? '' : `limit ${query.limit}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function ctesText(query: ShapedQuery, writing: Writing): string {
  const { style } = writing;
  if (query.ctes.length === 0) return '';
  const ordered = style.cteOrder ? reordered(query.ctes, style.chance) : query.ctes;
  const written = ordered.map(({ id, query: inner }) => `${writing.ctes.get(id)} as (${words(inner, writing)})`);
  return `with ${written.join(', ')}`;
}

/** Another order in which each CTE still stands behind those it reads. */
function reordered(ctes: ShapedQuery['ctes'], chance: Chance): ShapedQuery['ctes'] {
  const left = [...ctes];
  const done: ShapedQuery['ctes'] = [];
  while (left.length > 0) {
    const names = left.map(({ id }) => `[${id}]`);
    const free = left.filter(({ query }) => !names.some((name) => JSON.stringify(query).includes(name)));
    const next = chance.pick(free.length > 0 ? free : left);
    done.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return done;
}

function fill(template: string, { aliases, ctes }: Writing): string {
  return template
    .replaceAll(/\{(\w+)\}/g, (_, id: string) => aliases.get(id) ?? id)
    .replaceAll(/\[(\w+)\]/g, (_, id: string) => ctes.get(id) ?? id);
}

const keywords =
  /\b(select|distinct|from|where|group by|having|order by|limit|with|as|join|left|right|full|inner|outer|cross|on|and|or|not|in|is|null|case|when|then|else|end|union|all|except|intersect|exists|between|like|over|partition by|desc|asc|sum|count|min|max|avg|coalesce)\b/g;

function layout(sql: string, { chance, comments, keywordCase, nameCase }: Style): string {
  return sql
    .split(/('(?:[^']|'')*'|"[^"]*")/)
    .map((piece, at) => {
      if (at % 2 === 1) return piece;
      const cased = keywordCase
        ? piece.replaceAll(keywords, (word) => (chance.is(0.5) ? word.toUpperCase() : word))
        : piece;
      const named = nameCase
        ? cased.replaceAll(/\b[a-z]_\w+\b(?!\s*,?\s*$)/g, (word) => (chance.is(0.3) ? word.toUpperCase() : word))
        : cased;
      return comments ? named.replaceAll(/ /g, () => space(chance)) : named;
    })
    .join('');
}

function space(chance: Chance): string {
  if (chance.is(0.8)) return ' ';
  return chance.pick(['\n', '  ', '\t', ' -- it\'s "so"\n', ' /* select 1; */ ', '\n\n    ', " --';\n"]);
}
