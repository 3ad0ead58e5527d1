import { createHash } from 'node:crypto';
import { annotationsOf, readsAnnotations } from './annotations.ts';
import { canonicalForm, UnknownKind } from './canonical-form.ts';
import { type Concrete, inRole, loadConcreteReader, type ReadConcrete } from './concrete-tree.ts';
import { docstringOf, docstringsIn, readsDocstrings } from './docstrings.ts';
import type { FormRules } from './form-rules.ts';
import { isIndentedWell } from './indentation.ts';
import { isLazy } from './lazy-statements.ts';
import { type LoadScope, loadsSafely } from './load-names.ts';
import { type ImportedName, importsOf, namesOf, readsOf } from './statement-names.ts';

/**
 * One statement at the top of a module. `code`: what it means; equal codes mean the same. `undocumented`: the same without what
 * only documents; `essence`: without what only says whom to tell, as well. Annotations only document where nothing reads them: `typed`
 * is the essence with those.
 */
export type ModuleStatement = {
  source: string;
  code: string;
  undocumented: string;
  essence: string;
  typed: string;
  /** Its docstrings, which are in none of these. */
  docs: string;
  /** What a person calls it: "the function load", "the value LIMIT", "an import". */
  label: string;
  line: number;
  lastLine: number;
  binds: ReadonlySet<string>;
  /** Dotted paths of the names that it may read, at once or later. */
  reads: ReadonlySet<string>;
  /** Those of them that are not for annotations alone. */
  uses: ReadonlySet<string>;
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
  /** It, or a library that it uses, may read annotations of functions, its own or others. */
  readsAnnotations: boolean;
  /** The same for docstrings. */
  readsDocstrings: boolean;
  /** The module's own docstring. */
  doc: string;
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
  const read = isForeign(plain) ? null : statementsOf(plain, reading);
  return {
    statements: read?.statements ?? null,
    doc: read?.doc ?? '',
    text,
    knowsItsPlace: /\b__(file|path|name|package|spec|module|qualname)__\b|\binspect\b/.test(code),
    looksInward: INWARD.test(plain),
    readsAnnotations: readsAnnotations(plain),
    readsDocstrings: readsDocstrings(plain),
  };
}

/** In another encoding than UTF-8, or beyond what is read. */
function isForeign(text: string): boolean {
  const cookie = /^(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(text)?.[1] ?? 'utf-8';
  return !/^(utf-?8|ascii|us-ascii)/i.test(cookie) || text.length > 2_000_000 || text.includes('\0');
}

type Read = { statements: ModuleStatement[]; doc: string };

function statementsOf(text: string, { read, purpose }: Reading): Read | null {
  const root = read(text);
  if (root === null || root.type !== 'module' || !isIndentedWell({ ...root, text, start: 0 })) return null;
  const rules: FormRules = { keeps: () => true, omits: () => false };
  const doc = docstringOf(root);
  try {
    const nodes = root.children.filter((child) => child.named && child !== doc);
    const annotationsAreText = nodes.some((node) => isFutureAnnotations(node));
    const bound = new Set<string>();
    let kept = 0;
    const statements = nodes.map((node) => {
      const scope = { bound, annotationsAreText };
      const annotations = annotationsOf(node, scope);
      kept += annotations.kept;
      const statement = statementOf(node, { rules, purpose, scope, omitted: annotations.omitted });
      if (!isForCheckers(node)) for (const name of statement.binds) bound.add(name);
      return statement;
    });
    // Only with annotations that count does it count that they are text.
    const nothing = { undocumented: '', essence: '' };
    const said = statements.map((one, at) =>
      kept === 0 && nodes[at] !== undefined && isFutureAnnotations(nodes[at]) ? { ...one, ...nothing } : one,
    );
    return { statements: said, doc: doc?.text ?? '' };
  } catch (error) {
    if (error instanceof UnknownKind || error instanceof RangeError) return null;
    throw error;
  }
}

function isFutureAnnotations(node: Concrete): boolean {
  return node.type === 'future_import_statement' && /^from\s+__future__\s+import\s+annotations$/.test(node.text.trim());
}

/** What is imported for type checkers alone is not there when the code runs. */
function isForCheckers(node: Concrete): boolean {
  return node.type === 'if_statement' && /\bTYPE_CHECKING\b/.test(inRole(node, 'condition')?.text ?? '');
}

type StatementReading = { rules: FormRules; purpose: Purpose; scope: LoadScope; omitted: ReadonlySet<Concrete> };

function statementOf(node: Concrete, { rules, purpose, scope, omitted }: StatementReading): ModuleStatement {
  const { binds, reads } = namesOf(node);
  const imports = importsOf(node);
  const kind = kindOf(node);
  for (const one of kind === 'import' ? imports : imports.filter(({ top }) => top)) {
    const bound = one.alias ?? one.name ?? one.module.split('.')[0];
    if (bound !== undefined && bound !== '*') binds.add(bound);
  }
  return {
    ...formsOf(node, { rules, purpose, omitted }),
    docs: shortened(docstringsIn(node)),
    source: node.text,
    label: labelOf(node, binds),
    line: node.line,
    lastLine: node.lastLine,
    binds,
    reads,
    uses: omitted.size === 0 ? reads : readsOf(node, omitted),
    imports,
    dynamic: [...reads, ...imports.map(({ module }) => module)].some((path) => DYNAMIC.test(path)),
    lazy: isLazy(node) && !imports.some(({ name }) => name === '*') && loadsSafely(node, scope),
    kind,
    plain:
      kind === 'import' ||
      node.type === 'future_import_statement' ||
      (node.type === 'expression_statement' && /^(assignment|string)$/.test(node.children[0]?.type ?? '')),
  };
}

type Forms = Pick<ModuleStatement, 'code' | 'undocumented' | 'essence' | 'typed'>;

function formsOf(node: Concrete, { rules, purpose, omitted }: Omit<StatementReading, 'scope'>): Forms {
  const leftOut = new Set<string>();
  const keeps = (child: Concrete, parent: Concrete) => {
    const serves = purpose(child, parent);
    if (serves !== null) leftOut.add(serves);
    return serves === null;
  };
  const form = (given: Partial<FormRules>) => shortened(canonicalForm(node, { ...rules, ...given }));
  const typed = form({ keeps });
  const omits = (annotation: Concrete) => omitted.has(annotation);
  const essence = omitted.size === 0 ? typed : form({ keeps, omits });
  const forPeople = (child: Concrete, parent: Concrete) => purpose(child, parent) !== 'documents';
  return {
    code: leftOut.size === 0 ? typed : form({}),
    undocumented: leftOut.has('people') ? form({ keeps: forPeople, omits }) : essence,
    essence,
    typed,
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
