import { field, type SyntaxNode } from '../python-source/syntax.ts';
import type { Run } from './frame-run.ts';
import { type FrameScope, type FrameValue, NotSimple } from './frame-values.ts';

/** `import a.b as c`. */
export function importNames(run: Run, node: SyntaxNode, scope: FrameScope): void {
  for (const item of node.fields.name ?? []) {
    const isAliased = item.type === 'aliased_import';
    const name = (isAliased ? (field(item, 'name')?.text ?? '') : item.text).replace(/\s/g, '');
    const alias = isAliased ? (field(item, 'alias')?.text ?? '') : null;
    const top = name.split('.')[0] ?? name;
    scope.names.set(alias ?? top, moduleOrName(run, alias === null ? top : name));
  }
}

/** `from a import b as c`. */
export function importFrom(run: Run, node: SyntaxNode, scope: FrameScope): void {
  const from = field(node, 'module_name');
  if (from === null) return;
  const name = from.type === 'relative_import' ? absolute(from, scope.packageName) : from.text.replace(/\s/g, '');
  const module = moduleOf(run, name);
  if (node.children.some((child) => child.type === 'wildcard_import')) {
    for (const [key, value] of module?.names ?? []) if (!key.startsWith('_')) scope.names.set(key, value);
    if (module === null) scope.names.set(`* ${name}`, { is: 'name', path: name });
    return;
  }
  for (const item of node.fields.name ?? []) {
    const isAliased = item.type === 'aliased_import';
    const wanted = isAliased ? (field(item, 'name')?.text ?? '') : item.text;
    const alias = isAliased ? (field(item, 'alias')?.text ?? wanted) : wanted;
    scope.names.set(alias, module?.names.get(wanted) ?? moduleOrName(run, `${name}.${wanted}`));
  }
}

function moduleOrName(run: Run, name: string): FrameValue {
  const module = moduleOf(run, name);
  return module === null ? { is: 'name', path: name } : { is: 'module', scope: module };
}

function moduleOf(run: Run, name: string): FrameScope | null {
  const file = name === '' ? null : run.sources.fileOf(name);
  if (file === null) return null;
  const known = run.modules.get(file);
  if (known !== undefined) return known;
  if (run.closed > 0) throw new NotSimple('a module is loaded only perhaps');
  return run.load(file, name);
}

function absolute(node: SyntaxNode, packageName: string): string {
  const dots = node.children.find((child) => child.type === 'import_prefix')?.text.replace(/\s/g, '').length ?? 1;
  const rest = node.children.find((child) => child.type === 'dotted_name')?.text.replace(/\s/g, '') ?? '';
  const base = packageName === '' ? [] : packageName.split('.');
  return [...base.slice(0, Math.max(0, base.length - dots + 1)), ...(rest === '' ? [] : [rest])].join('.');
}
