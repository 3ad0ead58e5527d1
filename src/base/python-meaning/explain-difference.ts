import { canonicalForm } from './canonical-form.ts';
import { type Concrete, inRole, type ReadConcrete } from './concrete-tree.ts';
import { isLiteral } from './lazy-statements.ts';

/** Says in a few words where two texts of a statement differ; null when that takes more than a few. */
export type Explain = (base: string, head: string) => string | null;

type Difference = { base: Concrete | null; head: Concrete | null; around: readonly Concrete[] };

/** More differences than this are not told one by one. */
const most = 2;
const longest = 40;
const rules = { keeps: () => true, omits: () => false };
/** Values of such names are not shown. */
const private_ = /pass(word|wd)?|secret|token|api_?key|credential|auth/i;

export function explainer(read: ReadConcrete): Explain {
  return (base, head) => {
    const [was, is] = [read(base), read(head)];
    if (was === null || is === null) return null;
    const found = differences({ base: was, head: is, around: [] });
    if (found === null || found.length === 0 || found.length > most) return null;
    const alone =
      found.length === 1 || found.every(({ base: one, head: other, around }) => [one, other, ...around].some(isKeyed));
    const words = alone ? found.map(wordsFor) : [null];
    return words.every((word) => word !== null) ? words.join(' and ') : null;
  };
}

/** A literal that is another one, under the keyword or key that it is given by. */
export type LiteralChange = { name: string; base: string; head: string };

/** The literals in which two texts of a statement differ; null where anything else differs, or more than a few. */
export function literalChanges(read: ReadConcrete, base: string, head: string): LiteralChange[] | null {
  const [was, is] = [read(base), read(head)];
  const found = was === null || is === null ? null : differences({ base: was, head: is, around: [] });
  const changes = found?.map(literalChange) ?? [null];
  const known = changes.filter((change) => change !== null);
  return known.length === changes.length ? known : null;
}

function literalChange({ base, head, around }: Difference): LiteralChange | null {
  const holder = [head, ...around.toReversed()].find((node) => node !== null && keyOf(node) !== null) ?? null;
  const value = holder === null ? null : inRole(holder, 'value');
  const [was, is] = [literalOf(base), literalOf(head)];
  if (holder === null || value === null || was === null || is === null) return null;
  return isLiteral(value) ? { name: keyOf(holder) ?? '', base: was, head: is } : null;
}

function literalOf(node: Concrete | null): string | null {
  return node !== null && /^(integer|string_content)$/.test(node.type) ? node.text : null;
}

type Both = { base: Concrete; head: Concrete; around: readonly Concrete[] };

/** The smallest pieces that differ; null when there are too many. */
function differences({ base, head, around }: Both): Difference[] | null {
  if (form(base) === form(head)) return [];
  if (base.type !== head.type) return [{ base, head, around }];
  const [was, is] = [named(base), named(head)];
  const within = [...around, head];
  const pairs =
    keyed(was) && keyed(is)
      ? byKey(was, is)
      : was.length === is.length
        ? was.map((one, at) => [one, is[at] ?? null] as const)
        : null;
  if (pairs === null || pairs.length === 0) return [{ base, head, around }];
  const found: Difference[] = [];
  for (const [one, other] of pairs) {
    if (one === null || other === null) found.push({ base: one, head: other, around: within });
    else found.push(...(differences({ base: one, head: other, around: within }) ?? []));
    if (found.length > most) return null;
  }
  return found.length === 0 ? [{ base, head, around }] : found;
}

function form(node: Concrete): string {
  return canonicalForm(node, rules);
}

function named(node: Concrete): Concrete[] {
  return node.children.filter((child) => child.named && child.type !== 'string_start' && child.type !== 'string_end');
}

/** Arguments by keyword and pairs of a dictionary, whose place says less than their name. */
function keyed(nodes: readonly Concrete[]): boolean {
  const keys = nodes.map(keyOf);
  return nodes.length > 0 && keys.every((key) => key !== null) && new Set(keys).size === keys.length;
}

function isKeyed(node: Concrete | null): boolean {
  return node !== null && keyOf(node) !== null;
}

function keyOf(node: Concrete): string | null {
  if (node.type === 'keyword_argument') return inRole(node, 'name')?.text ?? null;
  const key = node.type === 'pair' ? inRole(node, 'key') : null;
  return key?.type === 'string' ? key.text.slice(1, -1) : null;
}

function byKey(base: readonly Concrete[], head: readonly Concrete[]): (readonly [Concrete | null, Concrete | null])[] {
  const keys = [...new Set([...base, ...head].map(keyOf))];
  const find = (nodes: readonly Concrete[], key: string | null) => nodes.find((node) => keyOf(node) === key) ?? null;
  return keys.map((key) => [find(base, key), find(head, key)]);
}

function wordsFor({ base, head, around }: Difference): string | null {
  const holder = [head ?? base, ...around.toReversed()].find((node) => node !== null && keyOf(node) !== null) ?? null;
  const name = holder === null ? null : keyOf(holder);
  const outer = around
    .map(keyOf)
    .filter((key) => key !== null && key !== name)
    .at(-1);
  if (name === null || holder === null) return plainWords(base, head, placeOf(around));
  const place = `${outer === undefined ? '' : ` of \`${outer}\``}${placeOf(around)}`;
  const whole = holder === head || holder === base;
  const [was, is] = whole ? [givenIn(base), givenIn(head)] : [base?.text ?? null, head?.text ?? null];
  if (private_.test(name)) return `\`${name}\`${place} is another`;
  if (base === null) return `\`${name}\`${place} is set${shownAs(is)}`;
  if (head === null) return `\`${name}\`${place} is no longer set`;
  return tooLong(was) || tooLong(is)
    ? `\`${name}\`${place} is another`
    : `\`${name}\`${place} is \`${is}\` instead of \`${was}\``;
}

function givenIn(node: Concrete | null): string | null {
  return node === null ? null : (inRole(node, 'value')?.text ?? null);
}

function shownAs(value: string | null): string {
  return tooLong(value) ? '' : ` to \`${value}\``;
}

function tooLong(value: string | null): boolean {
  return value === null || value.length > longest || value.includes('\n') || value.includes('`');
}

/** A name that got another value, or an expression that reads otherwise. */
function plainWords(base: Concrete | null, head: Concrete | null, place: string): string | null {
  const [was, is] = [base?.text ?? null, head?.text ?? null];
  if (tooLong(was) || tooLong(is)) return null;
  const simple = [base, head].every(
    (node) =>
      node !== null &&
      /^(integer|float|true|false|none|identifier|attribute|call|string|string_content|comparison_operator|binary_operator|not_operator)$/.test(
        node.type,
      ),
  );
  return simple && !private_.test(`${was}${is}`) ? `it says \`${is}\` instead of \`${was}\`${place}` : null;
}

/** The task or DAG whose call is around. */
function placeOf(around: readonly Concrete[]): string {
  for (const node of around.toReversed()) {
    if (node.type !== 'call') continue;
    const given = inRole(node, 'arguments')?.children ?? [];
    for (const [key, word] of [
      ['task_id', 'task'],
      ['dag_id', 'DAG'],
    ] as const) {
      const value = given.find((child) => keyOf(child) === key);
      const text = value === undefined ? null : inRole(value, 'value');
      if (text?.type === 'string') return ` of the ${word} ${text.text.replace(/^\w*['"]+|['"]+$/g, '`')}`;
    }
  }
  return '';
}
