import type { Json } from '../../model/json.ts';

/** A type constraint of Terraform. `any` also stands for one that could not be read, so that nothing is said against a value. */
export type VariableType = Simple | Collection | Tuple | ObjectType;
type Simple = { is: 'string' | 'number' | 'bool' | 'any' };
type Collection = { is: 'list' | 'set' | 'map'; of: VariableType };
type Tuple = { is: 'tuple'; items: VariableType[] };
type ObjectType = { is: 'object'; attributes: { name: string; type: VariableType; optional: boolean }[] };

const ANY: VariableType = { is: 'any' };

/** Reads a type constraint as it is written after `type =`. */
export function readVariableType(expression: string): VariableType {
  const quoted = /^"(string|list|map)"$/.exec(expression.trim())?.[1];
  const reader = new TypeReader(quoted ?? expression);
  const type = reader.type();
  return type === null || !reader.atEnd() ? ANY : type;
}

/** Whether Terraform takes a variable of this type from the environment as it stands, and not as an expression. */
export function isLiteral(type: VariableType | null): boolean {
  return type === null || type.is === 'string' || type.is === 'number' || type.is === 'bool';
}

/**
 * Why Terraform would not take the value for the type, as `at.b must be a number`; null when it would. It turns numbers
 * and booleans into text and back by itself. A text with a secret in it is any text.
 */
export function misfit(value: Json, type: VariableType, at = 'it'): string | null {
  if (value === null || type.is === 'any') return null;
  if (type.is === 'list' || type.is === 'set') return misfitOfList(value, type, at);
  if (type.is === 'tuple') return misfitOfTuple(value, type, at);
  if (type.is === 'map') return misfitOfMap(value, type, at);
  if (type.is === 'object') return misfitOfObject(value, type, at);
  if (typeof value === 'object') return `${at} must be a ${type.is}`;
  return convertible[type.is](value) ? null : `${at} must be a ${type.is}`;
}

const SECRET = /\$\{secrets\.\w+\}/;
const convertible: { [Is in 'string' | 'number' | 'bool']: (value: string | number | boolean) => boolean } = {
  string: () => true,
  number: (value) =>
    typeof value === 'number' ||
    (typeof value === 'string' && (/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value) || SECRET.test(value))),
  bool: (value) =>
    typeof value === 'boolean' ||
    (typeof value === 'string' && (['true', 'false', '1', '0'].includes(value) || SECRET.test(value))),
};

function misfitOfList(value: Json, type: Collection, at: string): string | null {
  if (!Array.isArray(value)) return `${at} must be a ${type.is}`;
  return first(value.map((item, index) => misfit(item, type.of, `${at}[${index}]`)));
}

function misfitOfTuple(value: Json, { items }: Tuple, at: string): string | null {
  if (!Array.isArray(value) || value.length !== items.length) return `${at} must be a list of ${items.length}`;
  return first(items.map((item, index) => misfit(value[index] ?? null, item, `${at}[${index}]`)));
}

function misfitOfMap(value: Json, type: Collection, at: string): string | null {
  if (!isMap(value)) return `${at} must be a map`;
  return first(Object.entries(value).map(([key, item]) => misfit(item, type.of, `${at}.${key}`)));
}

function misfitOfObject(value: Json, { attributes }: ObjectType, at: string): string | null {
  if (!isMap(value)) return `${at} must be an object`;
  return first(
    attributes.map(({ name, type, optional }) => {
      const given = value[name];
      if (given !== undefined) return misfit(given, type, `${at}.${name}`);
      return optional ? null : `${at} must have ${name}`;
    }),
  );
}

function isMap(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function first(faults: readonly (string | null)[]): string | null {
  return faults.find((fault) => fault !== null) ?? null;
}

/** Reads by going down the grammar; every method gives null where the text is something else. */
class TypeReader {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/[A-Za-z_][\w-]*|"[^"]*"|[(){}[\],=\n]|[^\s]/g) ?? [];
  }

  atEnd(): boolean {
    this.#lines();
    return this.#at >= this.#tokens.length;
  }

  type(): VariableType | null {
    this.#lines();
    const word = this.#next();
    if (word === 'string' || word === 'number' || word === 'bool' || word === 'any') return { is: word };
    if (word === 'list' || word === 'set' || word === 'map') return this.#collection(word);
    if (!this.#take('(')) return null;
    const type = word === 'object' ? this.#object() : word === 'tuple' ? this.#tuple() : null;
    this.#lines();
    return type !== null && this.#take(')') ? type : null;
  }

  /** Without a bracket, as Terraform still takes it: of anything. */
  #collection(is: 'list' | 'set' | 'map'): VariableType | null {
    if (!this.#take('(')) return { is, of: ANY };
    const of = this.type();
    this.#lines();
    return of !== null && this.#take(')') ? { is, of } : null;
  }

  #tuple(): VariableType | null {
    const items: VariableType[] = [];
    this.#lines();
    if (!this.#take('[')) return null;
    for (this.#separators(); !this.#take(']'); this.#separators()) {
      const item = this.type();
      if (item === null) return null;
      items.push(item);
    }
    return { is: 'tuple', items };
  }

  #object(): VariableType | null {
    const attributes: ObjectType['attributes'] = [];
    this.#lines();
    if (!this.#take('{')) return null;
    for (this.#separators(); !this.#take('}'); this.#separators()) {
      const name = this.#next()?.replaceAll('"', '') ?? '';
      if (!this.#take('=')) return null;
      const optional = this.#tokens[this.#at] === 'optional';
      const type = optional ? this.#optional() : this.type();
      if (type === null) return null;
      attributes.push({ name, type, optional });
    }
    return { is: 'object', attributes };
  }

  /** `optional(type)` or `optional(type, default)`; the default is looked over. */
  #optional(): VariableType | null {
    this.#at += 1;
    if (!this.#take('(')) return null;
    const type = this.type();
    for (let depth = 1; depth > 0; ) {
      const token = this.#next();
      if (token === null) return null;
      if ('([{'.includes(token)) depth += 1;
      if (')]}'.includes(token)) depth -= 1;
    }
    return type;
  }

  #next(): string | null {
    const token = this.#tokens[this.#at] ?? null;
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #lines(): void {
    while (this.#tokens[this.#at] === '\n') this.#at += 1;
  }

  #separators(): void {
    while (['\n', ','].includes(this.#tokens[this.#at] ?? '')) this.#at += 1;
  }
}
