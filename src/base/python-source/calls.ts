import { assign } from './assignments.ts';
import type { Machine } from './machine-types.ts';
import { field, type SyntaxNode } from './syntax.ts';
import {
  type Arguments,
  type ClassValue,
  dict,
  type FunctionValue,
  list,
  none,
  type Scope,
  unknown,
  type Value,
} from './values.ts';

/** Reads the body of a project's function with these arguments. Too deep, or its own caller again and again: unknown. */
export function callFunction(machine: Machine, callee: FunctionValue, given: Arguments): Value {
  if (machine.depth >= machine.limits.depth) return unknown;
  const scope: Scope = { ...callee.scope, names: new Map(), parent: callee.scope, globals: new Set() };
  bindParameters(machine, { callee, given, scope });
  const body = field(callee.node, 'body');
  const before = { file: machine.file, line: machine.line };
  machine.depth += 1;
  machine.trail.push(before);
  machine.file = callee.scope.file;
  try {
    if (callee.node.type === 'lambda') return machine.evaluate(body, scope);
    if (isGenerator(body)) {
      machine.block(body, scope);
      return list([], true);
    }
    const ending = machine.block(body, scope);
    return ending.how === 'return' ? ending.value : none;
  } finally {
    machine.depth -= 1;
    machine.trail.pop();
    Object.assign(machine, before);
  }
}

function isGenerator(body: SyntaxNode | null): boolean {
  return (body?.children ?? []).some(
    (child) =>
      child.type === 'yield' || (!child.type.endsWith('_definition') && child.type !== 'lambda' && isGenerator(child)),
  );
}

type Binding = { callee: FunctionValue; given: Arguments; scope: Scope };

function bindParameters(machine: Machine, { callee, given, scope }: Binding): void {
  const positional = callee.self === null ? [...given.positional] : [callee.self, ...given.positional];
  const named = new Map(given.named);
  let keywordOnly = false;
  for (const parameter of field(callee.node, 'parameters')?.children ?? []) {
    const inner = parameter.type === 'typed_parameter' ? (parameter.children[0] ?? parameter) : parameter;
    if (inner.type === 'list_splat_pattern') {
      assign(machine, { target: inner.children[0] ?? null, value: list(positional.splice(0), given.open), scope });
      keywordOnly = true;
    } else if (inner.type === 'dictionary_splat_pattern') {
      assign(machine, { target: inner.children[0] ?? null, value: dict(named, given.open), scope });
    } else if (inner.type === 'keyword_separator') {
      keywordOnly = true;
    } else if (inner.type !== 'positional_separator') {
      const name = field(inner, 'name') ?? inner;
      const taken = named.get(name.text) ?? (keywordOnly ? undefined : positional.shift());
      named.delete(name.text);
      scope.names.set(name.text, taken ?? defaultOf(machine, inner, { callee, given, scope }));
    }
  }
}

function defaultOf(machine: Machine, parameter: SyntaxNode, { callee, given }: Binding): Value {
  const value = field(parameter, 'value');
  return value === null || given.open ? unknown : machine.evaluate(value, callee.scope);
}

/** Makes an instance of a project's class and reads its `__init__`. */
export function instantiate(machine: Machine, of: ClassValue, given: Arguments): Value {
  const instance: Value = { is: 'instance', of, attributes: new Map() };
  const init = memberOf(of, '__init__');
  if (init?.is === 'function') machine.callFunction({ ...init, self: instance }, given);
  else fillFields(instance.attributes, of, given);
  return instance;
}

function fillFields(attributes: Map<string, Value>, of: ClassValue, given: Arguments): void {
  fieldsOf(of).forEach((name, index) => {
    const value = given.named.get(name) ?? given.positional[index];
    if (value !== undefined) attributes.set(name, value);
  });
  for (const [name, value] of given.named) attributes.set(name, value);
}

/** Those of the classes it is derived from come first. */
function fieldsOf(of: ClassValue, depth = 0): string[] {
  const inherited =
    depth > 10 ? [] : of.bases.flatMap((base) => (base.is === 'class' ? fieldsOf(base, depth + 1) : []));
  return [...new Set([...inherited, ...of.fields])];
}

/** A member of a class or of one it is derived from, inside the project. */
export function memberOf(of: ClassValue, name: string, depth = 0): Value | undefined {
  const own = of.members.get(name);
  if (own !== undefined || depth > 10) return own;
  for (const base of of.bases) {
    const inherited = base.is === 'class' ? memberOf(base, name, depth + 1) : undefined;
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
