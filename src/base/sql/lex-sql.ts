import { keepsCase, type SqlDialect } from './sql-dialect.ts';

/**
 * A piece of SQL. `text` is what counts: words in lower case, all else as written (quotes included). `raw` is as written.
 * `start` and `end` are offsets into the text. `hint` is a comment that the database reads; `jinja` an expression or statement.
 */
export type SqlToken = {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'mark' | 'hint' | 'jinja';
  text: string;
  raw: string;
  start: number;
  end: number;
};

type Rule = { kind: SqlToken['kind'] | 'space'; pattern: RegExp };

const operators = /[<>=~!@#%^&|?+\-*/:]+/y;
const special = /[~!@#%^&|?]/;

/** What ends a run of operator signs early: the begin of a comment. */
function commentIn(run: string, dialect: SqlDialect): number {
  const own = { snowflake: '//', bigquery: '#' }[String(dialect)];
  const found = [run.indexOf('--'), run.indexOf('/*'), own === undefined ? -1 : run.indexOf(own)];
  return Math.min(...found.map((at) => (at === -1 ? run.length : at)));
}

const jinja: Rule = { kind: 'jinja', pattern: /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/y };
const jinjaComment: Rule = { kind: 'space', pattern: /\{#[\s\S]*?#\}/y };

const shared: readonly Rule[] = [
  { kind: 'space', pattern: /[ \t\r\n\f\v]+/y },
  { kind: 'hint', pattern: /\/\*\+(?:(?!\/\*|\*\/)[\s\S])*\*\//y },
  { kind: 'space', pattern: /\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\//y },
];

const plainString = /(?:[eExXbBnNrR]|[uU]&)?'(?:[^']|'')*'(?!')/y;
const escapedString = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'(?!')/y;
const backslashString = /(?:[xXbBnN])?'(?:[^'\\]|\\[\s\S]|'')*'(?!')/y;
const rawString = /[rR](?:'[^']*'|"[^"]*")/y;
const lineComment = /--[^\r\n]*/y;
const word: Rule = { kind: 'word', pattern: /[A-Za-z_\u0080-\uffff$][\w$\u0080-\uffff]*/y };
const numeral: Rule = { kind: 'number', pattern: /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[A-Za-z_]*/y };
const quotedName: Rule = { kind: 'quoted', pattern: /"(?:[^"]|"")*"/y };
const dollarString: Rule = { kind: 'string', pattern: /\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/y };

/** BigQuery's texts: with three quotes or one, `r` in front leaves backslashes as they are and still lets them hide a quote. */
const longString = /(?:[rR][bB]?|[bB][rR]?)?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?""")/y;
const shortString = /(?:[rR][bB]?|[bB][rR]?)?(?:'(?:[^'\\\r\n]|\\[\s\S])*'|"(?:[^"\\\r\n]|\\[\s\S])*")/y;

const rules: { [Dialect in SqlDialect]: readonly Rule[] } = {
  postgres: [
    ...shared,
    { kind: 'space', pattern: lineComment },
    dollarString,
    { kind: 'string', pattern: escapedString },
    { kind: 'string', pattern: plainString },
    { kind: 'quoted', pattern: /[uU]&"(?:[^"]|"")*"/y },
    quotedName,
    word,
    numeral,
  ],
  duckdb: [
    ...shared,
    { kind: 'space', pattern: lineComment },
    dollarString,
    { kind: 'string', pattern: escapedString },
    { kind: 'string', pattern: plainString },
    quotedName,
    word,
    numeral,
  ],
  snowflake: [
    ...shared,
    { kind: 'space', pattern: lineComment },
    { kind: 'space', pattern: /\/\/[^\r\n]*/y },
    { kind: 'string', pattern: /\$\$[\s\S]*?\$\$/y },
    { kind: 'string', pattern: backslashString },
    quotedName,
    word,
    numeral,
  ],
  spark: [
    ...shared,
    // A comment that ends with a backslash goes on for some readers and not for others: then nothing is certain.
    { kind: 'space', pattern: /--[^\r\n]*(?<!\\)(?=[\r\n]|$)/y },
    { kind: 'string', pattern: rawString },
    { kind: 'string', pattern: backslashString },
    { kind: 'string', pattern: /"(?:[^"\\]|\\[\s\S]|"")*"(?!")/y },
    { kind: 'quoted', pattern: /`(?:[^`]|``)*`/y },
    word,
    numeral,
  ],
  bigquery: [
    ...shared,
    { kind: 'space', pattern: /(?:--|#)[^\r\n]*/y },
    { kind: 'string', pattern: longString },
    { kind: 'string', pattern: shortString },
    { kind: 'quoted', pattern: /`(?:[^`\\]|\\[\s\S])*`/y },
    word,
    numeral,
  ],
  trino: [
    ...shared,
    { kind: 'space', pattern: lineComment },
    { kind: 'string', pattern: /(?:[xX]|[uU]&)?'(?:[^']|'')*'(?!')/y },
    quotedName,
    word,
    numeral,
  ],
};

/** What one dialect takes for a comment or a long text and another does not, so that it has to be known which one it is. */
const unclear = /'''|"""|#[^\n]*['"`]/;

/** Whether it hangs on the dialect, of those that are read and others, where a text has its quotes and comments. */
export function needsDialect(sql: string): boolean {
  return unclear.test(sql);
}

/** Names in these reach the data or the shape of it, in dialects that keep their case. */
const showsNames = /json|struct|pivot|xml|csv|variant|typeof|^(?:columns|row|map|describe)$/;

/**
 * The tokens of an SQL text without comments and white space. `templated`: Jinja's expressions and statements are tokens and
 * its comments are none. Null: it cannot be read with certainty (an open quote, a comment within a comment).
 */
export function lexSql(sql: string, dialect: SqlDialect, templated = false): SqlToken[] | null {
  const all = templated ? [jinja, jinjaComment, ...rules[dialect]] : rules[dialect];
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const next = nextToken(sql, at, all) ?? markAt(sql, at, dialect);
    if (next === null) return null;
    at = next.end;
    if (next.kind !== 'space') tokens.push({ ...next, kind: next.kind });
  }
  return withCase(withBreaks(tokens, sql), dialect);
}

/** Texts one after another are one text in some databases, but only over the end of a line: then what is between them counts. */
function withBreaks(tokens: SqlToken[], sql: string): SqlToken[] {
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    if (token.kind !== 'string' || before?.kind !== 'string') return token;
    const between = sql.slice(before.end, token.start);
    const way = between.includes('/*') ? between : between.includes('\n') ? '\n' : ' ';
    return { ...token, text: `${way}${token.text}` };
  });
}

type Found = Omit<SqlToken, 'kind'> & { kind: Rule['kind'] };

function nextToken(sql: string, start: number, all: readonly Rule[]): Found | null {
  for (const { kind, pattern } of all) {
    pattern.lastIndex = start;
    const raw = pattern.exec(sql)?.[0];
    if (raw === undefined) continue;
    const text = kind === 'word' ? lower(raw) : kind === 'jinja' ? raw.replaceAll(/\s+/g, ' ') : raw;
    return { kind, text, raw, start, end: start + raw.length };
  }
  return null;
}

function markAt(sql: string, start: number, dialect: SqlDialect): Found | null {
  operators.lastIndex = start;
  const run = operators.exec(sql)?.[0];
  if (run === undefined) {
    const raw = sql[start] ?? '';
    return /["'`]/.test(raw) ? null : { kind: 'mark', text: raw, raw, start, end: start + 1 };
  }
  if (run.startsWith('--')) return null;
  let raw = run.slice(0, commentIn(run, dialect));
  if (raw === '') return null;
  while (raw.length > 1 && /[+-]$/.test(raw) && !special.test(raw)) raw = raw.slice(0, -1);
  return { kind: 'mark', text: raw === '!=' ? '<>' : raw, raw, start, end: start + raw.length };
}

function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Puts the case back where it means something: paths into semi-structured values, and names that become data. */
function withCase(tokens: SqlToken[], dialect: SqlDialect): SqlToken[] {
  const hasPath = tokens.some((token) => token.kind === 'mark' && /^:$|^:[^:=]/.test(token.text));
  const shows = keepsCase(dialect) && tokens.some(isShowing);
  if (!hasPath && !shows) return tokens;
  return tokens.map((token, index) => {
    if (token.kind !== 'word' || isKeyword(token.text)) return token;
    const before = tokens[index - 1]?.text ?? '';
    // The name of a function never shows.
    if (before !== ':' && before !== '.' && tokens[index + 1]?.text === '(') return token;
    return shows || before === ':' || before === '.' ? { ...token, text: token.raw } : token;
  });
}

function isShowing(token: SqlToken): boolean {
  return token.kind === 'word' && showsNames.test(token.text);
}

const keywords = new Set(
  `select from where group by having qualify window order limit offset fetch union intersect except minus all distinct
   with recursive as on using join inner left right full outer cross natural semi anti lateral and or not in is null between
   like ilike case when then else end cast over partition rows range asc desc nulls first last exists values true false`.split(
    /\s+/,
  ),
);

/** Words that are never a name where an expression stands. */
export function isKeyword(text: string): boolean {
  return keywords.has(text);
}
