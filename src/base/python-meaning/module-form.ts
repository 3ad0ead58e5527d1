import { createHash } from 'node:crypto';
import { canonicalForm, UnknownKind } from './canonical-form.ts';
import { type Concrete, inRole, loadConcreteReader, type ReadConcrete } from './concrete-tree.ts';
import { docstringOf, readsDocstrings } from './docstrings.ts';
import type { FormRules } from './form-rules.ts';
import { isIndentedWell } from './indentation.ts';
import { isLazy } from './lazy-statements.ts';
import { loadsSafely } from './load-names.ts';
import { type ImportedName, importsOf, namesOf } from './statement-names.ts';

/**
 * One statement at the top of a module. `code`: what it means; equal codes mean the same. `undocumented`: the same without what
 * only documents; `essence`: without what only says whom to tell, as well.
 */
export type ModuleStatement = {
  source: string;
  code: string;
  undocumented: string;
  essence: string;
  /** What a person calls it: "the function load", "the value LIMIT", "an import". */
  label: string;
  line: number;
  lastLine: number;
  binds: ReadonlySet<string>;
  /** Dotted paths of the names that it may read, at once or later. */
  reads: ReadonlySet<string>;
  imports: readonly ImportedName[];
  /** Counts only for those who use a name that it binds. */
  lazy: boolean;
  /** It may reach modules or code that its text does not name. */
  dynamic: boolean;
  kind: 'import' | 'function' | 'class' | 'other';
  /** It does no more than give a name a value, which may be worked out. */
  plain: boolean;
};

/** A module by what it means. `statements` null: it could not be read, and only equal text is equal. */
export type ModuleForm = {
  statements: readonly ModuleStatement[] | null;
  text: string;
  /** Its own name or place is something that it reads. */
  knowsItsPlace: boolean;
  /** It may look up its own names by text. */
  looksInward: boolean;
};

export type ReadForm = (text: string) => ModuleForm;

/** What a node is for: `documents` it only documents, `people` it only says whom to tell; null: it counts. */
export type Purpose = (node: Concrete, parent: Concrete) => 'documents' | 'people' | null;

const DYNAMIC =
  /^(import_module|__import__|importlib|import_string|reload|run_path|run_module|exec|eval|execfile|pkgutil|runpy|__builtins__|builtins)(\.|$)|^sys\.(modules|path|meta_path|path_hooks)(\.|$)/;
const INWARD = /\b(globals|vars|locals)\s*\(|\b__dict__\b|^\s*(async\s+)?def\s+__(getattr|dir)__\s*\(\s*\w+/m;

/** Files that are the same, in two revisions or many times, are read once. Oldest ones are let go beyond this many. */
const most = 4_000;
const formsFor = new WeakMap<Purpose, Map<string, ModuleForm>>();
const everythingCounts: Purpose = () => null;

/** Makes the reader ready. Reading a text is then plain and quick, and quicker the second time. */
export async function loadFormReader(purpose: Purpose = everythingCounts): Promise<ReadForm> {
  const read = await loadConcreteReader();
  const forms = formsFor.get(purpose) ?? new Map<string, ModuleForm>();
  formsFor.set(purpose, forms);
  return (text) => {
    const known = forms.get(text);
    if (known !== undefined) return known;
    const form = formOf(text, { read, purpose });
    if (forms.size >= most) forms.delete(forms.keys().next().value ?? '');
    forms.set(text, form);
    return form;
  };
}

type Reading = { read: ReadConcrete; purpose: Purpose };

function formOf(text: string, reading: Reading): ModuleForm {
  const plain = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const code = plain.replaceAll(/\b__name__\s*==\s*['"]__main__['"]|\bgetLogger\(\s*__name__\s*\)/g, '');
  return {
    statements: isForeign(plain) ? null : statementsOf(plain, reading),
    text,
    knowsItsPlace: /\b__(file|path|name|package|spec|module|qualname)__\b|\binspect\b/.test(code),
    looksInward: INWARD.test(plain),
  };
}

/** In another encoding than UTF-8, or beyond what is read. */
function isForeign(text: string): boolean {
  const cookie = /^(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(text)?.[1] ?? 'utf-8';
  return !/^(utf-?8|ascii|us-ascii)/i.test(cookie) || text.length > 2_000_000 || text.includes('\0');
}

function statementsOf(text: string, { read, purpose }: Reading): ModuleStatement[] | null {
  const root = read(text);
  if (root === null || root.type !== 'module' || !isIndentedWell({ ...root, text, start: 0 })) return null;
  const counts = readsDocstrings(text);
  const rules: FormRules = { documents: () => counts, keeps: () => true };
  const doc = counts ? null : docstringOf(root);
  try {
    const nodes = root.children.filter((child) => child.named && child !== doc);
    const found = nodes.map((node) => ({ node, statement: statementOf(node, rules, purpose) }));
    const bound = new Set(found.flatMap(({ statement }) => [...statement.binds]));
    const annotationsAreText = nodes.some(
      (node) => node.type === 'future_import_statement' && /\bannotations\b/.test(node.text),
    );
    return found.map(({ node, statement }) => ({
      ...statement,
      lazy: statement.lazy && loadsSafely(node, { bound, annotationsAreText }),
    }));
  } catch (error) {
    if (error instanceof UnknownKind || error instanceof RangeError) return null;
    throw error;
  }
}

function statementOf(node: Concrete, rules: FormRules, purpose: Purpose): ModuleStatement {
  const { binds, reads } = namesOf(node);
  const imports = importsOf(node);
  const kind = kindOf(node);
  for (const one of kind === 'import' ? imports : imports.filter(({ top }) => top)) {
    const bound = one.alias ?? one.name ?? one.module.split('.')[0];
    if (bound !== undefined && bound !== '*') binds.add(bound);
  }
  const leftOut = new Set<string>();
  const keeps = (child: Concrete, parent: Concrete) => {
    const serves = purpose(child, parent);
    if (serves !== null) leftOut.add(serves);
    return serves === null;
  };
  const essence = shortened(canonicalForm(node, { ...rules, keeps }));
  const undocumented = leftOut.has('people')
    ? shortened(canonicalForm(node, { ...rules, keeps: (child, parent) => purpose(child, parent) !== 'documents' }))
    : essence;
  return {
    source: node.text,
    code: leftOut.size === 0 ? essence : shortened(canonicalForm(node, rules)),
    undocumented,
    essence,
    label: labelOf(node, binds),
    line: node.line,
    lastLine: node.lastLine,
    binds,
    reads,
    imports,
    dynamic: [...reads, ...imports.map(({ module }) => module)].some((path) => DYNAMIC.test(path)),
    lazy: isLazy(node) && !imports.some(({ name }) => name === '*'),
    kind,
    plain:
      kind === 'import' ||
      node.type === 'future_import_statement' ||
      (node.type === 'expression_statement' && /^(assignment|string)$/.test(node.children[0]?.type ?? '')),
  };
}

/** Long codes are kept by their hash. */
function shortened(code: string): string {
  return code.length <= 200 ? code : `#${createHash('sha256').update(code).digest('base64')}`;
}

function kindOf(node: Concrete): ModuleStatement['kind'] {
  if (node.type === 'import_statement' || node.type === 'import_from_statement') return 'import';
  const inner = node.type === 'decorated_definition' ? inRole(node, 'definition') : node;
  if (inner?.type === 'function_definition') return 'function';
  return inner?.type === 'class_definition' ? 'class' : 'other';
}

function labelOf(node: Concrete, binds: ReadonlySet<string>): string {
  const kind = kindOf(node);
  if (kind === 'import') return 'an import';
  const [name] = binds;
  if (kind !== 'other') return `the ${kind} \`${name ?? ''}\``;
  return name !== undefined && node.type === 'expression_statement'
    ? `the value \`${name}\``
    : 'what is done when it is loaded';
}
