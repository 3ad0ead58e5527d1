import type { Concrete } from './concrete-tree.ts';
import { inRole } from './concrete-tree.ts';
import { docstringOf } from './docstrings.ts';
import type { FormRules } from './form-rules.ts';
import { knownKinds } from './known-kinds.ts';
import { numberMeaning } from './literals.ts';
import { stringMeaning } from './string-form.ts';

/** Thrown at a kind of node that is not known here, so that nothing is said of it. */
export class UnknownKind extends Error {
  constructor(kind: string) {
    super(`The Python node kind ${kind} is not known.`);
    this.name = 'UnknownKind';
  }
}

type Write = (node: Concrete, rules: FormRules) => string;

/**
 * The text of what a piece of Python means: equal texts mean the same. Formatting, comments, quotes, needless parentheses
 * and trailing commas leave no trace; everything else does. Throws `UnknownKind`.
 */
export function canonicalForm(node: Concrete, rules: FormRules): string {
  if (node.named && !knownKinds.has(node.type)) throw new UnknownKind(node.type);
  const written = special[node.type]?.(node, rules);
  return written ?? plain(node, node.children, rules);
}

/** The node's kind around its pieces. What lies between its tokens and is no space is kept as it is. */
function plain(node: Concrete, children: readonly Concrete[], rules: FormRules, kind = node.type): string {
  if (node.children.length === 0) return leaf(node);
  const pieces = children.map((child) => labelled(child, rules));
  return `(${[kind, ...pieces, ...between(node)].join(' ')})`;
}

/** Roles tell apart what else looks alike, such as the default and the type of a parameter. */
function labelled(child: Concrete, rules: FormRules): string {
  const form = canonicalForm(child, rules);
  return child.named && child.role !== null ? `${child.role}:${form}` : form;
}

function leaf(node: Concrete): string {
  return node.named ? `${node.type} ${JSON.stringify(node.text)}` : JSON.stringify(node.text);
}

function between(node: Concrete): string[] {
  const gaps: string[] = [];
  let at = node.start;
  for (const child of [...node.children, { start: node.end, end: node.end }]) {
    const gap = node.text.slice(at - node.start, child.start - node.start);
    if (/[^\s\\;]/.test(gap.replaceAll(/#[^\n]*/g, ''))) gaps.push(`gap ${JSON.stringify(gap)}`);
    at = child.end;
  }
  return gaps;
}

const isComma = (node: Concrete) => !node.named && node.type === ',';
const brackets = new Set(['(', ')', '[', ']', '{', '}']);
const isBracket = (node: Concrete) => !node.named && brackets.has(node.type);

/** A list whose commas only part its items, and whose brackets say no more than its kind. */
const listed: Write = (node, rules) => listedIn(node, node, rules);

function listedIn(node: Concrete, parent: Concrete, rules: FormRules): string {
  const items = node.children.filter((child) => !isComma(child) && !isBracket(child) && rules.keeps(child, parent));
  return plain(node, items, rules);
}

const tupleOf = (items: readonly Concrete[], rules: FormRules) =>
  `(tuple ${items.map((item) => canonicalForm(item, rules)).join(' ')})`;
const named = (node: Concrete) => node.children.filter((child) => child.named);

const asTuple: Write = (node, rules) => tupleOf(named(node), rules);

const targets: Write = (node, rules) => {
  const [only, ...rest] = named(node);
  if (only !== undefined && rest.length === 0 && !node.children.some(isComma)) return canonicalForm(only, rules);
  return `(targets ${named(node)
    .map((item) => canonicalForm(item, rules))
    .join(' ')})`;
};

const inner = (node: Concrete) => named(node)[0] ?? node;

/** `(a and b) and c` is kept apart from `a and b and c`, which Python's own tree tells apart. */
const booleanOperator: Write = (node, rules) => {
  const operator = inRole(node, 'operator')?.text;
  const pieces = node.children.map((child) => {
    const within = unwrapped(child);
    const grouped = within !== child && within.type === 'boolean_operator';
    const same = grouped && inRole(within, 'operator')?.text === operator;
    return same ? `(group ${canonicalForm(within, rules)})` : canonicalForm(child, rules);
  });
  return `(boolean_operator ${pieces.join(' ')})`;
};

function unwrapped(node: Concrete): Concrete {
  return node.type === 'parenthesized_expression' ? unwrapped(inner(node)) : node;
}

const block: Write = (node, rules) => {
  const statements = node.children.filter((child) => child.named && !rules.omits(child));
  return `(block ${statements.map((child) => canonicalForm(child, rules)).join(' ')})`;
};

/** `a, b` and `a,` as a statement are tuples; a lone expression is itself. */
const expressionStatement: Write = (node, rules) => {
  const items = named(node);
  const [only] = items;
  if (only === undefined) return plain(node, node.children, rules);
  return `(expression ${node.children.some(isComma) ? tupleOf(items, rules) : canonicalForm(only, rules)})`;
};

/** `x: int` declares a variable and `(x): int` does not. */
const assignment: Write = (node, rules) => {
  const left = inRole(node, 'left');
  const wrapped = left?.type === 'tuple_pattern' || left?.type === 'parenthesized_expression';
  const type = inRole(node, 'type');
  if (type !== null && rules.omits(type)) return plain(node, withoutType(node, type), rules, 'assignment');
  const declares = type !== null && wrapped;
  return plain(node, node.children, rules, declares ? 'assignment-in-parentheses' : 'assignment');
};

const withoutType = (node: Concrete, type: Concrete) =>
  node.children.filter((child) => child !== type && child.text !== ':');

/** `a: int` and `a: int = 1` as `a` and `a = 1`, where the annotation is left out. */
const typedParameter: Write = (node, rules) => {
  const type = inRole(node, 'type');
  if (type === null || !rules.omits(type)) return plain(node, node.children, rules);
  const [only, ...rest] = withoutType(node, type);
  return only !== undefined && rest.length === 0
    ? canonicalForm(only, rules)
    : plain(node, withoutType(node, type), rules, 'default_parameter');
};

const subscript: Write = (node, rules) => {
  const value = inRole(node, 'value');
  const keys = node.children.filter((child) => child.named && child.role === 'subscript');
  const [only] = keys;
  if (value === null || only === undefined) return plain(node, node.children, rules);
  const key = node.children.some(isComma) ? tupleOf(keys, rules) : canonicalForm(only, rules);
  return `(subscript ${canonicalForm(value, rules)} ${key})`;
};

/** `elif` is an `if` that is all of an `else`. */
const ifStatement: Write = (node, rules) => {
  const [condition, consequence] = [inRole(node, 'condition'), inRole(node, 'consequence')];
  const rest = node.children.filter((child) => child.role === 'alternative');
  if (condition === null || consequence === null) return plain(node, node.children, rules);
  return ifForm({ condition, consequence, rest }, rules);
};

type Branch = { condition: Concrete; consequence: Concrete; rest: readonly Concrete[] };

function ifForm({ condition, consequence, rest }: Branch, rules: FormRules): string {
  const head = `(if ${canonicalForm(condition, rules)} ${canonicalForm(consequence, rules)}`;
  const [next, ...after] = rest;
  if (next === undefined) return `${head})`;
  const [test, then] = [inRole(next, 'condition'), inRole(next, 'consequence')];
  if (next.type === 'elif_clause' && test !== null && then !== null)
    return `${head} (block ${ifForm({ condition: test, consequence: then, rest: after }, rules)}))`;
  return `${head} ${canonicalForm(inRole(next, 'body') ?? next, rules)})`;
}

/** `class A():` is `class A:`. The docstring is left out. */
const definition: Write = (node, rules) => {
  const doc = docstringOf(node);
  const result = inRole(node, 'return_type');
  const isOmitted = (child: Concrete) =>
    result !== null && rules.omits(result) && (child === result || child.type === '->');
  const pieces = node.children
    .filter((child) => !(child.type === 'argument_list' && named(child).length === 0) && !isOmitted(child))
    .map((child) => (child.role === 'body' ? `body:${bodyWithout(child, doc, rules)}` : labelled(child, rules)));
  return `(${[node.type, ...pieces].join(' ')})`;
};

function bodyWithout(body: Concrete, doc: Concrete | null, rules: FormRules): string {
  return block({ ...body, children: body.children.filter((child) => child !== doc) }, rules);
}

/** `f(x for x in y)` is `f((x for x in y))`. */
const call: Write = (node, rules) => {
  const given = inRole(node, 'arguments');
  if (given === null) return plain(node, node.children, rules);
  const callee = node.children.filter((child) => child !== given).map((child) => labelled(child, rules));
  const written =
    given.type === 'generator_expression'
      ? `(argument_list ${canonicalForm(given, rules)})`
      : listedIn(given, node, rules);
  return `(call ${callee.join(' ')} arguments:${written})`;
};

/** The grammar lets `await` bind less than `**`, which Python does not: what was read so is kept apart from what was written so. */
const awaited: Write = (node, rules) => {
  const [operand] = named(node);
  const misread = operand !== undefined && /_operator$/.test(operand.type);
  return plain(node, node.children, rules, misread ? 'await-before-operator' : 'await');
};

/** `with (a,):` has the one item `a`, and `with ((a,)):` a tuple; the grammar reads a tuple in both. */
const withItem: Write = (node, rules) => {
  const value = inRole(node, 'value') ?? node;
  const within = unwrapped(value);
  return within !== value && within.type === 'tuple'
    ? `(with_item (group ${canonicalForm(within, rules)}))`
    : plain(node, node.children, rules);
};

const special: { [kind: string]: Write } = {
  module: block,
  block,
  parenthesized_expression: (node, rules) => canonicalForm(inner(node), rules),
  tuple: asTuple,
  expression_list: (node, rules) => (node.children.some(isComma) ? asTuple(node, rules) : listed(node, rules)),
  pattern_list: targets,
  tuple_pattern: targets,
  list_pattern: listed,
  delete_statement: listed,
  argument_list: listed,
  parameters: listed,
  lambda_parameters: listed,
  list: listed,
  set: listed,
  dictionary: listed,
  with_clause: listed,
  import_statement: listed,
  import_from_statement: listed,
  future_import_statement: listed,
  global_statement: listed,
  nonlocal_statement: listed,
  boolean_operator: booleanOperator,
  expression_statement: expressionStatement,
  assignment,
  await: awaited,
  with_item: withItem,
  subscript,
  call,
  if_statement: ifStatement,
  typed_parameter: typedParameter,
  typed_default_parameter: typedParameter,
  class_definition: definition,
  function_definition: definition,
  string: stringMeaning(canonicalForm),
  concatenated_string: stringMeaning(canonicalForm),
  integer: (node) => numberMeaning(node.text),
  float: (node) => numberMeaning(node.text),
  dotted_name: (node) => `dotted ${node.text.replaceAll(/\s|\\\n/g, '')}`,
};
