import { type Concrete, inRole } from './concrete-tree.ts';

/** What one statement says of names: those it gives a value at its own level, and what it reads, as dotted paths. */
export type StatementNames = { binds: Set<string>; reads: Set<string> };

/** `module` is the dotted name with its leading dots. `names` null: the module itself, under `alias`; `*` is a name. */
export type ImportedName = { module: string; name: string | null; alias: string | null; top: boolean };

const scopes = new Set(['function_definition', 'class_definition', 'lambda']);
const SPELLED = /^[A-Za-z_][\w.[\], |]*$/;

/** Reads are never too few: names of parameters and of other things at hand count too, and so do names spelled in texts. */
export function namesOf(statement: Concrete): StatementNames {
  const names: StatementNames = { binds: new Set(), reads: readsOf(statement, new Set()) };
  bind(statement, names.binds);
  return names;
}

/** The names that a statement may read elsewhere than in some of its annotations. */
export function readsOf(statement: Concrete, omitted: ReadonlySet<Concrete>): Set<string> {
  const reads = new Set<string>();
  read(statement, reads, omitted);
  return reads;
}

function read(node: Concrete, reads: Set<string>, omitted: ReadonlySet<Concrete>): void {
  if (omitted.has(node)) return;
  if (node.type.startsWith('import_') && node.type.endsWith('statement')) return;
  const path = pathOf(node);
  if (path !== null) {
    reads.add(path);
    return;
  }
  if (node.type === 'string_content' && SPELLED.test(node.text) && node.text.length < 200)
    for (const [word] of node.text.matchAll(/[A-Za-z_][\w.]*/g)) reads.add(word);
  for (const child of node.children) {
    const label = node.type === 'keyword_argument' && child.role === 'name';
    const member = node.type === 'attribute' && child.role === 'attribute';
    if (!label && !member) read(child, reads, omitted);
  }
}

/** `a.b.c` of an identifier or a chain of attributes that starts with one. */
function pathOf(node: Concrete): string | null {
  if (node.type === 'identifier') return node.text;
  if (node.type === 'dotted_name') return node.text.replaceAll(/\s/g, '');
  if (node.type !== 'attribute') return null;
  const [object, attribute] = [inRole(node, 'object'), inRole(node, 'attribute')];
  const before = object === null ? null : pathOf(object);
  return before === null || attribute === null ? null : `${before}.${attribute.text}`;
}

function bind(node: Concrete, binds: Set<string>): void {
  switch (node.type) {
    case 'function_definition':
    case 'class_definition':
      addName(inRole(node, 'name'), binds);
      return;
    case 'lambda':
      return;
    case 'assignment':
    case 'augmented_assignment':
    case 'for_statement':
    case 'type_alias_statement':
      addTargets(inRole(node, 'left'), binds);
      break;
    case 'named_expression':
      addName(inRole(node, 'name'), binds);
      break;
    case 'as_pattern_target':
    case 'case_pattern':
    case 'delete_statement':
      addTargets(node, binds);
      break;
    case 'except_clause':
      addTargets(inRole(node, 'alias'), binds);
      break;
    default:
  }
  for (const child of node.children) bind(child, binds);
}

function addName(node: Concrete | null, binds: Set<string>): void {
  if (node !== null) binds.add(node.text);
}

/** Every name in a pattern, and the name at the head of `x.y = ` and `x[y] = `, which changes what `x` holds. */
function addTargets(node: Concrete | null, binds: Set<string>): void {
  if (node === null || scopes.has(node.type)) return;
  if (node.type === 'identifier') binds.add(node.text);
  for (const child of node.children)
    if (child.role !== 'attribute' && child.role !== 'subscript') addTargets(child, binds);
}

/** The imports of a statement, wherever in it they stand. */
export function importsOf(statement: Concrete): ImportedName[] {
  const found: ImportedName[] = [];
  collect(statement, found, true);
  return found;
}

function collect(node: Concrete, found: ImportedName[], top: boolean): void {
  if (node.type === 'import_statement') {
    for (const item of node.children.filter((child) => child.role === 'name')) {
      const [name, alias] = nameAndAlias(item);
      found.push({ module: name, name: null, alias, top });
    }
    return;
  }
  if (node.type === 'import_from_statement') {
    const module = inRole(node, 'module_name')?.text.replaceAll(/[\s\\]/g, '') ?? '';
    const star = node.children.some((child) => child.type === 'wildcard_import');
    if (star) found.push({ module, name: '*', alias: null, top });
    for (const item of node.children.filter((child) => child.role === 'name')) {
      const [name, alias] = nameAndAlias(item);
      found.push({ module, name, alias, top });
    }
    return;
  }
  for (const child of node.children) collect(child, found, top && !scopes.has(node.type));
}

function nameAndAlias(item: Concrete): [string, string | null] {
  const plain = (node: Concrete | null) => node?.text.replaceAll(/[\s\\]/g, '') ?? '';
  if (item.type !== 'aliased_import') return [plain(item), null];
  return [plain(inRole(item, 'name')), plain(inRole(item, 'alias'))];
}
