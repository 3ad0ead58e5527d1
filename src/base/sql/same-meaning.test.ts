import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareQueries } from './compare-queries.ts';
import { lexSql, type SqlToken } from './lex-sql.ts';
import { allDialects, type SqlDialect } from './sql-dialect.ts';

const queries = [
  "select a, b as c from t where d > 1 and e = 'x -- y' order by 2 desc limit 3",
  'with s as (select id, sum(x) as x from t group by 1), r as (select id from u) select s.id, s.x from s left join r on s.id = r.id and s.x > 0',
  'select k, row_number() over (partition by k order by v desc) as n from t where v is not null and (k = 1 or v between 2 and 3)',
  "select case when a > 1 then 'p' else 'q' end as z, coalesce(b, 0) as b from s.t union all select c, 0 from u",
];

const gaps = fc.constantFrom(' ', '\n', '\t  ', ' -- note\n', " /* it's (a) note */ ", '\n\n');
const dialects = fc.constantFrom<SqlDialect>(...allDialects);

function tokensOf(sql: string, dialect: SqlDialect): SqlToken[] {
  return lexSql(sql, dialect) ?? assert.fail('it is not read');
}

function isPart(token: SqlToken | undefined, next: SqlToken | undefined): boolean {
  return token !== undefined && next !== undefined && token.end === next.start;
}

test('any layout and any comments between the tokens of a query are nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...queries),
      dialects,
      fc.array(gaps, { minLength: 90, maxLength: 90 }),
      async (sql, dialect, spaces) => {
        const tokens = tokensOf(sql, dialect);
        const text = tokens
          .map((token, at) => `${token.raw}${isPart(token, tokens[at + 1]) ? '' : spaces[at]}`)
          .join('');
        assert.equal((await compareQueries(sql, text, dialect)).effect, 'none');
      },
    ),
    { numRuns: 60 },
  );
});

test('a query that has lost a token that says something, or has another, is never the same', async () => {
  const optional = /^(?:as|left|inner|outer|[();,.]|asc)$/;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...queries),
      dialects,
      fc.nat(),
      fc.boolean(),
      async (sql, dialect, place, drop) => {
        const tokens = tokensOf(sql, dialect);
        const at = place % tokens.length;
        const token = tokens[at];
        if (token === undefined || optional.test(token.text)) return;
        const other = token.kind === 'number' ? `${token.raw}7` : token.kind === 'string' ? "'other'" : 'another';
        const text = tokens.map((one, index) => (index === at ? (drop ? '' : other) : one.raw)).join(' ');
        assert.notEqual((await compareQueries(sql, text, dialect)).effect, 'none');
      },
    ),
    { numRuns: 150 },
  );
});
