import type { Machine } from './machine-types.ts';
import { field, type SyntaxNode } from './syntax.ts';
import { type Module, type Scope, text, unknown, type Value } from './values.ts';

/** Reads `import a.b as c, d`. */
export function importStatement(machine: Machine, node: SyntaxNode, scope: Scope): void {
  for (const item of node.fields.name ?? []) {
    const dotted = item.type === 'aliased_import' ? (field(item, 'name')?.text ?? '') : item.text;
    const alias = field(item, 'alias')?.text;
    const name = dotted.replace(/\s/g, '');
    const module = machine.importModule(name);
    if (alias !== undefined)
      scope.names.set(alias, module === null ? { is: 'name', path: name } : { is: 'module', module });
    else bindTop(machine, name, scope);
  }
}

/** `import a.b` binds `a`. */
function bindTop(machine: Machine, name: string, scope: Scope): void {
  const top = name.split('.')[0] ?? name;
  const module = machine.importModule(top);
  scope.names.set(top, module === null ? { is: 'name', path: top } : { is: 'module', module });
}

/** Reads `from ..x import y as z, w` and `from x import *`. */
export function importFromStatement(machine: Machine, node: SyntaxNode, scope: Scope): void {
  const from = field(node, 'module_name');
  if (from === null) return;
  const name = from.type === 'relative_import' ? absoluteName(from, scope.packageName) : from.text.replace(/\s/g, '');
  const module = machine.importModule(name);
  if (node.children.some((child) => child.type === 'wildcard_import')) {
    for (const [key, value] of module?.scope.names ?? []) if (!key.startsWith('_')) scope.names.set(key, value);
    return;
  }
  for (const item of node.fields.name ?? []) {
    const wanted = item.type === 'aliased_import' ? (field(item, 'name')?.text ?? '') : item.text;
    const alias = field(item, 'alias')?.text ?? wanted;
    scope.names.set(alias, member(machine, { module, name, wanted }));
  }
}

function member(machine: Machine, from: { module: Module | null; name: string; wanted: string }): Value {
  const found = from.module?.scope.names.get(from.wanted);
  if (found !== undefined) return found;
  const inner = machine.importModule(`${from.name}.${from.wanted}`);
  if (inner !== null) return { is: 'module', module: inner };
  return from.module === null ? { is: 'name', path: `${from.name}.${from.wanted}` } : unknown;
}

function absoluteName(node: SyntaxNode, packageName: string): string {
  const dots = node.children.find((child) => child.type === 'import_prefix')?.text.replace(/\s/g, '').length ?? 1;
  const rest = node.children.find((child) => child.type === 'dotted_name')?.text.replace(/\s/g, '') ?? '';
  const base = packageName === '' ? [] : packageName.split('.');
  return [...base.slice(0, Math.max(0, base.length - dots + 1)), ...(rest === '' ? [] : [rest])].join('.');
}

/** A module of the project by its dotted name, read once; null when it lies outside. A module being read is given as it is. */
export function importModule(machine: Machine, name: string): Module | null {
  const file = name === '' ? null : machine.sources.fileOf(name);
  if (file === null) return null;
  const known = machine.modules.get(file);
  if (known !== undefined) return known;
  const tree = machine.sources.tree(file);
  if (tree === null) return null;
  return readInner(machine, file, tree.root);
}

/** An empty module, with the names that Python itself gives it. */
export function newModule(file: string, packageName: string): Module {
  const names = new Map<string, Value>([
    ['__name__', text(file.replace(/\.py$/, '').replaceAll('/', '.'))],
    ['__file__', text(`/${file}`)],
    ['__doc__', unknown],
  ]);
  return { file, scope: { names, parent: null, file, packageName, globals: new Set() } };
}

function readInner(machine: Machine, file: string, root: SyntaxNode): Module {
  const module = newModule(file, machine.sources.packageOf(file));
  machine.modules.set(file, module);
  const before = { file: machine.file, line: machine.line, uncertain: machine.uncertain };
  machine.file = file;
  machine.uncertain = 0;
  machine.host.inModule(machine, 1);
  try {
    machine.block(root, module.scope);
  } finally {
    machine.host.inModule(machine, -1);
    Object.assign(machine, before);
  }
  return module;
}
