import { type Concrete, inRole } from './concrete-tree.ts';

/** Decorators that keep a function and do nothing else when the module is loaded. */
const quietDecorators =
  /^@\s*(staticmethod|classmethod|property|(functools\.)?(wraps\(\w+\)|cache|lru_cache(\(.*\))?|cached_property)|(contextlib\.)?(async)?contextmanager|(abc\.)?abstractmethod|(typing\.)?(overload|final|no_type_check)|(dataclasses\.)?dataclass(\((\s*\w+\s*=\s*(True|False)\s*,?)*\))?|task(\.\w+)?|task_group)\s*$/s;
/** Classes that do nothing to those derived from them. */
const quietBases =
  /^(object|\w*Exception|\w*Error|Warning|(typing\.)?(NamedTuple|TypedDict|Protocol)|(enum\.)?(Enum|IntEnum|StrEnum)|(abc\.)?ABC|dict|list|tuple|str|int)$/;

/**
 * Whether a statement at the top of a module does no more than give a name its value, and cannot fail at that, so that it
 * counts only for those who use the name.
 */
export function isLazy(statement: Concrete): boolean {
  switch (statement.type) {
    case 'function_definition':
      return quietSignature(statement);
    case 'class_definition':
      return quietClass(statement);
    case 'decorated_definition':
      return quietDecorated(statement);
    case 'expression_statement':
      return (
        statement.children.length === 1 && statement.children[0] !== undefined && quietAssignment(statement.children[0])
      );
    default:
      return false;
  }
}

function quietDecorated(node: Concrete): boolean {
  const definition = inRole(node, 'definition');
  const decorators = node.children.filter((child) => child.type === 'decorator');
  return definition !== null && isLazy(definition) && decorators.every((one) => quietDecorators.test(one.text.trim()));
}

/** Defaults and annotations are worked out when the module is loaded. */
function quietSignature(node: Concrete): boolean {
  if (inRole(node, 'type_parameters') !== null) return false;
  const parameters = inRole(node, 'parameters')?.children ?? [];
  const said = parameters.flatMap((child) =>
    child.children.filter((part) => part.role === 'value' || part.type === 'type'),
  );
  const returned = inRole(node, 'return_type');
  return [...said, ...(returned === null ? [] : [returned])].every((part) =>
    part.type === 'type' ? quietType(part) : isLiteral(part),
  );
}

/** Names, `a.b`, `x[y]`, `a | b` and texts: what annotations are made of. */
function quietType(node: Concrete): boolean {
  return !/[()]|:=/.test(node.text) || node.type === 'string';
}

function quietClass(node: Concrete): boolean {
  const bases = inRole(node, 'superclasses')?.children.filter((child) => child.named) ?? [];
  const body = inRole(node, 'body')?.children.filter((child) => child.named) ?? [];
  const quiet = bases.every((base) => quietBases.test(base.text.trim()));
  return quiet && inRole(node, 'type_parameters') === null && body.every(quietMember);
}

function quietMember(member: Concrete): boolean {
  if (member.type === 'pass_statement') return true;
  if (member.type === 'class_definition') return false;
  const [only] = member.children;
  if (member.type === 'expression_statement' && only?.type === 'string') return true;
  // A field with a default may not be allowed where it stands.
  if (only?.type === 'assignment' && inRole(only, 'type') !== null && inRole(only, 'right') !== null) return false;
  return isLazy(member);
}

function quietAssignment(node: Concrete): boolean {
  if (node.type === 'string') return !node.children.some((child) => child.type === 'interpolation');
  if (node.type !== 'assignment') return false;
  const [left, type, right] = [inRole(node, 'left'), inRole(node, 'type'), inRole(node, 'right')];
  return left?.type === 'identifier' && (type === null || quietType(type)) && (right === null || isLiteral(right));
}

const literals = new Set(['integer', 'float', 'true', 'false', 'none', 'ellipsis']);

/** A value that needs no other and cannot fail to be made. */
export function isLiteral(node: Concrete): boolean {
  if (literals.has(node.type)) return true;
  const items = node.children.filter((child) => child.named);
  switch (node.type) {
    case 'string':
      return !items.some((child) => child.type === 'interpolation');
    case 'concatenated_string':
    case 'list':
    case 'tuple':
    case 'parenthesized_expression':
      return items.every(isLiteral);
    case 'unary_operator':
      return items.every((child) => child.type === 'integer' || child.type === 'float') && !node.text.startsWith('~');
    case 'set':
      return items.every(isPlain);
    case 'dictionary':
      return items.every(
        (pair) => pair.type === 'pair' && isPlain(inRole(pair, 'key')) && isValue(inRole(pair, 'value')),
      );
    default:
      return false;
  }
}

const isPlain = (node: Concrete | null) =>
  node !== null && (literals.has(node.type) || (node.type === 'string' && isLiteral(node)));
const isValue = (node: Concrete | null) => node !== null && isLiteral(node);
