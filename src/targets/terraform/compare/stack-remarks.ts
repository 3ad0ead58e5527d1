import { type Remark, remark } from '../../../model/sum-up.ts';
import { attributeEffect } from './attribute-effect.ts';
import type { Said } from './canonical-hcl.ts';
import type { Stack } from './read-stack.ts';

type Block = { kind: string; said: Said };

/** A remark, and the address of the resource whose own text or inputs it is about; null for anything else. */
export type StackRemark = Remark & { address: string | null };

/** How a stack differs, sentence by sentence, each with the address of what it is about. */
export function stackRemarks(base: Stack, head: Stack): StackRemark[] {
  return [
    ...union(base.blocks, head.blocks).flatMap((address) =>
      blockRemarks(address, { was: base.blocks.get(address), is: head.blocks.get(address) }, head),
    ),
    ...differing(base.locals, head.locals, (one) => one).flatMap((name) =>
      useRemarks(`local.${name}`, head, `\`local.${name}\``),
    ),
    ...differing(base.given, head.given, (one) => one.value).flatMap((name) => givenRemarks(name, head)),
    ...differing(base.others, head.others, (text) => text).map((path) =>
      ofStack(remark('unknown', `\`${path}\` differs, which the stack uses; only a plan can tell what that does.`)),
    ),
  ];
}

function blockRemarks(
  address: string,
  block: { was: Block | undefined; is: Block | undefined },
  head: Stack,
): StackRemark[] {
  const { was, is } = block;
  const kind = (is ?? was)?.kind ?? '';
  if (was === undefined) return [ofStack(added(address, kind, is?.said ?? new Map()))];
  if (is === undefined) return removed(address, kind).map(ofStack);
  return differing(was.said, is.said, (one) => one).flatMap((path) => attributeRemarks({ address, kind, path }, head));
}

function added(address: string, kind: string, said: Said): Remark {
  if (kind === 'moved' || kind === 'removed' || kind === 'import')
    return remark('unknown', `A \`${kind}\` block is new; only a plan can tell what that does.`);
  if (kind === 'variable' && !said.has('default'))
    return remark('compatible', `\`${address}\` is new and must be given in every environment.`);
  if (kind === 'provider' || kind === 'terraform') return remark('unknown', `\`${address}\` is new.`);
  return remark('compatible', `\`${address}\` is new.`);
}

function removed(address: string, kind: string): Remark[] {
  switch (kind) {
    case 'resource':
      return [remark('breaking', `\`${address}\` is gone: it will be destroyed, with what it holds.`)];
    case 'module':
      return [remark('breaking', `\`${address}\` is gone: all that it made will be destroyed.`)];
    case 'output':
      return [remark('breaking', `\`${address}\` is gone, which other stacks may read.`)];
    case 'data':
    case 'check':
      return [];
    case 'variable':
      return [remark('compatible', `\`${address}\` is gone.`)];
    default:
      return [remark('unknown', `\`${address}\` is gone; only a plan can tell what that does.`)];
  }
}

function ofStack(one: Remark): StackRemark {
  return { ...one, address: null };
}

type Place = { address: string; kind: string; path: string };

function attributeRemarks({ address, kind, path }: Place, head: Stack): StackRemark[] {
  const said = `\`${path.replace(/\.$/, '')}\` of \`${address}\``;
  const first = path.split('.')[0] ?? path;
  if (kind === 'resource') {
    const { effect, means } = attributeEffect(path);
    return [{ ...remark(effect, `${said} ${means}.`), address }];
  }
  if (kind === 'variable') return variableRemarks(address, first, head);
  if (kind === 'output' && path === 'description') return [];
  if (kind === 'terraform' && first.startsWith('backend'))
    return [ofStack(remark('breaking', `${said} is another: the state is looked for elsewhere.`))];
  return [ofStack(remark('unknown', `${said} is another; only a plan can tell what that does.`))];
}

function variableRemarks(address: string, part: string, head: Stack): StackRemark[] {
  if (part === 'description') return [];
  if (part === 'validation' || part === 'sensitive')
    return [ofStack(remark('compatible', `\`${part}\` of \`${address}\` is another; what is built stays.`))];
  const name = address.slice('variable.'.length);
  if (part === 'default') return useRemarks(`var.${name}`, head, `The default of \`var.${name}\``);
  return [ofStack(remark('unknown', `\`${part}\` of \`${address}\` is another.`))];
}

function givenRemarks(place: string, head: Stack): StackRemark[] {
  const [name = '', where = ''] = place.split(' in ');
  return useRemarks(`var.${name}`, head, `\`var.${name}\` in ${where}`);
}

/** What another value of a variable or local means: that of every attribute that uses it, through locals as well. */
function useRemarks(symbol: string, head: Stack, said: string): StackRemark[] {
  const users = usersOf(symbol, head);
  return users.map(({ address, kind, path }) => {
    const { effect, means } = attributeEffect(path);
    return kind === 'resource'
      ? { ...remark(effect, `${said} is another, so \`${path}\` of \`${address}\` ${means}.`), address }
      : ofStack(remark('unknown', `${said} is another, which \`${address}\` uses.`));
  });
}

function usersOf(symbol: string, head: Stack): Place[] {
  const symbols = [symbol];
  for (const one of symbols) {
    for (const [name, expression] of head.locals)
      if (uses(expression, one) && !symbols.includes(`local.${name.split(/[.[]/)[0]}`))
        symbols.push(`local.${name.split(/[.[]/)[0]}`);
  }
  return [...head.blocks].flatMap(([address, { kind, said }]) =>
    kind === 'variable'
      ? []
      : [...said]
          .filter(([, expression]) => symbols.some((one) => uses(expression, one)))
          .map(([path]) => ({ address, kind, path })),
  );
}

function uses(expression: string, symbol: string): boolean {
  const at = expression.indexOf(symbol);
  if (at === -1) return false;
  const isWhole = (from: number) =>
    !/[\w.-]/.test(expression.charAt(from - 1)) && !/[\w-]/.test(expression.charAt(from + symbol.length));
  for (let from = at; from !== -1; from = expression.indexOf(symbol, from + 1)) if (isWhole(from)) return true;
  return false;
}

function union(base: ReadonlyMap<string, unknown>, head: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...base.keys(), ...head.keys()])].sort();
}

function differing<T>(
  base: ReadonlyMap<string, T>,
  head: ReadonlyMap<string, T>,
  textOf: (one: T) => string,
): string[] {
  return union(base, head).filter((name) => {
    const [was, is] = [base.get(name), head.get(name)];
    return was === undefined || is === undefined || textOf(was) !== textOf(is);
  });
}
