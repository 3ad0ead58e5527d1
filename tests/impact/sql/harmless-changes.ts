import type { Chance } from './chance.ts';
import { type Bit, bitsOf, conjunctionsIn, ctesIn, is, placed, selectsIn, sqlOf, swapped, textOf } from './sql-text.ts';

/** Writes a text in another way that ought to mean the same; null where there is nothing of that kind. The data says whether it does. */
type Rewrite = (bits: Bit[], chance: Chance) => string | null;

const keywords = new Set(
  `select distinct from where group by having order limit offset with as join left right full inner outer cross on and or not in is null
   case when then else end union all except intersect exists between like over partition desc asc nulls first last rows range filter
   sum count min max avg coalesce cast date timestamp interval rank row_number lag lead upper lower qualify using lateral`.split(
    /\s+/,
  ),
);

function mapped(bits: readonly Bit[], into: (bit: Bit, at: number) => string): string {
  return bits.map(into).join(' ');
}

function names(bits: readonly Bit[]): string[] {
  const ctes = new Set(ctesIn(bits).map(({ name }) => name));
  const found = bits.flatMap((bit, at) =>
    bit.kind === 'word' && bits[at + 1]?.text === '.' && bits[at - 1]?.text !== '.' ? [bit.text] : [],
  );
  return [...new Set(found)].filter((name) => !ctes.has(name));
}

function renamed(bits: readonly Bit[], name: string, into: string): string {
  return mapped(bits, (bit, at) =>
    bit.kind === 'word' && bit.text === name && bits[at - 1]?.text !== '.' ? into : bit.text,
  );
}

const spaces = [
  '\n',
  '  ',
  '\t',
  ' -- it\'s "so"\n',
  ' /* select 1; */ ',
  '\n\n    ',
  " --';\n",
  ' /* {{ x }} */ ',
  '\r\n',
];

const harmlessChanges: { [name: string]: Rewrite } = {
  layout: (bits, chance) => bits.map(({ text }) => text + (chance.is(0.3) ? chance.pick(spaces) : ' ')).join(''),
  'keyword case': (bits, chance) =>
    mapped(bits, ({ kind, text }) =>
      kind === 'word' && keywords.has(text) && chance.is(0.6) ? text.toUpperCase() : text,
    ),
  'name case': (bits, chance) => {
    const shows = bits.some(({ text }) => /^(?:\{|struct_pack|pivot|unpivot)$/.test(text));
    if (shows) return null;
    return mapped(bits, ({ kind, text }) =>
      kind === 'word' && !keywords.has(text) && text.includes('_') && chance.is(0.3) ? text.toUpperCase() : text,
    );
  },
  semicolon: (bits) => `${sqlOf(bits)} ;`,
  'unequal sign': (bits) => {
    const text = mapped(bits, (bit) => (bit.text === '<>' ? '!=' : bit.text));
    return bits.some((bit) => bit.text === '<>') ? text : null;
  },
  'words that say nothing': (bits, chance) =>
    mapped(bits, (bit, at) => {
      if (is(bit, 'join') && !is(bits[at - 1], 'left', 'right', 'full', 'inner', 'cross', 'outer', 'natural', 'asof'))
        return chance.is(0.5) ? 'inner join' : 'join';
      if (is(bit, 'left', 'full', 'right') && is(bits[at + 1], 'join') && chance.is(0.5)) return `${bit.text} outer`;
      if (is(bit, 'asc')) return '';
      return bit.text;
    }),
  'as before an alias': (bits, chance) =>
    mapped(bits, (bit, at) => {
      const isAlias =
        bit.kind === 'word' && bits[at + 1]?.kind === 'word' && names(bits).includes(bits[at + 1]?.text ?? '');
      if (is(bit, 'as') && names(bits).includes(bits[at + 1]?.text ?? '') && chance.is(0.6)) return '';
      return isAlias && !keywords.has(bit.text) && chance.is(0.6) ? `${bit.text} as` : bit.text;
    }),
  'as before an output': (bits, chance) => {
    const ats = new Set(selectsIn(bits).flatMap(({ items }) => items.map(({ to }) => to - 2)));
    const isFree = (at: number) => is(bits[at], 'as') && /^[a-z]+_\w+$/.test(bits[at + 1]?.text ?? '');
    return mapped(bits, (bit, at) => (ats.has(at) && isFree(at) && chance.is(0.7) ? '' : bit.text));
  },
  'names of tables': (bits, chance) => {
    const found = names(bits);
    if (found.length === 0) return null;
    const name = chance.pick(found);
    return renamed(bits, name, chance.pick([`${name}_too`, `rel_${chance.word()}`, `x${name}`]));
  },
  'names of CTEs': (bits, chance) => {
    const ctes = ctesIn(bits);
    if (ctes.length === 0) return null;
    const { name } = chance.pick(ctes);
    return renamed(bits, name, chance.pick([`${name}_too`, `cte_${chance.word()}`]));
  },
  'order of CTEs': (bits, chance) => {
    const ctes = ctesIn(bits);
    if (ctes.length < 2) return null;
    const at = Math.floor(chance.number() * (ctes.length - 1));
    const [first, second] = [ctes[at], ctes[at + 1]];
    if (first === undefined || second === undefined) return null;
    return textOf(bits, second).split(' ').includes(first.name) ? null : swapped(bits, first, second);
  },
  'order of operands': (bits, chance) => {
    const all = conjunctionsIn(bits);
    if (all.length === 0) return null;
    const [first, second] = chance.pick(all);
    return first === undefined || second === undefined ? null : swapped(bits, first, second);
  },
  'brackets around operands': (bits, chance) => {
    const all = conjunctionsIn(bits).flat();
    if (all.length === 0) return null;
    const span = chance.pick(all);
    return placed(bits, span, `( ${textOf(bits, span)} )`);
  },
  'brackets around an output': (bits, chance) => {
    const items = selectsIn(bits).flatMap((select) => select.items);
    if (items.length === 0) return null;
    const span = chance.pick(items);
    const named = is(bits[span.to - 2], 'as') ? span.to - 2 : null;
    if (named === null) return null;
    return placed(bits, { from: span.from, to: named }, `( ${textOf(bits, { from: span.from, to: named })} )`);
  },
  'a CTE that nobody reads': (bits) =>
    is(bits[0], 'with') || !is(bits[0], 'select') ? null : `with unread as ( select 1 as one ) ${sqlOf(bits)}`,
  'a place by its number': (bits) => {
    const at = bits.findIndex(
      (bit, index) => is(bit, 'by') && is(bits[index - 1], 'group') && bits[index + 1]?.text === '1',
    );
    const items = selectsIn(bits).filter((select) => select.depth === bits[at]?.depth && select.at < at);
    const [first] = items.at(-1)?.items ?? [];
    if (at === -1 || first === undefined) return null;
    const to = is(bits[first.to - 2], 'as') ? first.to - 2 : first.to;
    return placed(bits, { from: at + 1, to: at + 2 }, textOf(bits, { from: first.from, to }));
  },
  'a CTE in its place': (bits) => {
    const [first, ...others] = ctesIn(bits);
    const isOnly = first !== undefined && others.length === 0 && !is(bits[1], 'recursive');
    if (!isOnly || bits.filter((bit) => bit.text === first.name && bit.kind === 'word').length !== 2) return null;
    const open = bits.findIndex((bit, at) => at > first.from && bit.text === '(');
    const used = bits.findIndex((bit, at) => at > first.to && bit.text === first.name);
    if (open === -1 || !is(bits[used - 1], 'from', 'join')) return null;
    const named =
      bits[used + 1]?.kind === 'word' && !keywords.has(bits[used + 1]?.text ?? '') ? '' : ` as ${first.name}`;
    return `${sqlOf(bits.slice(first.to, used))} ${textOf(bits, { from: open, to: first.to })}${named} ${sqlOf(bits.slice(used + 1))}`;
  },
  'a cast by its other name': (bits) => {
    const at = bits.findIndex(
      (bit, index) => bit.text === '::' && bits[index - 1]?.kind === 'word' && bits[index + 1]?.kind === 'word',
    );
    if (at === -1 || bits[at - 2]?.text === '.') return null;
    return placed(bits, { from: at - 1, to: at + 2 }, `cast ( ${bits[at - 1]?.text} as ${bits[at + 1]?.text} )`);
  },
};

/** One to three harmless changes on top of each other. */
export function harmlesslyChanged(sql: string, chance: Chance): { name: string; sql: string } | null {
  const done: string[] = [];
  let text = sql;
  for (const [name, change] of chance.shuffled(Object.entries(harmlessChanges)).slice(0, 4)) {
    const changed = change(bitsOf(text), chance);
    if (changed === null || changed === sqlOf(bitsOf(text))) continue;
    text = name === 'layout' ? changed : changed.replaceAll(/ +/g, ' ').trim();
    done.push(name);
    if (name === 'layout' || done.length === 3) break;
  }
  return done.length === 0 ? null : { name: done.join(', '), sql: text };
}
