import type { Json } from '../../../model/json.ts';

/** What an expression is, as far as text alone tells. `known` false: it depends on variables, other resources, functions. */
export type HclValue = { known: true; value: Json } | { known: false };
export type HclBody = { attributes: Map<string, HclValue>; blocks: HclInner[] };
/** `line` is that of the block's first word in the whole text, from 1. */
export type HclInner = { kind: string; labels: string[]; line: number; body: HclBody; text: string };

const UNKNOWN: HclValue = { known: false };

/** Reads a whole .tf file. What is no HCL is passed over: saying so is terraform-validate's part. */
export function readHcl(text: string): HclBody {
  return new Reader(text).body(false);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  body(isInner: boolean): HclBody {
    const body: HclBody = { attributes: new Map(), blocks: [] };
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length) return body;
      if (this.#take('}')) {
        if (isInner) return body;
        continue;
      }
      const start = this.#at;
      const name = this.#match(/[A-Za-z_][\w-]*/y);
      if (name === null) this.#at += 1;
      else this.#item(name, start, body);
    }
  }

  #item(name: string, start: number, body: HclBody): void {
    this.#space(false);
    if (this.#text[this.#at] === '=' && this.#text[this.#at + 1] !== '=') {
      this.#at += 1;
      body.attributes.set(name, this.#expression());
      return;
    }
    const labels: string[] = [];
    for (;;) {
      const label = this.#match(/"([^"\n]*)"|[A-Za-z_][\w-]*/y);
      if (label === null) break;
      labels.push(label.replaceAll('"', ''));
      this.#space(false);
    }
    if (!this.#take('{')) return;
    const line = this.#text.slice(0, start).split('\n').length;
    const inner = this.body(true);
    body.blocks.push({ kind: name, labels, line, body: inner, text: this.#text.slice(start, this.#at) });
  }

  /** One expression up to where it ends; unknown as soon as it is more than a literal. */
  #expression(): HclValue {
    this.#space(false);
    const value = this.#literal();
    this.#space(false);
    const next = this.#text[this.#at];
    if (next === undefined || '\n,)}]'.includes(next)) return value;
    this.#restOfExpression();
    return UNKNOWN;
  }

  #literal(): HclValue {
    const next = this.#text[this.#at];
    if (next === '"') return this.#string();
    if (next === '[') return this.#list();
    if (next === '{') return this.#object();
    if (this.#text.startsWith('<<', this.#at)) return this.#heredoc();
    const number = this.#match(/-?\d+(?:\.\d+)?(?![\w.])/y);
    if (number !== null) return { known: true, value: Number(number) };
    const word = this.#match(/(?:true|false|null)\b/y);
    if (word !== null) return { known: true, value: word === 'null' ? null : word === 'true' };
    if (this.#match(/jsonencode\s*\(\s*/y) === null) return UNKNOWN;
    const inner = this.#expression();
    this.#space(true);
    this.#take(')');
    return inner.known ? { known: true, value: JSON.stringify(inner.value) } : UNKNOWN;
  }

  #string(): HclValue {
    this.#at += 1;
    let value = '';
    let isKnown = true;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"' && this.#text[this.#at] !== '\n') {
      if (/^(?:\$\$|%%)\{/.test(this.#text.slice(this.#at, this.#at + 3))) {
        value += this.#text.slice(this.#at + 1, this.#at + 3);
        this.#at += 3;
      } else if (/^[$%]\{/.test(this.#text.slice(this.#at, this.#at + 2))) {
        isKnown = false;
        this.#at += 1;
        this.#bracketed();
      } else if (this.#text[this.#at] === '\\') {
        value += escaped(this.#text[this.#at + 1] ?? '');
        this.#at += 2;
      } else value += this.#text[this.#at++];
    }
    this.#take('"');
    return isKnown ? { known: true, value } : UNKNOWN;
  }

  #heredoc(): HclValue {
    const found = /<<[-~]?([A-Za-z_]\w*)[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/my;
    found.lastIndex = this.#at;
    const match = found.exec(this.#text);
    if (match === null) {
      this.#at = this.#text.length;
      return UNKNOWN;
    }
    this.#at = found.lastIndex;
    const value = match[2] ?? '';
    return /[$%]\{/.test(value) ? UNKNOWN : { known: true, value };
  }

  #list(): HclValue {
    this.#at += 1;
    const values: HclValue[] = [];
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length || this.#take(']')) break;
      values.push(this.#expression());
      this.#space(true);
      if (!this.#take(',') && this.#text[this.#at] !== ']') {
        // `for` and the like.
        this.#restOfExpression();
        values.push(UNKNOWN);
        this.#take(']');
        break;
      }
    }
    const known = values.flatMap((one) => (one.known ? [one.value] : []));
    return known.length === values.length ? { known: true, value: known } : UNKNOWN;
  }

  #object(): HclValue {
    this.#at += 1;
    const entries: [string, Json][] = [];
    let isKnown = true;
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length || this.#take('}')) break;
      const before = this.#at;
      const key = this.#match(/"[^"\n]*"|[A-Za-z_][\w-]*/y);
      this.#space(false);
      const isEntry = key !== null && this.#match(/[=:](?!=)/y) !== null;
      const value = isEntry ? this.#expression() : UNKNOWN;
      if (!isEntry) this.#restOfExpression();
      if (value.known && key !== null) entries.push([key.replaceAll('"', ''), value.value]);
      else isKnown = false;
      this.#space(true);
      // What cannot stand here is passed over.
      if (!this.#take(',') && this.#at === before) this.#at += 1;
    }
    return isKnown ? { known: true, value: Object.fromEntries(entries) } : UNKNOWN;
  }

  /** Up to the end of the line, the comma or the bracket that ends the expression; brackets within are passed whole. */
  #restOfExpression(): void {
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at] ?? '';
      if ('\n,)}]'.includes(sign)) return;
      if ('([{'.includes(sign)) this.#bracketed();
      else if (sign === '"') this.#string();
      else if (this.#comment()) continue;
      else this.#at += 1;
    }
  }

  /** From an opening bracket to behind the one that closes it. */
  #bracketed(): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at] ?? '';
      if (sign === '"') {
        this.#string();
        continue;
      }
      if (this.#comment()) continue;
      if ('([{'.includes(sign)) depth += 1;
      if (')]}'.includes(sign)) depth -= 1;
      this.#at += 1;
      if (depth === 0) return;
    }
  }

  #comment(): boolean {
    return this.#match(/#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y) !== null;
  }

  #space(lines: boolean): void {
    const pattern = lines ? /\s+/y : /[ \t\r]+/y;
    while (this.#match(pattern) !== null || this.#comment());
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }
}

function escaped(sign: string): string {
  return { n: '\n', t: '\t', r: '\r' }[sign] ?? sign;
}
