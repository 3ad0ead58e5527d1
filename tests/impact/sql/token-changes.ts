import { lexSql, type SqlToken } from '../../../src/base/sql/lex-sql.ts';
import type { Chance } from './chance.ts';

/** Blind changes to the tokens of a text, to find what a reader of SQL passes over: most of them do not run at all. */
export function changeTokens(sql: string, chance: Chance): string {
  const tokens = lexSql(sql, 'duckdb');
  if (tokens === null || tokens.length < 4) return sql;
  const at = Math.floor(chance.number() * tokens.length);
  const other = Math.floor(chance.number() * tokens.length);
  const texts = tokens.map((token) => token.raw);
  const [one, two] = [texts[at] ?? '', texts[other] ?? ''];
  const way = chance.pick(['drop', 'double', 'swap', 'copy', 'replace', 'next', 'wrap', 'move']);
  if (way === 'drop') texts[at] = '';
  if (way === 'double') texts[at] = `${one} ${one}`;
  if (way === 'swap') [texts[at], texts[other]] = [two, one];
  if (way === 'copy' && tokens[at]?.kind === tokens[other]?.kind) texts[at] = two;
  if (way === 'replace') texts[at] = replacement(tokens[at], chance);
  if (way === 'next') [texts[at], texts[at + 1]] = [texts[at + 1] ?? '', one];
  if (way === 'wrap') texts[at] = `(${one})`;
  if (way === 'move') texts.splice(other, 0, ...texts.splice(at, 1 + Math.floor(chance.number() * 4)));
  return texts.join(' ');
}

const words: { [word: string]: string[] } = {
  left: ['right', 'full', 'inner', 'semi', 'anti', 'cross'],
  and: ['or'],
  or: ['and'],
  desc: ['asc', ''],
  union: ['except', 'intersect'],
  all: [''],
  distinct: [''],
  where: ['having', 'qualify'],
  is: ['is not'],
  in: ['not in'],
  between: ['not between'],
  join: ['natural join', 'left join', 'cross join'],
  select: ['select distinct', 'select all'],
  rank: ['row_number', 'dense_rank'],
  first: ['last'],
  last: ['first'],
};

function replacement(token: SqlToken | undefined, chance: Chance): string {
  if (token === undefined) return '';
  const others = words[token.text];
  if (others !== undefined) return chance.pick(others);
  if (token.kind === 'number') return chance.pick(['0', '1', '2', `-${token.raw}`, `${token.raw}.0`]);
  if (token.kind === 'string')
    return chance.pick(["''", `${token.raw.slice(0, -1)} '`, `E${token.raw}`, token.raw.toUpperCase(), `'--'`]);
  if (token.kind === 'word')
    return chance.pick([
      `"${token.raw}"`,
      token.raw.toUpperCase(),
      `${token.raw}_x`,
      `not ${token.raw}`,
      `-${token.raw}`,
    ]);
  return chance.pick(['+', '-', '*', '=', '<>', '<', '>=', '||', '%', '//', '/', '.', ',', '::']);
}
