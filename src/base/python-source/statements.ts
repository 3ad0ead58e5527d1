import { assign } from './assignments.ts';
import type { Ending, Machine } from './machine-types.ts';
import { importFromStatement, importStatement } from './modules.ts';
import { field, type SyntaxNode } from './syntax.ts';
import {
  type ClassValue,
  type FunctionValue,
  itemsOf,
  none,
  type Scope,
  truth,
  unknown,
  type Value,
} from './values.ts';

const end: Ending = { how: 'end' };
type Statement = (machine: Machine, node: SyntaxNode, scope: Scope) => Ending;

/** Reads statements one after the other until one of them ends the block. */
export function runBlock(machine: Machine, node: SyntaxNode | null, scope: Scope): Ending {
  for (const statement of node?.children ?? []) {
    const ending = execute(machine, statement, scope);
    if (ending.how !== 'end') return ending;
  }
  return end;
}

export function execute(machine: Machine, node: SyntaxNode, scope: Scope): Ending {
  machine.step(node);
  machine.line = node.line;
  return statements[node.type]?.(machine, node, scope) ?? end;
}

/** Reads for its effects a statement that never ends a block. */
function plain(act: (machine: Machine, node: SyntaxNode, scope: Scope) => unknown): Statement {
  return (machine, node, scope) => {
    act(machine, node, scope);
    return end;
  };
}

const statements: { [type: string]: Statement } = {
  expression_statement: plain((machine, node, scope) => {
    for (const child of node.children) machine.evaluate(child, scope);
  }),
  import_statement: plain(importStatement),
  import_from_statement: plain(importFromStatement),
  function_definition: plain((machine, node, scope) => define(machine, node, scope)),
  class_definition: plain((machine, node, scope) => define(machine, node, scope)),
  decorated_definition: plain(decorated),
  return_statement: (machine, node, scope) => ({
    how: 'return',
    value: node.children[0] === undefined ? none : machine.evaluate(node.children[0], scope),
  }),
  break_statement: () => ({ how: 'break' }),
  continue_statement: () => ({ how: 'continue' }),
  raise_statement: () => ({ how: 'raise' }),
  global_statement: plain((_, node, scope) => {
    for (const child of node.children) scope.globals.add(child.text);
  }),
  delete_statement: plain((_, node, scope) => {
    for (const child of node.children) if (child.type === 'identifier') scope.names.delete(child.text);
  }),
  if_statement: ifStatement,
  for_statement: forStatement,
  while_statement: (machine, node, scope) => {
    if (truth(machine.evaluate(field(node, 'condition'), scope)) === false) return end;
    perhaps(machine, () => machine.block(field(node, 'body'), scope));
    return end;
  },
  with_statement: withStatement,
  try_statement: tryStatement,
  match_statement: plain((machine, node, scope) => {
    for (const branch of field(node, 'body')?.children ?? []) {
      perhaps(machine, () => machine.block(field(branch, 'consequence'), scope));
    }
  }),
};

/** Reads something that may not happen; how it ends is then not known either. */
function perhaps(machine: Machine, act: () => Ending): Ending {
  machine.uncertain += 1;
  try {
    return act();
  } finally {
    machine.uncertain -= 1;
  }
}

function define(machine: Machine, node: SyntaxNode, scope: Scope): FunctionValue | ClassValue {
  const name = field(node, 'name')?.text ?? '';
  const value = node.type === 'class_definition' ? readClass(machine, node, scope) : functionOf(node, scope);
  scope.names.set(name, value);
  return value;
}

function functionOf(node: SyntaxNode, scope: Scope): FunctionValue {
  return { is: 'function', name: field(node, 'name')?.text ?? '', node, scope, self: null };
}

function readClass(machine: Machine, node: SyntaxNode, scope: Scope): ClassValue {
  const bases = (field(node, 'superclasses')?.children ?? [])
    .filter((base) => base.type !== 'keyword_argument')
    .map((base) => machine.evaluate(base, scope));
  const inner: Scope = { ...scope, names: new Map(), parent: scope, globals: new Set() };
  machine.block(field(node, 'body'), inner);
  return { is: 'class', name: field(node, 'name')?.text ?? '', bases, members: inner.names, fields: fieldsOf(node) };
}

function fieldsOf(node: SyntaxNode): string[] {
  return (field(node, 'body')?.children ?? [])
    .flatMap((statement) => statement.children)
    .filter((child) => child.type === 'assignment' && field(child, 'type') !== null)
    .map((child) => field(child, 'left')?.text ?? '');
}

function decorated(machine: Machine, node: SyntaxNode, scope: Scope): void {
  const definition = field(node, 'definition');
  if (definition === null) return;
  const decorators = node.children
    .filter((child) => child.type === 'decorator')
    .map((child) => machine.evaluate(child.children[0] ?? null, scope));
  const value = define(machine, definition, scope);
  const changed = machine.host.decorate(machine, value, decorators);
  if (changed !== null) scope.names.set(value.name, changed);
}

function ifStatement(machine: Machine, node: SyntaxNode, scope: Scope): Ending {
  const branches = [node, ...(node.fields.alternative ?? [])];
  const sides: { body: SyntaxNode | null }[] = [];
  for (const branch of branches) {
    const condition = field(branch, 'condition');
    const holds = condition === null ? true : truth(machine.evaluate(condition, scope));
    const body = field(branch, condition === null ? 'body' : 'consequence');
    if (holds === true && sides.length === 0) return machine.block(body, scope);
    if (holds !== false) sides.push({ body });
    if (holds === true) return either(machine, sides, scope);
  }
  return either(machine, [...sides, { body: null }], scope);
}

/** Reads each side from the same start; a name that they leave with different values is then unknown. */
function either(machine: Machine, sides: { body: SyntaxNode | null }[], scope: Scope): Ending {
  if (sides.every((side) => side.body === null)) return end;
  const before = new Map(scope.names);
  const after: Map<string, Value>[] = [];
  const endings: Ending[] = [];
  for (const side of sides) {
    scope.names = new Map(before);
    const ending = perhaps(machine, () => machine.block(side.body, scope));
    endings.push(ending);
    if (ending.how === 'end') after.push(scope.names);
  }
  scope.names = joined(after.length > 0 ? after : [scope.names]);
  const [first] = endings;
  const returned = endings.find((ending) => ending.how === 'return');
  if (first !== undefined && endings.every((ending) => ending.how === first.how)) {
    return returned === undefined || endings.length === 1 ? first : { how: 'return', value: unknownUnless(endings) };
  }
  return end;
}

function unknownUnless(endings: readonly Ending[]): Value {
  const values = endings.flatMap((ending) => (ending.how === 'return' ? [ending.value] : []));
  return values.find((value) => value.is === 'thing' || value.is === 'list') ?? unknown;
}

function joined(scopes: readonly Map<string, Value>[]): Map<string, Value> {
  const names = new Map<string, Value>();
  for (const scope of scopes) {
    for (const [name, value] of scope) {
      const known = names.get(name);
      names.set(name, known === undefined || known === value || same(known, value) ? value : preferred(known, value));
    }
  }
  return names;
}

function same(left: Value, right: Value): boolean {
  return (
    left.is === right.is &&
    'value' in left &&
    'value' in right &&
    left.value === right.value &&
    !(left.is === 'text' && left.partial)
  );
}

/** Things are kept, so that what is attached to them later is not lost. */
function preferred(left: Value, right: Value): Value {
  return left.is === 'thing' ? left : right.is === 'thing' ? right : unknown;
}

function forStatement(machine: Machine, node: SyntaxNode, scope: Scope): Ending {
  const over = itemsOf(machine.evaluate(field(node, 'right'), scope));
  const target = field(node, 'left');
  const body = field(node, 'body');
  if (over === null || over.items.length > machine.limits.rounds) {
    assign(machine, { target, value: unknown, scope });
    perhaps(machine, () => machine.block(body, scope));
    return end;
  }
  for (const item of over.items) {
    assign(machine, { target, value: item, scope });
    const ending = machine.block(body, scope);
    if (ending.how === 'return' || ending.how === 'raise') return ending;
    if (ending.how === 'break') return end;
  }
  if (over.open) {
    assign(machine, { target, value: unknown, scope });
    perhaps(machine, () => machine.block(body, scope));
  }
  return end;
}

function withStatement(machine: Machine, node: SyntaxNode, scope: Scope): Ending {
  const items = node.children.filter((child) => child.type === 'with_clause').flatMap((clause) => clause.children);
  const entered = items.flatMap((item) => withItems(item)).map((item) => enter(machine, item, scope));
  try {
    return machine.block(field(node, 'body'), scope);
  } finally {
    for (const value of entered.reverse()) machine.host.leave(machine, value);
  }
}

/** `with (A() as a, B() as b):` is read by the grammar as one tuple. */
function withItems(item: SyntaxNode): SyntaxNode[] {
  const value = field(item, 'value') ?? item;
  return value.type === 'tuple' || value.type === 'parenthesized_expression' ? value.children : [value];
}

function enter(machine: Machine, item: SyntaxNode, scope: Scope): Value {
  const aliased = item.type === 'as_pattern';
  const value = machine.evaluate(aliased ? (item.children[0] ?? null) : item, scope);
  const inside = machine.host.enter(machine, value) ?? value;
  const alias = field(item, 'alias')?.children[0] ?? null;
  if (aliased) assign(machine, { target: alias, value: inside, scope });
  return value;
}

/** The body is read as if nothing was raised; what only a handler defines is taken from there. */
function tryStatement(machine: Machine, node: SyntaxNode, scope: Scope): Ending {
  const ending = machine.block(field(node, 'body'), scope);
  const before = new Map(scope.names);
  for (const clause of node.children.filter((child) => child.type.startsWith('except'))) {
    const body = clause.children.find((child) => child.type === 'block') ?? null;
    perhaps(machine, () => machine.block(body, scope));
  }
  for (const [name, value] of before) scope.names.set(name, value);
  const last = ['else_clause', 'finally_clause']
    .map((type) => node.children.find((child) => child.type === type))
    .map((clause) => field(clause ?? node, 'body') ?? clause?.children.find((child) => child.type === 'block') ?? null);
  const [otherwise, finally_] = last;
  const after =
    ending.how === 'end' && otherwise !== field(node, 'body') ? machine.block(otherwise ?? null, scope) : ending;
  if (finally_ !== field(node, 'body')) machine.block(finally_ ?? null, scope);
  return after.how === 'raise' ? end : after;
}
