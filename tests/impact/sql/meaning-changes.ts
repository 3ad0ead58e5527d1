import type { Chance } from './chance.ts';
import { otherWords } from './other-words.ts';
import {
  type Bit,
  bitsOf,
  conjunctionsIn,
  ctesIn,
  is,
  placed,
  type SelectSpan,
  selectsIn,
  split,
  sqlOf,
  swapped,
  textOf,
} from './sql-text.ts';

/** Changes a text so that it may mean something else; null where there is nothing of that kind. */
type Change = (bits: Bit[], chance: Chance) => string | null;

function replaced(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) =>
    otherWords[bit.text.toLowerCase()] !== undefined && bit.kind !== 'quoted' ? [at] : [],
  );
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const into = chance.pick(otherWords[bits[at]?.text.toLowerCase() ?? ''] ?? ['']);
  // A call that gets a word inside its bracket already has that bracket.
  if (into.endsWith('(distinct')) return placed(bits, { from: at, to: at + 2 }, into.replace('(', ' ( '));
  return placed(bits, { from: at, to: at + 1 }, into);
}

function number(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) => (bit.kind === 'number' ? [at] : []));
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const was = bits[at]?.text ?? '';
  const into = [
    `${Number(was) + 1}`,
    `${Number(was) - 1}`,
    `${was}.0`,
    `${was}e0`,
    `'${was}'`,
    'null',
    `- ${was}`,
    '( - 1 )',
    `( ${was} )`,
    `+ ${was}`,
    `0${was}`,
  ];
  return placed(bits, { from: at, to: at + 1 }, chance.pick(into));
}

function string(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) => (bit.kind === 'string' ? [at] : []));
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const was = bits[at]?.text ?? '';
  const inside = was.slice(1, -1);
  const into = [
    was.toUpperCase(),
    was.toLowerCase(),
    `'${inside} '`,
    `' ${inside}'`,
    `'${inside}%'`,
    `E${was}`,
    "''",
    `'${inside.normalize('NFD')}'`,
    `'${inside}''s'`,
    `'${inside}' '${inside}'`,
    `'${inside}'\n'${inside}'`,
    `"${inside}"`,
    `'--${inside}'`,
  ];
  return placed(bits, { from: at, to: at + 1 }, chance.pick(into));
}

function quoted(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) =>
    bit.kind === 'quoted' || (bit.kind === 'word' && bit.text.includes('_')) ? [at] : [],
  );
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const was = bits[at]?.text ?? '';
  const bare = was.replaceAll('"', '');
  return placed(
    bits,
    { from: at, to: at + 1 },
    chance.pick([bare, `"${bare}"`, `"${bare.toUpperCase()}"`, `'${bare}'`, `( ${bare} )`, `"${bare} "`]),
  );
}

/** One name in place of another that the text has. */
function otherName(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) =>
    bit.kind === 'word' && (bit.text.includes('_') || bits[at - 1]?.text === '.') ? [at] : [],
  );
  if (ats.length < 2) return null;
  const [at, from] = [chance.pick(ats), chance.pick(ats)];
  return placed(bits, { from: at, to: at + 1 }, bits[from]?.text ?? '');
}

/** One relation's name before a dot in place of another's, or none at all. */
function otherQualifier(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) => (bits[at + 1]?.text === '.' && bit.kind === 'word' ? [at] : []));
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const into = bits[chance.pick(ats)]?.text ?? '';
  return chance.is(0.3) ? placed(bits, { from: at, to: at + 2 }, '') : placed(bits, { from: at, to: at + 1 }, into);
}

function ofSelect(change: (bits: Bit[], select: SelectSpan, chance: Chance) => string | null): Change {
  return (bits, chance) => {
    const selects = selectsIn(bits);
    return selects.length === 0 ? null : change(bits, chance.pick(selects), chance);
  };
}

const dropped = ofSelect((bits, { items }, chance) => {
  if (items.length < 2) return null;
  const at = Math.floor(chance.number() * items.length);
  return items.length < 2
    ? null
    : around(
        bits,
        items,
        items.filter((_, index) => index !== at).map((span) => textOf(bits, span)),
      );
});

/** The outputs of a select with others in their place. */
function around(bits: Bit[], items: SelectSpan['items'], texts: readonly string[]): string {
  const span = { from: items[0]?.from ?? 0, to: items.at(-1)?.to ?? 0 };
  return placed(bits, span, texts.join(' , '));
}

const reordered = ofSelect((bits, { items }, chance) => {
  if (items.length < 2) return null;
  return around(
    bits,
    items,
    chance.shuffled(items).map((span) => textOf(bits, span)),
  );
});

const named = ofSelect((bits, { items }, chance) => {
  const span = chance.pick(items);
  const words = bits.filter(({ kind, text }) => kind === 'word' && text.includes('_')).map(({ text }) => text);
  const name = chance.pick([...words, 'fresh']);
  const at = is(bits[span.to - 2], 'as') ? span.to - 2 : span.to;
  return placed(bits, { from: at, to: span.to }, `as ${name}`);
});

const wrapped = ofSelect((bits, { items }, chance) => {
  const span = chance.pick(items);
  const to = is(bits[span.to - 2], 'as') ? span.to - 2 : span.to;
  const text = textOf(bits, { from: span.from, to });
  if (text.includes('*')) return null;
  const into = chance.pick([
    `( ${text} )`,
    `cast ( ${text} as varchar )`,
    `coalesce ( ${text} , null )`,
    `( ${text} ) :: varchar`,
    `nullif ( ${text} , null )`,
    `- ( ${text} )`,
    `min ( ${text} )`,
    `any_value ( ${text} )`,
    `( select ${text} )`,
    `case when true then ${text} end`,
  ]);
  return placed(bits, { from: span.from, to }, into);
});

const made = [
  '1',
  "'new'",
  'null',
  'count ( * )',
  'current_date',
  'random ( )',
  'unnest ( [ 1 , 2 ] )',
  'row_number ( ) over ( )',
  '( select max ( n_regionkey ) from nation )',
  '$',
  'upper ( cast ( $ as varchar ) )',
  'max ( $ )',
  'lag ( $ ) over ( order by $ )',
  'coalesce ( $ , null )',
  '$ is null',
  'count ( distinct $ )',
  'sum ( 1 ) over ( partition by $ )',
  '( $ , 1 )',
  '[ $ ]',
  'first ( $ )',
  'grouping ( $ )',
  'case when $ is null then 1 end',
  'exists ( select 1 from nation where n_regionkey is null )',
  'cast ( $ as varchar )',
];

/** A new output, under a name of its own or one that stands elsewhere in the text. */
const added = ofSelect((bits, { items }, chance) => {
  const columns = bits.flatMap((bit, at) => {
    if (bit.kind !== 'word' || !(bit.text.includes('_') || bits[at - 1]?.text === '.')) return [];
    return bits[at - 1]?.text === '.' ? [`${bits[at - 2]?.text} . ${bit.text}`, bit.text] : [bit.text];
  });
  const expression = chance.pick(made).replaceAll('$', () => (columns.length > 0 ? chance.pick(columns) : '1'));
  const names = ['fresh', 'extra', 'year', ...columns.map((column) => column.replace(/^.* /, ''))];
  const name = chance.is(0.5) ? 'fresh' : chance.pick(names);
  const text = `${expression}${chance.is(0.8) ? ' as' : ''} ${name}`;
  return around(
    bits,
    items,
    items.map((span) => textOf(bits, span)).toSpliced(Math.floor(chance.number() * (items.length + 1)), 0, text),
  );
});

const star = ofSelect((bits, { items }, chance) =>
  around(bits, items, chance.pick([['*'], ['*', 'null as fresh'], [...items.map((span) => textOf(bits, span)), '*']])),
);

const distinct = ofSelect((bits, { at }) =>
  placed(bits, { from: at + 1, to: at + 1 }, is(bits[at + 1], 'distinct') ? 'all' : 'distinct'),
);

const clauses = [
  'where',
  'having',
  'qualify',
  'on',
  'limit',
  'offset',
  'filter',
  'escape',
  'exclude',
  'replace',
  'collate',
];

/** A whole clause is gone. */
function withoutClause(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) =>
    is(bit, ...clauses) || (is(bit, 'order', 'partition', 'group') && is(bits[at + 1], 'by')) ? [at] : [],
  );
  if (ats.length === 0) return null;
  const from = chance.pick(ats);
  const depth = bits[from]?.depth ?? 0;
  const stops = [
    ...clauses,
    'order',
    'group',
    'rows',
    'range',
    'groups',
    'left',
    'join',
    'full',
    'window',
    'union',
    'from',
    'as',
    'nulls',
  ];
  let to = from + 2;
  while (
    to < bits.length &&
    (bits[to]?.depth ?? 0) >= depth &&
    !((bits[to]?.depth ?? 0) === depth && (is(bits[to], ...stops) || bits[to]?.text === ','))
  )
    to += 1;
  return placed(bits, { from, to }, '');
}

function withoutOperand(bits: Bit[], chance: Chance): string | null {
  const all = conjunctionsIn(bits);
  if (all.length === 0) return null;
  const [first, second] = chance.pick(all);
  return first === undefined || second === undefined ? null : placed(bits, { from: first.from, to: second.from }, '');
}

/** Two neighbours of a list in each other's place: keys, arguments, values, relations. */
function neighbours(bits: Bit[], chance: Chance): string | null {
  const commas = bits.flatMap((bit, at) => (bit.text === ',' ? [at] : []));
  if (commas.length === 0) return null;
  const at = chance.pick(commas);
  const depth = bits[at]?.depth ?? 0;
  let from = at;
  while (
    from > 0 &&
    (bits[from - 1]?.depth ?? 0) >= depth &&
    !is(bits[from - 1], 'by', 'select', 'from', 'distinct', 'with')
  )
    from -= 1;
  const lists = split(bits, { from, to: Math.min(bits.length, at + 12) }, ',');
  const first = lists.find((span) => span.to === at);
  const second = lists.find((span) => span.from === at + 1);
  return first === undefined || second === undefined || first.from >= first.to ? null : swapped(bits, first, second);
}

const tables = ['orders', 'customer', 'item', 'store_sales', 'web_sales', 'readings'];

function otherTable(bits: Bit[], chance: Chance): string | null {
  const ats = bits.flatMap((bit, at) => (is(bit, 'from', 'join') && bits[at + 1]?.kind === 'word' ? [at + 1] : []));
  if (ats.length === 0) return null;
  const at = chance.pick(ats);
  const was = bits[at]?.text ?? '';
  return placed(
    bits,
    { from: at, to: at + 1 },
    chance.pick([
      `( select * from ${was} limit 3 ) as ${was}`,
      `main . ${was}`,
      `"${was}"`,
      `( select * from ${was} )`,
      `${was} as ${chance.pick(tables)}`,
      `${was} tablesample 50 %`,
      chance.pick(tables),
    ]),
  );
}

/** The name of a CTE becomes that of a table, here or where it is read. */
function shadowed(bits: Bit[], chance: Chance): string | null {
  const ctes = ctesIn(bits);
  const table = bits.find(
    (bit, at) => is(bits[at - 1], 'from', 'join') && bit.kind === 'word' && !ctes.some(({ name }) => name === bit.text),
  );
  if (ctes.length === 0 || table === undefined) return null;
  const { name, from } = chance.pick(ctes);
  const everywhere = bits.map((bit) => ({ text: bit.kind === 'word' && bit.text === name ? table.text : bit.text }));
  return chance.is(0.5) ? sqlOf(everywhere) : placed(bits, { from, to: from + 1 }, table.text);
}

function cteOrder(bits: Bit[], chance: Chance): string | null {
  const ctes = ctesIn(bits);
  const at = Math.floor(chance.number() * (ctes.length - 1));
  const [first, second] = [ctes[at], ctes[at + 1]];
  return first === undefined || second === undefined ? null : swapped(bits, first, second);
}

function brackets(bits: Bit[], chance: Chance): string | null {
  const opens = bits.flatMap((bit, at) => (bit.text === '(' ? [at] : []));
  if (opens.length === 0 || chance.is(0.5)) {
    const from = Math.floor(chance.number() * bits.length);
    const to = Math.min(bits.length, from + 1 + Math.floor(chance.number() * 5));
    return placed(bits, { from, to }, `( ${textOf(bits, { from, to })} )`);
  }
  const from = chance.pick(opens);
  const to = bits.findIndex((bit, at) => at > from && bit.text === ')' && bit.depth === bits[from]?.depth);
  return to === -1 ? null : placed(bits, { from, to: to + 1 }, textOf(bits, { from: from + 1, to }));
}

function doubled(bits: Bit[], chance: Chance): string | null {
  const text = sqlOf(bits);
  return chance.pick([
    `${text} limit 4`,
    `( ${text} ) union all ( ${text} )`,
    `select * from ( ${text} ) as whole`,
    `${text} order by 1`,
    `with orders as ( select 1 as one ) ${text}`,
    `select distinct * from ( ${text} ) as whole`,
    `${text} /*+ hint */`,
  ]);
}

const meaningChanges: { [name: string]: Change } = {
  'another word': replaced,
  'one more other word': replaced,
  'another word again': replaced,
  number,
  string,
  quoted,
  'another name': otherName,
  'another qualifier': otherQualifier,
  'an output less': dropped,
  'outputs in another order': reordered,
  'an output under another name': named,
  'an output wrapped': wrapped,
  'an output more': added,
  'one output more': added,
  'a new output': added,
  star,
  distinct,
  'a clause less': withoutClause,
  'an operand less': withoutOperand,
  'neighbours of a list': neighbours,
  'another table': otherTable,
  'a shadowed name': shadowed,
  'CTEs in another order': cteOrder,
  brackets,
  'around all of it': doubled,
};

/** The text with a change that may mean something; null where the one picked does not apply. */
export function meaningChanged(sql: string, chance: Chance): { name: string; sql: string } | null {
  const [name, change] = chance.pick(Object.entries(meaningChanges));
  const bits = bitsOf(sql);
  const changed = change(bits, chance);
  return changed === null || changed === sqlOf(bits) ? null : { name, sql: changed.replaceAll(/ +/g, ' ').trim() };
}
