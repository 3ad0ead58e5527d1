import { type Concrete, inRole } from './concrete-tree.ts';

const builtin = new Set(
  'str int float bool bytes dict list tuple set frozenset object None type True False complex Exception BaseException'.split(
    ' ',
  ),
);
/** Types that take others in brackets. */
const generic =
  /^(dict|list|tuple|set|frozenset|type|(typing\.|t\.|collections\.abc\.)?(Optional|Union|Iterable|Iterator|Sequence|Mapping|MutableMapping|Callable|Generator|Literal|Annotated|Dict|List|Tuple|Set|FrozenSet|Type|ClassVar|Final|Collection|Awaitable|AsyncIterator|Coroutine|Generic|Protocol))$/;

/**
 * Whether what is worked out when a definition is loaded (annotations, bases, decorators) names only what is there. Annotations that
 * are kept as text are not worked out.
 */
export function loadsSafely(statement: Concrete, scope: LoadScope): boolean {
  if (statement.type === 'type') return scope.annotationsAreText || isSafeType(statement, scope);
  if (statement.type === 'decorator' || statement.role === 'superclasses')
    return namesIn(statement).every((name) => isThere(name, scope));
  const parts = statement.children.filter((child) => statement.type !== 'function_definition' || child.role !== 'body');
  return parts.every((part) => loadsSafely(part, scope));
}

/** `bound`: names that have a value when the statement is run. */
export type LoadScope = { bound: ReadonlySet<string>; annotationsAreText: boolean };

/** Whether working out an annotation cannot fail, as far as its names tell. */
export function isSafeType(node: Concrete, scope: LoadScope): boolean {
  if (!namesIn(node).every((name) => isThere(name, scope))) return false;
  const heads = [...node.text.matchAll(/([\w.]+)\s*\[/g)].map(([, head = '']) => head);
  return heads.every((head) => generic.test(head)) && !(node.text.includes('|') && /['"]/.test(node.text));
}

function isThere(name: string, { bound }: LoadScope): boolean {
  return bound.has(name) || builtin.has(name) || /^(staticmethod|classmethod|property|\w+Error|Warning)$/.test(name);
}

/** Names that are looked up, not those of attributes and keyword arguments. */
function namesIn(node: Concrete): string[] {
  if (node.type === 'identifier') return [node.text];
  if (node.type === 'dotted_name') return [node.text.split('.')[0] ?? ''];
  const object = node.type === 'attribute' ? inRole(node, 'object') : null;
  if (object !== null) return namesIn(object);
  return node.children
    .filter((child) => !(node.type === 'keyword_argument' && child.role === 'name'))
    .flatMap((child) => namesIn(child));
}
