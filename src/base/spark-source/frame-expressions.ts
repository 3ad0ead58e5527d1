import { field, type SyntaxNode } from '../python-source/syntax.ts';
import { columnMethod, madeOf, namedColumn } from './column-values.ts';
import { callValue, method } from './frame-calls.ts';
import { assign, closed, holds, type Run, touchesData } from './frame-run.ts';
import { type FrameScope, type FrameValue, HOLE, holdsData, NotSimple, plain, textOf } from './frame-values.ts';

type Expression = (run: Run, node: SyntaxNode, scope: FrameScope) => FrameValue;

/** What an expression is worth to a program that moves data. */
export function evaluate(run: Run, node: SyntaxNode | null, scope: FrameScope): FrameValue {
  if (node === null) return plain;
  run.steps += 1;
  const expression = expressions[node.type];
  if (expression !== undefined) return expression(run, node, scope);
  const inside = node.children.map((child) => evaluate(run, child, scope));
  if (inside.some(holdsData)) throw new NotSimple(`${node.type} is not read`);
  return plain;
}

const expressions: { [type: string]: Expression } = {
  identifier: (_, node, scope) => lookUp(node.text, scope),
  none: () => ({ is: 'none' }),
  true: () => ({ is: 'bool', value: true }),
  false: () => ({ is: 'bool', value: false }),
  integer: (_, node) => ({ is: 'number', value: Number(node.text.replaceAll('_', '')) }),
  float: (_, node) => ({ is: 'number', value: Number(node.text.replaceAll('_', '')) }),
  string,
  concatenated_string: (run, node, scope) => joinTexts(node.children.map((child) => evaluate(run, child, scope))),
  list: listed,
  tuple: listed,
  expression_list: listed,
  dictionary: (run, node, scope) => {
    const pairs = node.children.filter((child) => child.type === 'pair');
    if (pairs.length < node.children.length)
      return refuseData(node.children.map((child) => evaluate(run, child, scope)));
    const entries = pairs.map((pair): [FrameValue, FrameValue] => [
      evaluate(run, field(pair, 'key'), scope),
      evaluate(run, field(pair, 'value'), scope),
    ]);
    return { is: 'dict', entries };
  },
  parenthesized_expression: (run, node, scope) => evaluate(run, node.children[0] ?? null, scope),
  assignment: (run, node, scope) => {
    const right = field(node, 'right');
    if (right === null) return plain;
    const value = evaluate(run, right, scope);
    assign(run, field(node, 'left'), value, scope);
    return value;
  },
  augmented_assignment: (run, node, scope) => {
    const value = combined([evaluate(run, field(node, 'left'), scope), evaluate(run, field(node, 'right'), scope)]);
    assign(run, field(node, 'left'), value, scope);
    return value;
  },
  binary_operator: (run, node, scope) => {
    const sides = [evaluate(run, field(node, 'left'), scope), evaluate(run, field(node, 'right'), scope)];
    return field(node, 'operator')?.text === '+' && sides.every((side) => side.is === 'text' || side.is === 'plain')
      ? joinTexts(sides)
      : combined(sides);
  },
  unary_operator: (run, node, scope) => combined([evaluate(run, field(node, 'argument'), scope)]),
  not_operator: (run, node, scope) => {
    const value = evaluate(run, field(node, 'argument'), scope);
    if (holdsData(value)) throw new NotSimple('data decide a condition');
    return value.is === 'bool' ? { is: 'bool', value: !value.value } : plain;
  },
  comparison_operator: comparison,
  boolean_operator: (run, node, scope) =>
    refuseData([evaluate(run, field(node, 'left'), scope), evaluate(run, field(node, 'right'), scope)]),
  conditional_expression: (run, node, scope) => {
    const [yes, condition, no] = node.children;
    if (run.closed > 0) return refuseData([yes, condition, no].map((one) => evaluate(run, one ?? null, scope)));
    return evaluate(run, (holds(run, condition ?? null, scope) ? yes : no) ?? null, scope);
  },
  lambda: (_, node, scope) => ({ is: 'function', node, scope }),
  attribute: (run, node, scope) =>
    attribute(evaluate(run, field(node, 'object'), scope), field(node, 'attribute')?.text ?? '', run),
  subscript: (run, node, scope) => {
    const holder = evaluate(run, field(node, 'value'), scope);
    const key = evaluate(run, field(node, 'subscript'), scope);
    if (holder.is === 'frame') {
      if (key.is === 'text') return namedColumn(key.value);
      return method(run, holder, key.is === 'list' ? 'select' : 'where', { positional: [key], named: new Map() });
    }
    if (holder.is === 'column') return columnMethod(holder, 'getItem', [key]);
    return item(holder, key);
  },
  call,
  list_comprehension: comprehension,
  generator_expression: comprehension,
};

function lookUp(name: string, scope: FrameScope): FrameValue {
  for (let at: FrameScope | null = scope; at !== null; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
    const [only, ...others] = [...at.names].filter(([key]) => key.startsWith('* ')).map(([, value]) => value);
    if (only?.is === 'name' && others.length === 0 && only.path.startsWith('pyspark'))
      return { is: 'name', path: `${only.path}.${name}` };
  }
  // Notebooks and clusters give it by this name.
  return name === 'spark' ? { is: 'session' } : { is: 'name', path: `builtins.${name}` };
}

function string(run: Run, node: SyntaxNode, scope: FrameScope): FrameValue {
  const prefix = (node.children[0]?.text ?? '').toLowerCase();
  if (/^[^'"]*b/.test(prefix)) return plain;
  const isRaw = /^[^'"]*r/.test(prefix);
  const isFormatted = /^[^'"]*f/.test(prefix);
  const pieces = node.children.flatMap((child): FrameValue[] => {
    if (child.type === 'interpolation') {
      const value = evaluate(run, field(child, 'expression'), scope);
      return [field(child, 'format_specifier') === null && field(child, 'type_conversion') === null ? value : plain];
    }
    if (child.type !== 'string_content') return [];
    const text = isFormatted ? child.text.replaceAll('{{', '{').replaceAll('}}', '}') : child.text;
    if (isRaw || !text.includes('\\')) return [{ is: 'text', value: text }];
    return [
      {
        is: 'text',
        value: text.replaceAll(/\\(\n|[nt'"\\])/g, (_, sign: string) => ({ '\n': '', n: '\n', t: '\t' })[sign] ?? sign),
      },
    ];
  });
  return joinTexts(pieces);
}

/** Pieces that are not known leave a hole. */
function joinTexts(pieces: readonly FrameValue[]): FrameValue {
  if (pieces.some((piece) => holdsData(piece) && piece.is !== 'column'))
    throw new NotSimple('data are written into a text');
  const texts = pieces.map((piece) =>
    piece.is === 'text' ? piece.value : piece.is === 'number' ? String(piece.value) : HOLE,
  );
  return { is: 'text', value: texts.join('') };
}

function listed(run: Run, node: SyntaxNode, scope: FrameScope): FrameValue {
  const items: FrameValue[] = [];
  for (const child of node.children) {
    const isSplat = child.type === 'list_splat';
    const value = evaluate(run, isSplat ? (child.children[0] ?? null) : child, scope);
    if (!isSplat) items.push(value);
    else if (value.is === 'list') items.push(...value.items);
    else return plain;
  }
  return { is: 'list', items };
}

/** An expression over columns where one of its pieces is a column. */
function combined(values: readonly FrameValue[]): FrameValue {
  if (values.some((value) => value.is === 'column')) return madeOf(values);
  if (values.every((value) => value.is === 'list'))
    return { is: 'list', items: values.flatMap((value) => (value.is === 'list' ? value.items : [])) };
  return refuseData(values);
}

function refuseData(values: readonly FrameValue[]): FrameValue {
  if (values.some(holdsData)) throw new NotSimple('data are part of an expression');
  return plain;
}

function comparison(run: Run, node: SyntaxNode, scope: FrameScope): FrameValue {
  const values = node.children.map((child) => evaluate(run, child, scope));
  const [left, right] = values;
  const operator = node.fields.operators?.map(({ text }) => text).join(' ');
  if (values.some((value) => value.is === 'column')) return madeOf(values);
  if (operator === 'is' || operator === 'is not') {
    const isNone = left?.is === 'none' ? true : left?.is === 'plain' || left?.is === 'name' ? null : false;
    if (right?.is !== 'none' || isNone === null) return plain;
    return { is: 'bool', value: isNone === (operator === 'is') };
  }
  refuseData(values);
  const isKnown = left?.is === 'text' && right?.is === 'text' && !`${left.value}${right.value}`.includes(HOLE);
  if (!isKnown || (operator !== '==' && operator !== '!=')) return plain;
  return { is: 'bool', value: (left.value === right.value) === (operator === '==') };
}

function attribute(self: FrameValue, name: string, run: Run): FrameValue {
  switch (self.is) {
    case 'name':
      return { is: 'name', path: `${self.path}.${name}` };
    case 'module':
      return self.scope.names.get(name) ?? plain;
    case 'options': {
      const told = run.options.get(name);
      return told === undefined ? plain : { is: 'text', value: told };
    }
    case 'session':
      if (name === 'read' || name === 'readStream')
        return { is: 'reader', stream: name !== 'read', options: new Map() };
      return ['conf', 'sparkContext', 'streams', 'udf', 'catalog', 'version'].includes(name) ? plain : refuse(name);
    case 'frame':
      if (name === 'write' || name === 'writeStream')
        return { is: 'writer', stream: name !== 'write', frame: self, options: new Map() };
      if (name === 'na') return { is: 'filler', frame: self };
      if (name === 'isStreaming') return plain;
      return /^(rdd|columns|schema|dtypes|stat|sparkSession|sql_ctx|storageLevel)$/.test(name)
        ? refuse(name)
        : namedColumn(name);
    case 'column':
      return madeOf([self]);
    default:
      if (holdsData(self)) return refuse(name);
      return self.is === 'plain' &&
        /^(write|writeTo|writeStream|withColumn|selectExpr|createOrReplaceTempView)$/.test(name)
        ? refuse(name)
        : plain;
  }
}

function refuse(name: string): never {
  throw new NotSimple(`${name} is used of something that is not followed`);
}

function item(holder: FrameValue, key: FrameValue): FrameValue {
  if (holder.is === 'list' && key.is === 'number') return holder.items.at(key.value) ?? plain;
  if (holder.is === 'dict' && key.is === 'text')
    return holder.entries.find(([name]) => name.is === 'text' && name.value === key.value)?.[1] ?? plain;
  return refuseData([holder, key]);
}

function call(run: Run, node: SyntaxNode, scope: FrameScope): FrameValue {
  const callee = field(node, 'function');
  const given = argumentsOf(run, field(node, 'arguments'), scope);
  if (callee?.type !== 'attribute') return callValue(run, evaluate(run, callee, scope), given);
  const self = evaluate(run, field(callee, 'object'), scope);
  const name = field(callee, 'attribute')?.text ?? '';
  if (self.is === 'name' || self.is === 'module') return callValue(run, attribute(self, name, run), given);
  return method(run, self, name, given);
}

function argumentsOf(run: Run, node: SyntaxNode | null, scope: FrameScope) {
  const positional: FrameValue[] = [];
  const named = new Map<string, FrameValue>();
  for (const child of node?.children ?? []) {
    if (child.type === 'keyword_argument')
      named.set(field(child, 'name')?.text ?? '', evaluate(run, field(child, 'value'), scope));
    else if (child.type === 'list_splat') {
      const value = evaluate(run, child.children[0] ?? null, scope);
      if (value.is === 'list') positional.push(...value.items);
      else if (holdsData(value)) refuse('a list of arguments');
      else positional.push(plain);
    } else if (child.type === 'dictionary_splat') {
      const value = evaluate(run, child.children[0] ?? null, scope);
      if (value.is === 'dict') for (const [key, one] of value.entries) named.set(textOf(key, 'an argument'), one);
      else refuseData([value]);
    } else positional.push(evaluate(run, child, scope));
  }
  return { positional, named };
}

/** A list made of a known one, item by item. */
function comprehension(run: Run, node: SyntaxNode, scope: FrameScope): FrameValue {
  const clauses = node.children.filter((child) => child.type === 'for_in_clause');
  const [clause] = clauses;
  const over = evaluate(run, field(clause ?? node, 'right'), scope);
  const inner: FrameScope = { ...scope, names: new Map(), parent: scope };
  const isSimple = clauses.length === 1 && !node.children.some((child) => child.type === 'if_clause');
  if (over.is === 'list' && isSimple) {
    return {
      is: 'list',
      items: over.items.map((one) => {
        assign(run, field(clause ?? node, 'left'), one, inner);
        return evaluate(run, field(node, 'body'), inner);
      }),
    };
  }
  if (holdsData(over) || touchesData(node.text)) throw new NotSimple('a list of data is not known');
  return closed(run, () => {
    assign(run, field(clause ?? node, 'left'), plain, inner);
    return refuseData([evaluate(run, field(node, 'body'), inner)]);
  });
}
