import type { Machine } from './machine-types.ts';
import { asText, bool, isPlain, itemsOf, keyText, number, text, unknown, type Value } from './values.ts';

type Sides = { left: Value; right: Value };

/** `left operator right`. The host is asked first, as `>>` between tasks is its to answer. */
export function binary(machine: Machine, operator: string, sides: Sides): Value {
  return machine.host.binary(machine, operator, sides) ?? plainBinary(operator, sides);
}

function plainBinary(operator: string, { left, right }: Sides): Value {
  if (operator === '+' && (left.is === 'text' || right.is === 'text')) return joinedTexts(left, right);
  if (operator === '+' && left.is === 'list' && right.is === 'list') {
    return { ...left, items: [...left.items, ...right.items], open: left.open || right.open };
  }
  if (operator === '|' && left.is === 'dict' && right.is === 'dict') {
    return { is: 'dict', entries: new Map([...left.entries, ...right.entries]), open: left.open || right.open };
  }
  if (operator === '%' && left.is === 'text') return percent(left, right);
  if (operator === '/' && left.is === 'path') return joinedPath(left.value, right);
  if (operator === '*' && left.is === 'text' && right.is === 'number' && right.value < 1000) {
    return text(left.value.repeat(Math.max(0, right.value)), left.partial);
  }
  if (left.is === 'number' && right.is === 'number') return arithmetic(operator, left.value, right.value);
  return unknown;
}

function joinedTexts(left: Value, right: Value): Value {
  if (![left, right].every((side) => ['text', 'unknown', 'made', 'method'].includes(side.is))) return unknown;
  const [a, b] = [asText(left), asText(right)];
  return text(a.value + b.value, a.partial || b.partial);
}

function joinedPath(base: string, right: Value): Value {
  const more = asText(right);
  return more.partial
    ? unknown
    : { is: 'path', value: more.value.startsWith('/') ? more.value : `${base}/${more.value}` };
}

function arithmetic(operator: string, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return number(a + b);
    case '-':
      return number(a - b);
    case '*':
      return number(a * b);
    case '/':
      return number(a / b);
    case '//':
      return number(Math.floor(a / b));
    case '%':
      return number(b === 0 ? Number.NaN : a - b * Math.floor(a / b));
    case '**':
      return number(a ** b);
    default:
      return unknown;
  }
}

/** `'%s_%d' % (a, b)` and `'%(name)s' % {...}`. */
function percent(format: Value & { is: 'text' }, right: Value): Value {
  const values = right.is === 'list' && right.tuple ? [...right.items] : [right];
  let partial = format.partial;
  const filled = format.value.replace(/%(?:\((\w+)\))?([sdr%])/g, (_, name: string | undefined, letter: string) => {
    if (letter === '%') return '%';
    const named = name !== undefined && right.is === 'dict' ? right.entries.get(`t${name}`)?.value : undefined;
    const piece = asText((name === undefined ? values.shift() : named) ?? unknown);
    partial ||= piece.partial;
    return piece.value;
  });
  return text(filled, partial);
}

/** A chain of comparisons; unknown as soon as one of them cannot be told and none is false. */
export function compare(operators: readonly string[], values: readonly Value[]): Value {
  let known = true;
  for (const [index, operator] of operators.entries()) {
    const holds = compareTwo(operator.replace(/\s+/g, ' '), values[index] ?? unknown, values[index + 1] ?? unknown);
    if (holds === false) return bool(false);
    if (holds === null) known = false;
  }
  return known ? bool(true) : unknown;
}

function compareTwo(operator: string, left: Value, right: Value): boolean | null {
  const negative = operator === '!=' || operator === 'is not' || operator === 'not in';
  const holds = operator.endsWith('in')
    ? isIn(left, right)
    : ['==', '!=', 'is', 'is not'].includes(operator)
      ? isEqual(left, right)
      : ordered(operator, left, right);
  return holds === null ? null : holds !== negative;
}

function isEqual(left: Value, right: Value): boolean | null {
  if (isPlain(left) && isPlain(right)) return keyText(left) === keyText(right);
  if (left.is === 'none' || right.is === 'none') {
    const other = left.is === 'none' ? right : left;
    return other.is === 'unknown' || other.is === 'made' ? null : false;
  }
  return null;
}

function isIn(left: Value, right: Value): boolean | null {
  if (right.is === 'text' && left.is === 'text' && !left.partial) {
    return right.value.includes(left.value) ? true : right.partial ? null : false;
  }
  if (right.is === 'text') return null;
  const items = itemsOf(right);
  if (items === null || !isPlain(left)) return null;
  if (items.items.some((item) => isPlain(item) && keyText(item) === keyText(left))) return true;
  return items.open || !items.items.every(isPlain) ? null : false;
}

function ordered(operator: string, left: Value, right: Value): boolean | null {
  const comparable =
    (left.is === 'number' && right.is === 'number') ||
    (left.is === 'text' && right.is === 'text' && !left.partial && !right.partial);
  if (!comparable || !('value' in left) || !('value' in right)) return null;
  const [a, b] = [left.value, right.value];
  return operator === '<'
    ? a < b
    : operator === '>'
      ? a > b
      : operator === '<='
        ? a <= b
        : operator === '>='
          ? a >= b
          : null;
}
