import type { Token } from './tokens.ts';

/** A value in Jinja. `unknown` cannot be told without dbt; `one-of` is a loop's name, which takes each of the values. */
export type JinjaValue =
  | null
  | boolean
  | number
  | string
  | JinjaValue[]
  | { is: 'unknown' }
  | { is: 'one-of'; values: JinjaValue[] }
  | { is: 'map'; entries: Map<string, JinjaValue> };

export const unknown: JinjaValue = { is: 'unknown' };

export type JinjaCall = { name: string; positional: JinjaValue[]; named: Map<string, JinjaValue> };

/** What names and calls mean. `call` is told of every call, from the inside out. */
export type JinjaWorld = {
  name(name: string): JinjaValue | undefined;
  call(call: JinjaCall): JinjaValue | undefined;
};

type Reader = { tokens: Token[]; at: number; world: JinjaWorld; depth: number };

/**
 * Reads an expression and says what it is worth. Never throws; what it cannot read is unknown. After something unreadable
 * it goes on with what follows, so that no call is missed.
 */
export function readTokens(tokens: Token[], world: JinjaWorld): JinjaValue {
  const reader: Reader = { tokens, at: 0, world, depth: 0 };
  let value = conditional(reader);
  while (reader.at < tokens.length) {
    const before = reader.at;
    value = unknown;
    conditional(reader);
    if (reader.at === before) reader.at += 1;
  }
  return value;
}

function peek(reader: Reader, text: string): boolean {
  const token = reader.tokens[reader.at];
  return token !== undefined && token.text === text && (token.kind === 'mark' || token.kind === 'name');
}

function take(reader: Reader, text: string): boolean {
  if (!peek(reader, text)) return false;
  reader.at += 1;
  return true;
}

function conditional(reader: Reader): JinjaValue {
  const value = either(reader);
  if (!take(reader, 'if')) return value;
  const holds = truthOf(either(reader));
  // Without `else` it is undefined, which prints nothing.
  const otherwise = take(reader, 'else') ? conditional(reader) : '';
  return holds === null ? unknown : holds ? value : otherwise;
}

function either(reader: Reader): JinjaValue {
  let value = both(reader);
  while (take(reader, 'or')) {
    const left = truthOf(value);
    const right = both(reader);
    value = left === true ? value : left === false ? right : truthOf(right) === true ? right : unknown;
  }
  return value;
}

function both(reader: Reader): JinjaValue {
  let value = negation(reader);
  while (take(reader, 'and')) {
    const left = truthOf(value);
    const right = negation(reader);
    value = left === false ? value : left === true ? right : truthOf(right) === false ? right : unknown;
  }
  return value;
}

function negation(reader: Reader): JinjaValue {
  if (!take(reader, 'not')) return comparison(reader);
  const holds = truthOf(negation(reader));
  return holds === null ? unknown : !holds;
}

const comparisons = ['==', '!=', '<', '>', '<=', '>='];

function comparison(reader: Reader): JinjaValue {
  let value = concatenation(reader);
  for (;;) {
    const operator = comparisons.find((one) => peek(reader, one));
    if (operator !== undefined) {
      reader.at += 1;
      value = compared(operator, value, concatenation(reader));
    } else if (take(reader, 'in')) {
      value = contained(value, concatenation(reader));
    } else if (peek(reader, 'not') && reader.tokens[reader.at + 1]?.text === 'in') {
      reader.at += 2;
      const holds = truthOf(contained(value, concatenation(reader)));
      value = holds === null ? unknown : !holds;
    } else if (take(reader, 'is')) {
      const negated = take(reader, 'not');
      const isNone = peek(reader, 'none');
      concatenation(reader);
      value =
        isNone && (value === null || isPlain(value) || Array.isArray(value)) ? (value === null) !== negated : unknown;
    } else return value;
  }
}

function compared(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  if (isTexts(left) && isTexts(right) && ['==', '!='].includes(operator))
    return (left.join('\0') === right.join('\0') && left.length === right.length) === (operator === '==');
  if (!isPlain(left) || !isPlain(right)) return unknown;
  // In Python, true equals 1.
  if (typeof left !== typeof right && [left, right].some((value) => typeof value === 'boolean')) return unknown;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== 'number' || typeof right !== 'number') return unknown;
  return operator === '<'
    ? left < right
    : operator === '>'
      ? left > right
      : operator === '<='
        ? left <= right
        : left >= right;
}

function isTexts(value: JinjaValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function contained(left: JinjaValue, right: JinjaValue): JinjaValue {
  const isClear = typeof left === 'string' && Array.isArray(right) && right.every(isPlain);
  return isClear ? right.includes(left) : unknown;
}

function isPlain(value: JinjaValue): boolean {
  return value === null || typeof value !== 'object';
}

function concatenation(reader: Reader): JinjaValue {
  let value = postfix(reader);
  for (;;) {
    if (take(reader, '~')) value = joined(value, postfix(reader));
    else if (take(reader, '+')) value = added(value, postfix(reader));
    else if (['-', '*', '/', '//', '%', '**'].some((operator) => take(reader, operator))) {
      postfix(reader);
      value = unknown;
    } else return value;
  }
}

function joined(left: JinjaValue, right: JinjaValue): JinjaValue {
  if (isOneOf(left)) return { is: 'one-of', values: left.values.map((value) => joined(value, right)) };
  if (isOneOf(right)) return { is: 'one-of', values: right.values.map((value) => joined(left, value)) };
  const [before, after] = [printed(left), printed(right)];
  return before !== null && after !== null ? `${before}${after}` : unknown;
}

/** A value as Jinja prints it; null where that cannot be told. */
export function printed(value: JinjaValue): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return value === null ? 'None' : typeof value === 'boolean' ? (value ? 'True' : 'False') : null;
}

function added(left: JinjaValue, right: JinjaValue): JinjaValue {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  return typeof left === 'number' || typeof right === 'number' ? unknown : joined(left, right);
}

export function isOneOf(value: JinjaValue): value is { is: 'one-of'; values: JinjaValue[] } {
  return value !== null && typeof value === 'object' && 'is' in value && value.is === 'one-of';
}

function postfix(reader: Reader): JinjaValue {
  const start = reader.at;
  let value = primary(reader);
  let path = reader.tokens[start]?.kind === 'name' && reader.at === start + 1 ? (reader.tokens[start]?.text ?? '') : '';
  for (;;) {
    if (take(reader, '.')) {
      const name = reader.tokens[reader.at]?.text ?? '';
      reader.at += 1;
      value = memberOf(value, name);
      path = `${path}.${name}`;
    } else if (take(reader, '[')) {
      value = itemOf(value, conditional(reader));
      take(reader, ']');
      path = '';
    } else if (take(reader, '(')) {
      const call = readArguments(reader, path);
      value = reader.world.call(call) ?? unknown;
      path = '';
    } else if (take(reader, '|')) {
      const filter = reader.tokens[reader.at]?.text ?? '';
      reader.at += 1;
      const given = take(reader, '(') ? readArguments(reader, '') : null;
      value = given !== null && given.named.size > 0 ? unknown : filtered(filter, value, given?.positional ?? []);
    } else return value;
  }
}

function filtered(filter: string, value: JinjaValue, given: readonly JinjaValue[]): JinjaValue {
  if (['as_bool', 'as_native', 'as_text', 'safe'].includes(filter)) return value;
  if (filter === 'list') return Array.isArray(value) ? value : unknown;
  if (filter === 'int') return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : integer(value);
  if (filter === 'length') return Array.isArray(value) ? value.length : unknown;
  if (filter === 'join' && Array.isArray(value)) return joinedBy(value, given.length === 0 ? '' : (given[0] ?? null));
  if (typeof value !== 'string' || given.length > 0) return unknown;
  if (filter === 'trim') return value.trim();
  return filter === 'lower' ? value.toLowerCase() : filter === 'upper' ? value.toUpperCase() : unknown;
}

function integer(value: JinjaValue): JinjaValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : unknown;
}

function joinedBy(values: readonly JinjaValue[], between: JinjaValue): JinjaValue {
  const texts = values.flatMap((value) => printed(value) ?? []);
  return typeof between === 'string' && texts.length === values.length ? texts.join(between) : unknown;
}

function memberOf(value: JinjaValue, name: string): JinjaValue {
  return value !== null && typeof value === 'object' && 'is' in value && value.is === 'map'
    ? (value.entries.get(name) ?? unknown)
    : unknown;
}

function itemOf(value: JinjaValue, key: JinjaValue): JinjaValue {
  if (Array.isArray(value) && typeof key === 'number') return value[key] ?? unknown;
  return typeof key === 'string' ? memberOf(value, key) : unknown;
}

function readArguments(reader: Reader, name: string): JinjaCall {
  const call: JinjaCall = { name, positional: [], named: new Map() };
  while (reader.at < reader.tokens.length && !take(reader, ')')) {
    const before = reader.at;
    const key = reader.tokens[reader.at];
    if (key?.kind === 'name' && reader.tokens[reader.at + 1]?.text === '=') {
      reader.at += 2;
      call.named.set(key.text, conditional(reader));
    } else {
      call.positional.push(conditional(reader));
    }
    if (!take(reader, ',') && reader.at === before) reader.at += 1;
  }
  return call;
}

const constants: { [name: string]: JinjaValue } = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

function primary(reader: Reader): JinjaValue {
  const token = reader.tokens[reader.at];
  if (token === undefined || reader.depth > 200) return unknown;
  if (token.kind === 'mark' && ![...'([{-'].includes(token.text)) return unknown;
  reader.at += 1;
  reader.depth += 1;
  const value = primaryOf(reader, token);
  reader.depth -= 1;
  return value;
}

function primaryOf(reader: Reader, token: Token): JinjaValue {
  if (token.kind === 'text') return token.text;
  if (token.kind === 'number') return integer(token.text.includes('.') ? unknown : Number(token.text));
  if (token.kind === 'name')
    return constants[token.text] !== undefined
      ? (constants[token.text] ?? null)
      : (reader.world.name(token.text) ?? unknown);
  if (token.text === '-') {
    const value = primary(reader);
    return typeof value === 'number' ? -value : unknown;
  }
  if (token.text === '{') return readMap(reader);
  const items = readItems(reader, token.text === '(' ? ')' : ']');
  return token.text === '(' && items.length === 1 ? (items[0] ?? unknown) : items;
}

function readItems(reader: Reader, close: string): JinjaValue[] {
  const items: JinjaValue[] = [];
  while (reader.at < reader.tokens.length && !take(reader, close)) {
    const before = reader.at;
    items.push(conditional(reader));
    if (!take(reader, ',') && reader.at === before) reader.at += 1;
  }
  return items;
}

function readMap(reader: Reader): JinjaValue {
  const entries = new Map<string, JinjaValue>();
  while (reader.at < reader.tokens.length && !take(reader, '}')) {
    const before = reader.at;
    const key = conditional(reader);
    if (take(reader, ':')) entries.set(String(key), conditional(reader));
    if (!take(reader, ',') && reader.at === before) reader.at += 1;
  }
  return { is: 'map', entries };
}

/** Jinja's truth of a value, or null when it cannot be told. */
export function truthOf(value: JinjaValue): boolean | null {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return value.is === 'map' ? value.entries.size > 0 : null;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
