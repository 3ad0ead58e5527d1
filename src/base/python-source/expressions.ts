import { assign, bind } from './assignments.ts';
import { attributeOf } from './attributes.ts';
import { builtins } from './builtins.ts';
import { call } from './call-expression.ts';
import { comprehension } from './comprehensions.ts';
import type { Machine } from './machine-types.ts';
import { binary, compare } from './operators.ts';
import { readString } from './strings.ts';
import { field, type SyntaxNode } from './syntax.ts';
import {
  bool,
  type DictEntry,
  isPlain,
  itemsOf,
  keyText,
  none,
  number,
  type Scope,
  text,
  truth,
  unknown,
  type Value,
} from './values.ts';

type Expression = (machine: Machine, node: SyntaxNode, scope: Scope) => Value;

/** What an expression is worth, as far as that can be told. */
export function evaluate(machine: Machine, node: SyntaxNode | null, scope: Scope): Value {
  if (node === null) return unknown;
  machine.step(node);
  machine.line = node.line;
  return expressions[node.type]?.(machine, node, scope) ?? unknown;
}

const expressions: { [type: string]: Expression } = {
  identifier: (_, node, scope) => lookUp(node.text, scope),
  none: () => none,
  true: () => bool(true),
  false: () => bool(false),
  integer: (_, node) => number(Number(node.text.replaceAll('_', ''))),
  float: (_, node) => number(Number(node.text.replaceAll('_', ''))),
  string: readString,
  concatenated_string: (machine, node, scope) =>
    node.children
      .map((child) => machine.evaluate(child, scope))
      .reduce((left, right) => binary(machine, '+', { left, right })),
  list: (machine, node, scope) => sequence(machine, node, { scope, tuple: false }),
  tuple: (machine, node, scope) => sequence(machine, node, { scope, tuple: true }),
  set: (machine, node, scope) => sequence(machine, node, { scope, tuple: false }),
  expression_list: (machine, node, scope) => sequence(machine, node, { scope, tuple: true }),
  dictionary,
  parenthesized_expression: (machine, node, scope) => machine.evaluate(node.children[0] ?? null, scope),
  await: (machine, node, scope) => machine.evaluate(node.children[0] ?? null, scope),
  yield: (machine, node, scope) => {
    for (const child of node.children) machine.evaluate(child, scope);
    return unknown;
  },
  assignment: (machine, node, scope) => {
    const right = field(node, 'right');
    if (right === null) return none;
    const value = machine.evaluate(right, scope);
    assign(machine, { target: field(node, 'left'), value, scope });
    return value;
  },
  named_expression: (machine, node, scope) => {
    const value = machine.evaluate(field(node, 'value'), scope);
    bind(scope, field(node, 'name')?.text ?? '', value);
    return value;
  },
  augmented_assignment: (machine, node, scope) => {
    const left = machine.evaluate(field(node, 'left'), scope);
    const right = machine.evaluate(field(node, 'right'), scope);
    const value = binary(machine, (field(node, 'operator')?.text ?? '').replace(/=$/, ''), { left, right });
    assign(machine, { target: field(node, 'left'), value, scope });
    return value;
  },
  binary_operator: (machine, node, scope) => {
    const left = machine.evaluate(field(node, 'left'), scope);
    const right = machine.evaluate(field(node, 'right'), scope);
    return binary(machine, field(node, 'operator')?.text ?? '', { left, right });
  },
  unary_operator: (machine, node, scope) => {
    const value = machine.evaluate(field(node, 'argument'), scope);
    if (value.is !== 'number') return unknown;
    return field(node, 'operator')?.text === '-' ? number(-value.value) : value;
  },
  boolean_operator: booleanOperator,
  not_operator: (machine, node, scope) => {
    const holds = truth(machine.evaluate(field(node, 'argument'), scope));
    return holds === null ? unknown : bool(!holds);
  },
  comparison_operator: (machine, node, scope) => {
    const values = node.children.map((child) => machine.evaluate(child, scope));
    return compare(
      (node.fields.operators ?? []).map((operator) => operator.text),
      values,
    );
  },
  conditional_expression: (machine, node, scope) => {
    const [yes, condition, no] = node.children;
    const holds = truth(machine.evaluate(condition ?? null, scope));
    if (holds === null) {
      const left = machine.evaluate(yes ?? null, scope);
      const right = machine.evaluate(no ?? null, scope);
      return isPlain(left) && isPlain(right) && keyText(left) === keyText(right) ? left : thingOf(left, right);
    }
    return machine.evaluate((holds ? yes : no) ?? null, scope);
  },
  lambda: (_, node, scope) => ({ is: 'function', name: '<lambda>', node, scope, self: null }),
  attribute: (machine, node, scope) =>
    attributeOf(machine, machine.evaluate(field(node, 'object'), scope), field(node, 'attribute')?.text ?? ''),
  subscript,
  call,
  list_comprehension: comprehension,
  set_comprehension: comprehension,
  generator_expression: comprehension,
  dictionary_comprehension: comprehension,
};

function lookUp(name: string, scope: Scope): Value {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return builtins.has(name) ? { is: 'name', path: `builtins.${name}` } : unknown;
}

function sequence(machine: Machine, node: SyntaxNode, { scope, tuple }: { scope: Scope; tuple: boolean }): Value {
  const items: Value[] = [];
  let open = false;
  for (const child of node.children) {
    if (child.type !== 'list_splat') items.push(machine.evaluate(child, scope));
    else {
      const inner = itemsOf(machine.evaluate(child.children[0] ?? null, scope));
      items.push(...(inner?.items ?? []));
      open ||= inner?.open ?? true;
    }
  }
  return { is: 'list', items, open, tuple };
}

function dictionary(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const entries = new Map<string, DictEntry>();
  let open = false;
  for (const child of node.children) {
    if (child.type === 'pair') {
      const key = machine.evaluate(field(child, 'key'), scope);
      const value = machine.evaluate(field(child, 'value'), scope);
      if (isPlain(key)) entries.set(keyText(key), { key, value });
      else open = true;
    } else {
      const inner = machine.evaluate(child.children[0] ?? null, scope);
      if (inner.is === 'dict') for (const [key, entry] of inner.entries) entries.set(key, entry);
      open ||= inner.is !== 'dict' || inner.open;
    }
  }
  return { is: 'dict', entries, open };
}

function booleanOperator(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const left = machine.evaluate(field(node, 'left'), scope);
  const holds = truth(left);
  const isOr = field(node, 'operator')?.text === 'or';
  if (holds !== null) return holds === isOr ? left : machine.evaluate(field(node, 'right'), scope);
  const right = machine.evaluate(field(node, 'right'), scope);
  const decides = truth(right);
  return decides === isOr && right.is === 'bool' ? right : unknown;
}

function thingOf(left: Value, right: Value): Value {
  return left.is === 'thing' ? left : right.is === 'thing' ? right : unknown;
}

function subscript(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const holder = machine.evaluate(field(node, 'value'), scope);
  if (holder.is === 'thing') return holder;
  const index = field(node, 'subscript');
  if (index?.type === 'slice') return slice(machine, { holder, node: index, scope });
  const key = machine.evaluate(index, scope);
  if (holder.is === 'dict') return (isPlain(key) ? holder.entries.get(keyText(key))?.value : undefined) ?? unknown;
  if (holder.is === 'list' && key.is === 'number' && !(holder.open && key.value < 0)) {
    return holder.items.at(key.value) ?? unknown;
  }
  if (holder.is === 'text' && key.is === 'number' && !holder.partial) return text(holder.value.at(key.value) ?? '');
  return unknown;
}

type Slice = { holder: Value; node: SyntaxNode; scope: Scope };

/** `[a:b]`; steps are not read. The grammar leaves out missing ends, so they are told apart by the colon. */
function slice(machine: Machine, { holder, node, scope }: Slice): Value {
  const bounds = node.text.split(':');
  if (bounds.length > 2) return unknown;
  const values = node.children.map((child) => machine.evaluate(child, scope));
  if (values.some((value) => value.is !== 'number')) return unknown;
  const numbers = values.map((value) => (value.is === 'number' ? value.value : 0));
  const from = bounds[0]?.trim() === '' ? 0 : (numbers.shift() ?? 0);
  const to = bounds[1]?.trim() === '' ? undefined : numbers.shift();
  if (holder.is === 'text' && !holder.partial) return text(holder.value.slice(from, to));
  if (holder.is === 'list' && !holder.open) return { ...holder, items: holder.items.slice(from, to) };
  return unknown;
}
