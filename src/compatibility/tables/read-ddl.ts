import { fail } from '../../base/errors.ts';
import type { Dialect, SchemaSource } from '../verdict.ts';
import { type DdlToken, lexDdl } from './lex-ddl.ts';
import { readSqlType } from './sql-type.ts';
import { type Column, sqlName, type Table } from './table.ts';

/** Words that begin a part that is no column. */
const sideWords = ['foreign', 'like', 'exclude', 'index', 'period'];

/** Statements that change a table; reading only what was created would say too much. */
const changing = ['alter', 'drop', 'rename'];
const columnWords = new Set(
  'not null default primary unique references check constraint comment generated as identity autoincrement collate masking tag encode with on key foreign using'.split(
    ' ',
  ),
);

/** Reads the `create table` statements of a text. Throws `schema-invalid` with the line. */
export function readDdl(source: SchemaSource, dialect: Dialect): Table[] {
  const tables = statementsOf(lexDdl(source.text)).flatMap((tokens) =>
    new StatementReader(source, dialect, tokens).read(),
  );
  if (tables.length > 0) return tables;
  throw fail('schema-invalid', { file: source.name, format: 'SQL DDL', line: null, why: 'it creates no table.' });
}

function statementsOf(tokens: readonly DdlToken[]): DdlToken[][] {
  const statements: DdlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === ';' && !token.quoted) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

class StatementReader {
  private readonly source: SchemaSource;
  private readonly dialect: Dialect;
  private readonly tokens: readonly DdlToken[];
  private at = 0;

  constructor(source: SchemaSource, dialect: Dialect, tokens: readonly DdlToken[]) {
    this.source = source;
    this.dialect = dialect;
    this.tokens = tokens;
  }

  read(): Table[] {
    const first = this.word();
    if (changing.includes(first)) throw this.invalid(`\`${first}\` changes a table; only \`create table\` is read.`);
    if (first !== 'create') return [];
    while (!this.isWord('table')) {
      if (this.at >= this.tokens.length || this.isWord('view') || this.isWord('as')) return [];
      this.at += 1;
    }
    this.at += 1;
    if (this.isWord('if')) this.at += 3;
    const name = this.name();
    if (this.tokens[this.at]?.text !== '(') throw this.invalid(`table ${name} has no list of columns.`);
    return [this.table(name)];
  }

  private table(name: string): Table {
    const table: Table = { name, columns: [], key: [], uniques: [], checks: [], enforced: null };
    for (const part of this.parts()) new PartReader(this.dialect, part, (why) => this.invalid(why)).addTo(table);
    return table;
  }

  /** What stands between the commas of the list. */
  private parts(): DdlToken[][] {
    const parts: DdlToken[][] = [[]];
    let depth = 0;
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (token === undefined) break;
      const { text } = token;
      if (!token.quoted && (text === '(' || text === '<')) depth += 1;
      if (!token.quoted && (text === ')' || text === '>')) depth -= 1;
      if (depth === 0) return parts.filter((part) => part.length > 0);
      if (depth === 1 && text === ',' && !token.quoted) parts.push([]);
      else if (depth > 1 || text !== '(' || parts.some((part) => part.length > 0)) parts.at(-1)?.push(token);
    }
    throw this.invalid('a bracket is not closed.');
  }

  private name(): string {
    const part = (token: DdlToken | undefined) => sqlName(token?.text ?? '', token?.quoted ?? false, this.dialect);
    const parts = [part(this.tokens[this.at])];
    this.at += 1;
    while (this.tokens[this.at]?.text === '.') {
      parts.push(part(this.tokens[this.at + 1]));
      this.at += 2;
    }
    return parts.join('.');
  }

  private word(): string {
    this.at += 1;
    return this.tokens[this.at - 1]?.text.toLowerCase() ?? '';
  }

  private isWord(word: string): boolean {
    const token = this.tokens[this.at];
    return token?.quoted === false && token.text.toLowerCase() === word;
  }

  private invalid(why: string): Error {
    const line = (this.tokens[this.at] ?? this.tokens.at(-1))?.line ?? null;
    return fail('schema-invalid', { file: this.source.name, format: 'SQL DDL', line, why });
  }
}

/** One column or constraint of a table. */
class PartReader {
  private readonly dialect: Dialect;
  private readonly tokens: readonly DdlToken[];
  private readonly invalid: (why: string) => Error;

  constructor(dialect: Dialect, tokens: readonly DdlToken[], invalid: (why: string) => Error) {
    this.dialect = dialect;
    this.tokens = tokens;
    this.invalid = invalid;
  }

  addTo(table: Table): void {
    const skipped = this.word(0) === 'constraint' ? 2 : 0;
    const first = this.word(skipped);
    if (first === 'primary') table.key = this.listAfter(skipped + 2);
    else if (first === 'unique') table.uniques.push(this.listAfter(skipped + 1));
    else if (first === 'check') table.checks.push(this.textAfter(skipped + 1));
    else if (skipped > 0 || (sideWords.includes(first) && !this.isType(1))) return;
    else this.addColumn(table);
  }

  /** Some words begin what is no column, or are the name of one: then a type follows. */
  private isType(index: number): boolean {
    const word = this.word(index);
    return word !== '' && readSqlType(word, this.dialect).family !== 'other';
  }

  private addColumn(table: Table): void {
    const [name] = this.tokens;
    let end = 1;
    let depth = 0;
    for (; end < this.tokens.length; end += 1) {
      const text = this.tokens[end]?.text ?? '';
      if (text === '(' || text === '<') depth += 1;
      if (text === ')' || text === '>') depth -= 1;
      const word = this.word(end);
      const zone = word === 'with' && ['time', 'local'].includes(this.word(end + 1));
      if (depth === 0 && columnWords.has(word) && !zone) break;
    }
    const type = this.tokens
      .slice(1, end)
      .map((token) => token.text)
      .join(' ');
    if (name === undefined || type === '') throw this.invalid(`column ${name?.text ?? ''} has no type.`);
    // A text, as of a comment, says nothing here.
    const rest = this.tokens.slice(end).map((token) => (token.quoted ? "''" : token.text.toLowerCase()));
    const words = ` ${rest.join(' ')} `;
    const key = words.includes(' primary key ');
    const column: Column = {
      name: sqlName(name.text, name.quoted, this.dialect),
      type: readSqlType(type, this.dialect),
      required: key || words.includes(' not null '),
      filled: / (default(?! null )|generated|autoincrement|identity) /.test(words) || /serial/i.test(type),
      unique: words.includes(' unique '),
      limits: null,
    };
    table.columns.push(column);
    if (key) table.key = [column.name];
    const check = rest.indexOf('check');
    if (check >= 0) table.checks.push(this.textAfter(end + check + 1));
  }

  private word(index: number): string {
    const token = this.tokens[index];
    return token === undefined || token.quoted ? '' : token.text.toLowerCase();
  }

  private listAfter(index: number): string[] {
    const end = this.tokens.findIndex((token, at) => at > index && token.text === ')');
    return this.tokens
      .slice(index + 1, end)
      .flatMap(({ text, quoted }) => (text === ',' && !quoted ? [] : [sqlName(text, quoted, this.dialect)]));
  }

  /** The text in brackets from an index on, spaces and case aside. */
  private textAfter(index: number): string {
    const texts: string[] = [];
    let depth = 0;
    for (const token of this.tokens.slice(index)) {
      if (token.text === '(') depth += 1;
      texts.push(token.quoted ? `'${token.text}'` : token.text.toLowerCase());
      if (token.text === ')') depth -= 1;
      if (depth === 0) break;
    }
    return texts.join(' ');
  }
}
