import { builtins } from './builtins.ts';
import { instantiate, memberOf } from './calls.ts';
import { fileCalls, fileMethod } from './files.ts';
import type { Call, Machine } from './machine-types.ts';
import { methodCall } from './methods.ts';
import { field, type SyntaxNode } from './syntax.ts';
import { type Arguments, dict, itemsOf, outsideBases, type Scope, unknown, type Value } from './values.ts';

/** A call: by the host if it knows the callee, else as the machine reads functions, classes and builtins. */
export function call(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const name = field(node, 'function');
  if (name?.type === 'identifier' && ['globals', 'locals', 'vars'].includes(name.text) && !scope.names.has(name.text)) {
    return namesOf(scope, name.text === 'globals');
  }
  if (name?.text === 'super') return superOf(scope);
  const callee = machine.evaluate(name, scope);
  const given = readArguments(machine, field(node, 'arguments'), scope);
  const place = { file: scope.file, line: node.line };
  machine.line = node.line;
  return callValue(machine, { callee, given, place });
}

/** Calls a value with arguments that are evaluated already. */
function callValue(machine: Machine, made: Call): Value {
  const { callee, given, place } = made;
  const answered = machine.host.call(machine, made);
  if (answered !== null) return answered;
  switch (callee.is) {
    case 'function':
      return machine.callFunction(callee, given);
    case 'class':
      return instantiate(machine, callee, given);
    case 'method':
      return fileMethod(machine, callee, given) ?? methodCall(machine, callee, given);
    case 'name': {
      const file = fileCalls(machine, callee.path, given);
      if (file !== null) return file;
      const known = builtins.get(callee.path.replace(/^builtins\./, ''));
      if (callee.path.startsWith('builtins.') && known !== undefined) return known(machine, given) ?? unknown;
      return { is: 'made', path: callee.path, arguments: given, place };
    }
    default:
      return unknown;
  }
}

function readArguments(machine: Machine, node: SyntaxNode | null, scope: Scope): Arguments {
  const given: Arguments = { positional: [], named: new Map(), open: false };
  if (node?.type === 'generator_expression') return { ...given, positional: [machine.evaluate(node, scope)] };
  for (const child of node?.children ?? []) {
    if (child.type === 'keyword_argument') {
      given.named.set(field(child, 'name')?.text ?? '', machine.evaluate(field(child, 'value'), scope));
    } else if (child.type === 'list_splat') {
      const items = itemsOf(machine.evaluate(child.children[0] ?? null, scope));
      given.positional.push(...(items?.items ?? []));
      given.open ||= items?.open ?? true;
    } else if (child.type === 'dictionary_splat') {
      spread(given, machine.evaluate(child.children[0] ?? null, scope));
    } else {
      given.positional.push(machine.evaluate(child, scope));
    }
  }
  return given;
}

function spread(given: Arguments, value: Value): void {
  if (value.is !== 'dict') {
    given.open = true;
    return;
  }
  given.open ||= value.open;
  for (const { key, value: item } of value.entries.values()) if (key.is === 'text') given.named.set(key.value, item);
}

/** `globals()` shares its entries with the scope, so that what is put into it is found there. */
function namesOf(scope: Scope, top: boolean): Value {
  let at = scope;
  while (top && at.parent !== null) at = at.parent;
  const names = at.names;
  const value = dict(names);
  if (value.is !== 'dict') return value;
  const entries = value.entries;
  const set = entries.set.bind(entries);
  entries.set = (key, entry) => {
    names.set(entry.key.is === 'text' ? entry.key.value : `${key} ${names.size}`, entry.value);
    return set(key, entry);
  };
  return value;
}

/** `super()` inside a method: an instance whose members come from the bases. */
function superOf(scope: Scope): Value {
  let self: Value | undefined;
  for (let at: Scope | null = scope; at !== null && self === undefined; at = at.parent) self = at.names.get('self');
  if (self?.is !== 'instance') return unknown;
  const bases = self.of.bases.filter((base) => base.is === 'class');
  const members = new Map(bases.flatMap((base) => ['__init__'].flatMap((name) => memberEntry(base, name))));
  return outsideBases(self.of).length > 0 && members.size === 0
    ? unknown
    : { is: 'instance', of: { ...self.of, bases, members }, attributes: self.attributes };
}

function memberEntry(base: Value, name: string): [string, Value][] {
  const found = base.is === 'class' ? memberOf(base, name) : undefined;
  return found === undefined ? [] : [[name, found]];
}
