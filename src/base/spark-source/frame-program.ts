import { field, type SyntaxNode } from '../python-source/syntax.ts';
import { evaluate } from './frame-expressions.ts';
import { importFrom, importNames } from './frame-imports.ts';
import { assign, closed, type GivenValues, holds, type Run, touchesData } from './frame-run.ts';
import { type FrameFunction, type FrameScope, type FrameValue, holdsData, NotSimple, plain } from './frame-values.ts';

type Ending = { how: 'end' } | { how: 'return'; value: FrameValue } | { how: 'break' | 'continue' | 'raise' };
const end: Ending = { how: 'end' };
const MOST_STEPS = 60_000;

/** A new reading, with the choices that are made so far. */
export function startRun(input: Pick<Run, 'sources' | 'traffic' | 'options' | 'choices'>): Run {
  const run: Run = {
    ...input,
    met: new Map(),
    modules: new Map(),
    steps: 0,
    depth: 0,
    closed: 0,
    evaluate: (node, scope) => evaluate(run, node, scope),
    callFunction: (callee, given) => callFunction(run, callee, given),
    load: (file, name) => runModule(run, file, name),
  };
  return run;
}

/** Reads a file from the top, as Python would run it. */
function runModule(run: Run, file: string, name: string): FrameScope {
  const tree = run.sources.tree(file);
  if (tree === null || tree.brokenAt !== null) throw new NotSimple(`${file} cannot be read`);
  const scope: FrameScope = { names: new Map(), parent: null, file, packageName: run.sources.packageOf(file) };
  scope.names.set('__name__', { is: 'text', value: name });
  run.modules.set(file, scope);
  block(run, tree.root, scope);
  return scope;
}

/** Reads a function's body with these arguments. */
function callFunction(run: Run, callee: FrameFunction, given: GivenValues): FrameValue {
  if (run.depth > 30) throw new NotSimple('functions call each other too deep');
  const scope: FrameScope = { ...callee.scope, names: new Map(), parent: callee.scope };
  bind(run, { callee, scope, ...given });
  const body = field(callee.node, 'body');
  run.depth += 1;
  try {
    if (callee.node.type === 'lambda') return evaluate(run, body, scope);
    if (/\byield\b/.test(callee.node.text)) throw new NotSimple('a function gives its results one by one');
    const ending = block(run, body, scope);
    if (run.closed > 0) return plain;
    return ending.how === 'return' ? ending.value : { is: 'none' };
  } finally {
    run.depth -= 1;
  }
}

type Binding = GivenValues & { callee: FrameFunction; scope: FrameScope };

function bind(run: Run, { callee, scope, positional, named }: Binding): void {
  const rest = [...positional];
  const left = new Map(named);
  for (const parameter of field(callee.node, 'parameters')?.children ?? []) {
    const inner = parameter.type === 'typed_parameter' ? (parameter.children[0] ?? parameter) : parameter;
    if (inner.type === 'list_splat_pattern') {
      scope.names.set(inner.children[0]?.text ?? '', { is: 'list', items: rest.splice(0) });
    } else if (inner.type === 'dictionary_splat_pattern') {
      if ([...left.values()].some(holdsData)) throw new NotSimple('arguments are passed on together');
      scope.names.set(inner.children[0]?.text ?? '', plain);
    } else if (!inner.type.endsWith('_separator')) {
      const name = (field(inner, 'name') ?? inner).text;
      const value = left.get(name) ?? rest.shift();
      left.delete(name);
      const byDefault = field(inner, 'value');
      scope.names.set(name, value ?? (byDefault === null ? plain : evaluate(run, byDefault, callee.scope)));
    }
  }
}

function block(run: Run, node: SyntaxNode | null, scope: FrameScope): Ending {
  for (const statement of node?.children ?? []) {
    const ending = execute(run, statement, scope);
    // Where it is not known what is done, what comes after an end may be done as well.
    if (ending.how !== 'end' && run.closed === 0) return ending;
  }
  return end;
}

type Statement = (run: Run, node: SyntaxNode, scope: FrameScope) => Ending;

const statements: { [type: string]: Statement } = {
  expression_statement: (run, node, scope) => {
    for (const child of node.children) evaluate(run, child, scope);
    return end;
  },
  import_statement: (run, node, scope) => {
    importNames(run, node, scope);
    return end;
  },
  import_from_statement: (run, node, scope) => {
    importFrom(run, node, scope);
    return end;
  },
  future_import_statement: () => end,
  pass_statement: () => end,
  global_statement: () => {
    throw new NotSimple('a function changes names of its file');
  },
  function_definition: (_, node, scope) => define(node, scope),
  class_definition: (_, node, scope) => {
    if (touchesData(node.text)) throw new NotSimple('a class moves data');
    scope.names.set(field(node, 'name')?.text ?? '', plain);
    return end;
  },
  decorated_definition: decorated,
  return_statement: (run, node, scope) => ({
    how: 'return',
    value: node.children[0] === undefined ? { is: 'none' } : evaluate(run, node.children[0], scope),
  }),
  break_statement: () => ({ how: 'break' }),
  continue_statement: () => ({ how: 'continue' }),
  raise_statement: () => ({ how: 'raise' }),
  assert_statement: (run, node, scope) => {
    for (const child of node.children) evaluate(run, child, scope);
    return end;
  },
  if_statement: ifStatement,
  for_statement: forStatement,
  while_statement: (run, node, scope) => {
    closed(run, () => {
      evaluate(run, field(node, 'condition'), scope);
      block(run, field(node, 'body'), scope);
    });
    return end;
  },
  with_statement: withStatement,
  try_statement: tryStatement,
};

function execute(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  run.steps += 1;
  if (run.steps > MOST_STEPS) throw new NotSimple('there is too much of it');
  const statement = statements[node.type];
  if (statement !== undefined) return statement(run, node, scope);
  if (touchesData(node.text)) throw new NotSimple(`${node.type} is not read`);
  return end;
}

function define(node: SyntaxNode, scope: FrameScope): Ending {
  scope.names.set(field(node, 'name')?.text ?? '', { is: 'function', node, scope });
  return end;
}

/** A function that Spark runs on rows; any other decorator may do anything with what it decorates. */
function decorated(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  const definition = field(node, 'definition');
  const name = field(definition ?? node, 'name')?.text ?? '';
  const decorators = node.children.filter((child) => child.type === 'decorator').map((child) => child.text);
  if (decorators.some((text) => /\b(pandas_)?udf\b/.test(text))) scope.names.set(name, { is: 'udf' });
  else if (touchesData(node.text)) throw new NotSimple('a decorated function moves data');
  else scope.names.set(name, plain);
  run.steps += 1;
  return end;
}

function ifStatement(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  for (const branch of [node, ...(node.fields.alternative ?? [])]) {
    const condition = field(branch, 'condition');
    const body = field(branch, condition === null ? 'body' : 'consequence');
    if (run.closed > 0) {
      if (condition !== null) evaluate(run, condition, scope);
      block(run, body, scope);
    } else if (condition === null || holds(run, condition, scope)) return block(run, body, scope);
  }
  return end;
}

function forStatement(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  const over = evaluate(run, field(node, 'right'), scope);
  const target = field(node, 'left');
  const body = field(node, 'body');
  if (over.is !== 'list') {
    if (holdsData(over)) throw new NotSimple('a loop goes over data');
    closed(run, () => {
      assign(run, target, plain, scope);
      block(run, body, scope);
    });
    return end;
  }
  for (const item of over.items) {
    assign(run, target, item, scope);
    const ending = block(run, body, scope);
    if (ending.how === 'return' || ending.how === 'raise') return ending;
    if (ending.how === 'break') return end;
  }
  return end;
}

function withStatement(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  for (const item of node.children
    .filter((child) => child.type === 'with_clause')
    .flatMap((clause) => clause.children)) {
    const value = field(item, 'value') ?? item;
    const inner = value.type === 'as_pattern' ? (value.children[0] ?? null) : value;
    const entered = evaluate(run, inner, scope);
    const alias = value.type === 'as_pattern' ? field(value, 'alias')?.children[0] : undefined;
    if (alias !== undefined) assign(run, alias, entered, scope);
  }
  return block(run, field(node, 'body'), scope);
}

/** The body is read as if nothing was raised; handlers may do anything but move data. */
function tryStatement(run: Run, node: SyntaxNode, scope: FrameScope): Ending {
  const ending = block(run, field(node, 'body'), scope);
  for (const clause of node.children) {
    const body = clause.children.find((child) => child.type === 'block') ?? null;
    if (clause.type.startsWith('except') && body !== null) closed(run, () => block(run, body, scope));
    if (clause.type === 'finally_clause') block(run, body, scope);
    if (clause.type === 'else_clause' && ending.how === 'end') block(run, field(clause, 'body') ?? body, scope);
  }
  return ending;
}
