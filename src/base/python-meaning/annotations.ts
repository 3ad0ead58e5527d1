import { type Concrete, inRole } from './concrete-tree.ts';
import { isNote } from './docstrings.ts';
import { isSafeType, type LoadScope } from './load-names.ts';

/**
 * Text by which code, or a library that it uses, reads annotations as something that decides what is done, or runs a function's text
 * elsewhere, where the names in them may not be.
 */
const READERS =
  /__annotations__|\binspect\b|\bsignature\s*\(|[Vv]irtualenv|[Ee]xternal_?[Pp]ython|\b(get_type_hints|get_annotations|getfullargspec|getsource\w*|singledispatch\w*|validate_(call|arguments)|typer|fastapi|litestar|ninja|strawberry|inject(or)?|dependency_injector|beartype|typeguard|hamilton|prefect|dagster|kfp|flytekit|metaflow|zenml|numba|(pandas_)?udt?f|apache_beam|beam|dspy|pydantic_ai|fastmcp|mcp|marvin|instructor|smolagents|crewai|autogen\w*|magentic|mirascope|tools?|\w+_tools?|[A-Z]\w*Tools?|from_function|task\.(docker|kubernetes))\b/;

/** Whether annotations may decide something for who reads this text, or calls what is in it. */
export function readsAnnotations(text: string): boolean {
  return READERS.test(text);
}

/** Decorators that look at no annotation, and Airflow's, which look at that of the result alone. */
const blind =
  /^@\s*(staticmethod|classmethod|property|\w+\.setter|(functools\.)?(wraps\(\w+\)|cache|lru_cache(\([^()]*\))?|cached_property)|(contextlib\.)?(async)?contextmanager|(abc\.)?abstractmethod)\s*$/s;
const blindToParameters = /^@\s*(dag|task_group|task(\.(branch|short_circuit|sensor))?)\s*(\(.*\))?\s*$/s;

/** `omitted`: notes, and annotations that change nothing but what people and checkers read, being worked out without harm or not at all. `kept`: how many there are beside. */
export type Annotations = { omitted: Set<Concrete>; kept: number };

/** Members of modules that annotations are made of. Those of other modules may not be there. */
const members =
  /^(typing|t|collections\.abc|datetime|dt|decimal|pathlib|uuid|logging|pd|pandas|np|numpy|argparse)\.(\w*[A-Z]\w*|datetime|date|timedelta|time|ndarray)$/;

/** Older Pythons know no `a | b` of types, and calls may do anything. */
function isHarmless(type: Concrete, scope: LoadScope): boolean {
  if (/[|()]|:=/.test(type.text) || !isSafeType(type, scope)) return false;
  const names = type.text.replaceAll(/'[^']*'|"[^"]*"/g, '').match(/[\w.]+/g) ?? [];
  return names.every((name) => !name.includes('.') || members.test(name));
}

type Place = 'module' | 'class' | 'function';
type Walk = { scope: LoadScope; found: Annotations };

export function annotationsOf(statement: Concrete, scope: LoadScope): Annotations {
  const found: Annotations = { omitted: new Set(), kept: 0 };
  collect({ scope, found }, statement, 'module');
  return found;
}

function collect(walk: Walk, node: Concrete, place: Place): void {
  const { found } = walk;
  if (node.type === 'decorated_definition') {
    const definition = inRole(node, 'definition');
    const decorators = node.children.filter((child) => child.type === 'decorator').map(({ text }) => text.trim());
    if (definition?.type === 'function_definition') collectFunction(walk, definition, decorators);
    else if (definition !== null) collect(walk, definition, place);
    return;
  }
  if (node.type === 'function_definition') {
    collectFunction(walk, node, []);
    return;
  }
  if (isNote(node) && place !== 'module') found.omitted.add(node);
  const type = node.type === 'assignment' ? inRole(node, 'type') : null;
  if (type !== null) note(walk, type, place !== 'class' && inRole(node, 'right') !== null, place === 'function');
  for (const child of node.children) collect(walk, child, node.type === 'class_definition' ? 'class' : place);
}

function collectFunction(walk: Walk, node: Concrete, decorators: readonly string[]): void {
  const plain = inRole(node, 'type_parameters') === null;
  const parametersCount = !plain || !decorators.every((one) => blind.test(one) || blindToParameters.test(one));
  const resultCounts = !plain || !decorators.every((one) => blind.test(one));
  for (const parameter of inRole(node, 'parameters')?.children ?? []) {
    const type = inRole(parameter, 'type');
    if (type !== null) note(walk, type, !parametersCount, false);
  }
  const result = inRole(node, 'return_type');
  if (result !== null) note(walk, result, !resultCounts, false);
  const body = inRole(node, 'body');
  if (body !== null) collect(walk, body, 'function');
}

/** `unseen`: it is never worked out, as those of names within functions. */
function note({ scope, found }: Walk, type: Concrete, mayOmit: boolean, unseen: boolean): void {
  if (mayOmit && (unseen || scope.annotationsAreText || isHarmless(type, scope))) found.omitted.add(type);
  else found.kept += 1;
}
