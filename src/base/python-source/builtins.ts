import type { Machine } from './machine-types.ts';
import {
  type Arguments,
  argument,
  asText,
  bool,
  dict,
  isPlain,
  itemsOf,
  keyText,
  list,
  none,
  number,
  text,
  truth,
  unknown,
  type Value,
} from './values.ts';

type Builtin = (machine: Machine, given: Arguments) => Value | null;

const mostNumbers = 10_000;

function first(given: Arguments): Value {
  return given.positional[0] ?? unknown;
}

function copyOf(tuple: boolean): Builtin {
  return (_, given) => {
    if (given.positional.length === 0) return { is: 'list', items: [], open: given.open, tuple };
    const items = itemsOf(first(given));
    return items === null ? null : { is: 'list', items: [...items.items], open: items.open, tuple };
  };
}

function range(_: Machine, given: Arguments): Value | null {
  const numbers = given.positional.map((value) => (value.is === 'number' ? value.value : Number.NaN));
  const [from = 0, to = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  const count = Math.ceil((to - from) / step);
  if (!(count < mostNumbers) || step === 0) return null;
  return list(Array.from({ length: Math.max(0, count) }, (_item, index) => number(from + index * step)));
}

function zip(_: Machine, given: Arguments): Value | null {
  const all = given.positional.map(itemsOf);
  if (all.length === 0 || all.some((one) => one === null || one.open)) return null;
  const shortest = Math.min(...all.map((one) => one?.items.length ?? 0));
  return list(
    Array.from({ length: shortest }, (_item, index) => tupleOf(all.map((one) => one?.items[index] ?? unknown))),
  );
}

export function tupleOf(items: Value[]): Value {
  return { is: 'list', items, open: false, tuple: true };
}

function sorted(_: Machine, given: Arguments): Value | null {
  const items = itemsOf(first(given));
  if (items === null) return null;
  if (given.named.size > 0 || !items.items.every(isPlain)) return list([...items.items], items.open);
  return list([...items.items].sort(compareValues), items.open);
}

function compareValues(a: Value, b: Value): number {
  if (a.is === 'number' && b.is === 'number') return a.value - b.value;
  return keyText(a) < keyText(b) ? -1 : 1;
}

function extreme(pick: (...values: number[]) => number): Builtin {
  return (_, given) => {
    const items = given.positional.length === 1 ? itemsOf(first(given))?.items : given.positional;
    const numbers = (items ?? []).map((value) => (value.is === 'number' ? value.value : Number.NaN));
    return numbers.length === 0 ? null : number(pick(...numbers));
  };
}

function quantifier(isAll: boolean): Builtin {
  return (_, given) => {
    const items = itemsOf(first(given));
    const truths = items?.items.map(truth) ?? [null];
    if (truths.includes(!isAll)) return bool(!isAll);
    return items === null || items.open || truths.includes(null) ? null : bool(isAll);
  };
}

function makeDict(_: Machine, given: Arguments): Value {
  const base = given.positional[0];
  const start = base?.is === 'dict' ? base : null;
  const pairs = base === undefined || start !== null ? [] : (itemsOf(base)?.items ?? []);
  const made = dict(given.named, given.open || (base !== undefined && start === null && itemsOf(base) === null));
  if (made.is !== 'dict') return made;
  const listed = pairs.flatMap((pair) => {
    const [key, value] = itemsOf(pair)?.items ?? [];
    return key !== undefined && value !== undefined && isPlain(key) ? [[keyText(key), { key, value }] as const] : [];
  });
  return {
    is: 'dict',
    entries: new Map([...(start?.entries ?? []), ...listed, ...made.entries]),
    open: made.open || start?.open === true,
  };
}

/** The functions of Python itself that code around DAGs and jobs uses to make names and lists. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['range', range],
  ['zip', zip],
  ['sorted', sorted],
  ['list', copyOf(false)],
  ['tuple', copyOf(true)],
  ['set', copyOf(false)],
  ['frozenset', copyOf(false)],
  ['iter', copyOf(false)],
  ['dict', makeDict],
  ['OrderedDict', makeDict],
  [
    'str',
    (_, given) =>
      given.positional.length === 0 ? text('') : text(asText(first(given)).value, asText(first(given)).partial),
  ],
  ['repr', () => null],
  [
    'int',
    (_, given) => {
      const value = first(given);
      return value.is === 'number'
        ? number(Math.trunc(value.value))
        : value.is === 'text' && /^-?\d+$/.test(value.value)
          ? number(Number(value.value))
          : null;
    },
  ],
  [
    'float',
    (_, given) => {
      const value = first(given);
      return value.is === 'number' ? value : null;
    },
  ],
  [
    'bool',
    (_, given) => {
      const holds = truth(first(given));
      return holds === null ? null : bool(holds);
    },
  ],
  [
    'len',
    (_, given) => {
      const items = itemsOf(first(given));
      return items === null || items.open ? null : number(items.items.length);
    },
  ],
  [
    'enumerate',
    (_, given) => {
      const items = itemsOf(first(given));
      const start = argument(given, 1, 'start');
      const from = start?.is === 'number' ? start.value : 0;
      return items === null
        ? null
        : list(
            items.items.map((item, index) => tupleOf([number(from + index), item])),
            items.open,
          );
    },
  ],
  [
    'reversed',
    (_, given) => {
      const items = itemsOf(first(given));
      return items === null ? null : list([...items.items].reverse(), items.open);
    },
  ],
  [
    'map',
    (machine, given) => {
      const [callee, over] = given.positional;
      const items = over === undefined ? null : itemsOf(over);
      if (callee?.is !== 'function' || items === null) return null;
      return list(
        items.items.map((item) => machine.callFunction(callee, { positional: [item], named: new Map(), open: false })),
        items.open,
      );
    },
  ],
  [
    'filter',
    (_, given) => {
      const items = itemsOf(given.positional[1] ?? unknown);
      return items === null ? null : list(items.items, true);
    },
  ],
  ['min', extreme(Math.min)],
  ['max', extreme(Math.max)],
  ['all', quantifier(true)],
  ['any', quantifier(false)],
  ['print', () => none],
  ['isinstance', () => null],
  ['getattr', () => null],
  ['hasattr', () => null],
  ['open', () => null],
  ['type', () => null],
  ['object', () => null],
]);
