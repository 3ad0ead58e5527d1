import type { Machine } from './machine-types.ts';
import { field, type SyntaxNode } from './syntax.ts';
import { isPlain, itemsOf, keyText, list, type Scope, unknown, type Value } from './values.ts';

export type Assignment = { target: SyntaxNode | null; value: Value; scope: Scope };

/** Gives a name, a tuple of names, an item or an attribute its value. */
export function assign(machine: Machine, { target, value, scope }: Assignment): void {
  switch (target?.type) {
    case 'identifier':
      bind(scope, target.text, value);
      return;
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'tuple':
    case 'list':
    case 'expression_list':
      unpack(machine, { target, value, scope });
      return;
    case 'subscript':
      setItem(machine, { target, value, scope });
      return;
    case 'attribute':
      setAttribute(machine, { target, value, scope });
      return;
    default:
  }
}

/** Binds in this scope, or in the module's where the name was declared `global`. */
export function bind(scope: Scope, name: string, value: Value): void {
  let at = scope;
  if (scope.globals.has(name)) while (at.parent !== null) at = at.parent;
  at.names.set(name, value);
}

function unpack(machine: Machine, { target, value, scope }: Assignment): void {
  const targets = target?.children ?? [];
  const items = itemsOf(value);
  const star = targets.findIndex((one) => one.type === 'list_splat_pattern');
  targets.forEach((one, index) => {
    const inside = one.type === 'list_splat_pattern' ? (one.children[0] ?? null) : one;
    if (items === null || items.open) assign(machine, { target: inside, value: unknown, scope });
    else if (star === -1 || index < star)
      assign(machine, { target: inside, value: items.items[index] ?? unknown, scope });
    else {
      const after = targets.length - index - 1;
      const rest =
        index === star ? list(items.items.slice(star, items.items.length - after)) : items.items.at(-after - 1);
      assign(machine, { target: inside, value: rest ?? unknown, scope });
    }
  });
}

function setItem(machine: Machine, { target, value, scope }: Assignment): void {
  if (target === null) return;
  const holder = machine.evaluate(field(target, 'value'), scope);
  const key = machine.evaluate(field(target, 'subscript'), scope);
  if (holder.is === 'dict') {
    if (isPlain(key)) holder.entries.set(keyText(key), { key, value });
    else {
      // Under a key nobody can know the value is kept all the same: DAGs put into globals() must not be lost.
      holder.open = true;
      holder.entries.set(`?${holder.entries.size}`, { key: unknown, value });
    }
  } else if (holder.is === 'list' && key.is === 'number' && holder.items[key.value] !== undefined) {
    holder.items[key.value] = value;
  }
}

function setAttribute(machine: Machine, { target, value, scope }: Assignment): void {
  if (target === null) return;
  const holder = machine.evaluate(field(target, 'object'), scope);
  const name = field(target, 'attribute')?.text ?? '';
  if (holder.is === 'instance') holder.attributes.set(name, value);
  if (holder.is === 'class') holder.members.set(name, value);
}
