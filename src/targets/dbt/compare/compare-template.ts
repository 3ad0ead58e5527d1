import { compareQueries, type QueryChange } from '../../../base/sql/compare-queries.ts';
import { lexSql, needsDialect } from '../../../base/sql/lex-sql.ts';
import type { SqlDialect } from '../../../base/sql/sql-dialect.ts';
import { standIn } from '../../../base/sql/stand-in.ts';
import { effects } from '../../../model/change.ts';
import { starColumnsOf } from '../columns.ts';
import { closureDigest } from './macro-closure.ts';
import { NeedsChoice, NotRendered, type Rendered, type RenderWorld, render } from './render.ts';
import { type Side, variablesText } from './side.ts';
import type { Piece } from './template.ts';
import { codeOf, piecesText } from './template-text.ts';

/** One text of a template in a revision. */
export type TemplateSide = { pieces: readonly Piece[] | null; text: string; side: Side };

/** What a changed template does: its SQL, and what it says in `config()` in each way it can be rendered. */
export type TemplateChange = QueryChange & {
  configs: { base: ReadonlyMap<string, string>; head: ReadonlyMap<string, string> }[];
};

const mostWays = 16;

export async function compareTemplates(base: TemplateSide, head: TemplateSide): Promise<TemplateChange> {
  const ways =
    base.pieces === null || head.pieces === null
      ? null
      : renderedWays(base.pieces, head.pieces, [base.side, head.side]);
  if (ways === null) return { ...compareTexts(base, head), configs: [] };
  const changes: QueryChange[] = [];
  const compared = new Set<string>();
  for (const { base: before, head: after } of ways) {
    if (compared.has(`${before.sql}\n\n${after.sql}`)) continue;
    compared.add(`${before.sql}\n\n${after.sql}`);
    const dialects = new Set([...base.side.dialects, ...head.side.dialects]);
    if (dialects.size > 1 && before.sql !== after.sql && [before, after].some(({ sql }) => needsDialect(sql)))
      changes.push(unclear);
    const isFilled = base.text === head.text && withoutFilled(before.sql) === withoutFilled(after.sql);
    for (const dialect of dialects) {
      const change = await compareRendered(before.sql, after.sql, { dialect, side: head.side });
      changes.push(isFilled && change.effect === 'breaking' ? { ...change, ...filled } : change);
    }
  }
  return { ...worstOf(changes), configs: ways.map((way) => ({ base: way.base.config, head: way.head.config })) };
}

const unclear: QueryChange = {
  effect: 'unknown',
  because: 'Its SQL can be read in several ways, and nothing says what database it is for.',
  columns: null,
};

async function compareRendered(
  base: string,
  head: string,
  { dialect, side }: { dialect: SqlDialect; side: Side },
): Promise<QueryChange> {
  if (base === head) return { effect: 'none', because: 'Its SQL is rendered to the same text.', columns: [] };
  return compareQueries(base, head, dialect, await starColumnsOf(head, side));
}

const filled = {
  effect: 'unknown' as const,
  because: 'What it calls or reads of packages and macros is another one, and may give something else.',
};

/** The text without what stands for all that decides something which is not known. */
function withoutFilled(sql: string): string {
  return sql.replaceAll(new RegExp(`(?<=${standIn}|__)[0-9a-f]{20}\\b`, 'g'), '');
}

type Way = { base: Rendered; head: Rendered };

/** The worlds of both revisions, environment by environment; those that are alike once. */
function worldsOf(before: Side, after: Side): [RenderWorld, RenderWorld][] {
  const names = [...new Set([...before.variablesIn.keys(), ...after.variablesIn.keys()])];
  const worldIn = ({ world, variablesIn }: Side, name: string) => ({
    ...world,
    variables: variablesIn.get(name) ?? world.variables,
  });
  const pairs = names.map((name): [RenderWorld, RenderWorld] => [worldIn(before, name), worldIn(after, name)]);
  const unique = new Map(pairs.map((pair) => [pair.map((world) => variablesText(world.variables)).join('\n'), pair]));
  return names.length === 0 ? [[before.world, after.world]] : [...unique.values()];
}

/** Both templates, rendered for each environment; null where that cannot be done. */
function renderedWays(base: readonly Piece[], head: readonly Piece[], [before, after]: [Side, Side]): Way[] | null {
  const ways: Way[] = [];
  for (const worlds of worldsOf(before, after)) {
    const found = waysIn(base, head, { before, after, worlds });
    if (found === null) return null;
    ways.push(...found);
  }
  return ways;
}

type Worlds = { before: Side; after: Side; worlds: [RenderWorld, RenderWorld] };

/** Both templates, rendered with each answer to what cannot be told; null where that cannot be done. */
function waysIn(base: readonly Piece[], head: readonly Piece[], { before, after, worlds }: Worlds): Way[] | null {
  const ways: Way[] = [];
  const todo: ReadonlyMap<string, boolean>[] = [new Map()];
  for (let choices = todo.pop(); choices !== undefined; choices = todo.pop()) {
    if (ways.length + todo.length > mostWays) return null;
    try {
      const way = { base: render(base, worlds[0], choices), head: render(head, worlds[1], choices) };
      if (!isWhole(way.base, before) || !isWhole(way.head, after)) return null;
      ways.push(way);
    } catch (error) {
      if (error instanceof NotRendered) return null;
      if (!(error instanceof NeedsChoice)) throw error;
      for (const answer of [true, false]) todo.push(new Map([...choices, [error.condition, answer]]));
    }
  }
  return ways;
}

/** A stand-in inside a comment could end it, and is not seen by whoever reads the SQL. */
function isWhole({ sql, standIns }: Rendered, side: Side): boolean {
  if (standIns === 0) return true;
  return side.dialects.every((dialect) => {
    const tokens = lexSql(sql, dialect);
    return tokens !== null && tokens.reduce((sum, token) => sum + token.text.split(standIn).length - 1, 0) === standIns;
  });
}

/** Templates that cannot be rendered are the same only where all that they say and all that they may call is. */
function compareTexts(base: TemplateSide, head: TemplateSide): QueryChange {
  const said = ({ pieces, text, side }: TemplateSide) =>
    [
      pieces === null ? text : piecesText(pieces, side.dialects),
      closureDigest(text, side.texts),
      side.world.surroundings(codeOf(text)),
    ].join('\n');
  return said(base) === said(head)
    ? { effect: 'none', because: 'Only comments or the layout of its template differ.', columns: [] }
    : {
        effect: 'unknown',
        because: 'Its template builds SQL in a way that cannot be followed, and has changed.',
        columns: null,
      };
}

/** The worst of several changes; the columns of all, where each can say them. */
function worstOf<Change extends QueryChange>(changes: readonly Change[]): QueryChange {
  const worst = changes.reduce<QueryChange>(
    (so, change) => (effects.indexOf(change.effect) > effects.indexOf(so.effect) ? change : so),
    changes[0] ?? { effect: 'none', because: 'Nothing in it differs.', columns: [] },
  );
  const isKnown = changes.every((change) => change.columns !== null);
  const columns = changes.flatMap((change) => change.columns ?? []);
  const unique = [...new Map(columns.map((column) => [`${column.name} ${column.change}`, column])).values()];
  return { effect: worst.effect, because: worst.because, columns: isKnown ? unique : null };
}
