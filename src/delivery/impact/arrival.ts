import type { Edge } from '../../model/asset.ts';
import { type ColumnChange, type Effect, effects } from '../../model/change.ts';
import type { AssetColumns } from '../../model/columns.ts';
import { type AssetKey, kindOf } from '../../model/identifiers.ts';

/**
 * What goes out from an asset that is not as it was. `rows`: its output, limited to `columns` unless null;
 * `time`: when and whether it runs. `none` where nothing goes out.
 */
export type Outgoing = { rows: Effect; columns: ColumnChange[] | null; time: Effect };

/** What comes in at the other end of an edge, and what then goes out from there. */
export type Arrival = { effect: Effect; because: string; out: Outgoing };

/** One edge as a change travels it, `to` being where it arrives. */
export type Way = { from: AssetKey; to: AssetKey; kind: Edge['kind']; against: boolean };

const nothing: Outgoing = { rows: 'none', columns: [], time: 'none' };

/** What `sent` does at the end of a way. `reads` is what is known of the columns that the asset there reads, null where nothing is. */
export function arrivalOf(way: Way, sent: Outgoing, reads: AssetColumns | null): Arrival {
  const from = `\`${way.from}\``;
  switch (way.kind) {
    case 'feeds':
      return sent.rows === 'none' ? unmoved(from) : throughData(way.from, sent, reads);
    case 'runs':
      return {
        effect: sent.rows,
        because: `It runs ${from}, which is not as it was; what it does itself stays.`,
        out: { rows: sent.rows, columns: null, time: atMost(sent.rows, 'compatible') },
      };
    case 'describes':
      return way.against
        ? { effect: sent.rows, because: `It describes ${from}, which is not as it was.`, out: nothing }
        : { effect: sent.rows, because: `It is described by ${from}.`, out: dataOut(sent.rows, sent.columns) };
    case 'triggers':
      return kindOf(way.from) === kindOf(way.to)
        ? inTime(sent.time, `It is started by ${from}.`)
        : { effect: sent.rows, because: `It is started by ${from} and may read it.`, out: dataOut(sent.rows, null) };
    case 'waits':
      return inTime(sent.time, `It waits for ${from}.`);
    case 'makes':
      return sent.rows === 'none'
        ? unmoved(from)
        : { effect: sent.rows, because: `${from} makes it.`, out: dataOut(sent.rows, null) };
    case 'configures':
      return unmoved(from);
  }
}

function unmoved(from: string): Arrival {
  return { effect: 'none', because: `What comes to it from ${from} stays as it was.`, out: nothing };
}

/** Later or earlier data are the same data. */
function inTime(effect: Effect, because: string): Arrival {
  return { effect, because, out: { rows: atMost(effect, 'compatible'), columns: null, time: effect } };
}

function dataOut(effect: Effect, columns: ColumnChange[] | null): Outgoing {
  return { rows: effect, columns, time: atMost(effect, 'compatible') };
}

function throughData(from: AssetKey, sent: Outgoing, reads: AssetColumns | null): Arrival {
  const { rows: effect, columns } = sent;
  if (columns === null) return { effect, because: `It is fed by \`${from}\`.`, out: dataOut(effect, null) };
  const added = columns.filter((column) => column.change === 'added');
  const onlyAdded = added.length === columns.length;
  if (columns.length === 0) return unmoved(`\`${from}\``);
  if (reads?.passes === true)
    return { effect, because: `It holds ${named(columns)} of \`${from}\`.`, out: dataOut(effect, columns) };
  if (reads === null || reads.uses === null) {
    const arriving = onlyAdded ? atMost(effect, 'compatible') : effect;
    const because = onlyAdded
      ? `Whether it passes on new columns of \`${from}\` is not known.`
      : `Which columns of \`${from}\` it reads is not known.`;
    return { effect: arriving, because, out: dataOut(arriving, null) };
  }
  return throughColumns(from, { effect, columns, added }, { ...reads, uses: reads.uses });
}

type ColumnsSent = { effect: Effect; columns: ColumnChange[]; added: ColumnChange[] };
type KnownReads = AssetColumns & { uses: NonNullable<AssetColumns['uses']> };

/**
 * A column that is removed or changed and used: the consumer may fail or make anything else of it, so all of its output is in doubt.
 * A new column passes where everything is selected; it can also make a name that was clear ambiguous.
 */
function throughColumns(from: AssetKey, sent: ColumnsSent, reads: KnownReads): Arrival {
  const { effect, columns, added } = sent;
  const used = new Set(reads.uses.filter((use) => use.key === from).map((use) => use.column.toLowerCase()));
  const isStar = reads.stars.includes(from);
  const hit = columns.filter((column) => column.change !== 'added' && (isStar || used.has(column.name.toLowerCase())));
  if (hit.length > 0) return { effect, because: `It reads ${named(hit)} of \`${from}\`.`, out: dataOut(effect, null) };
  const elsewhere = new Set(reads.uses.filter((use) => use.key !== from).map((use) => use.column.toLowerCase()));
  const clashing = added.filter((column) => elsewhere.has(column.name.toLowerCase()));
  if (clashing.length > 0)
    return {
      effect: 'unknown',
      because: `It uses the name ${named(clashing)} already, which \`${from}\` has now as well.`,
      out: dataOut('unknown', null),
    };
  if (added.length === 0 || !isStar)
    return { effect: 'none', because: `It does not read ${named(columns)} of \`${from}\`.`, out: nothing };
  const alone = reads.stars.length === 1 && elsewhere.size === 0;
  const passing: Effect = alone ? atMost(effect, 'compatible') : 'unknown';
  return {
    effect: passing,
    because: alone
      ? `It passes on every column of \`${from}\`, ${named(added)} as well.`
      : `It selects everything of \`${from}\` beside other tables, which ${named(added)} may not fit.`,
    out: dataOut(passing, alone ? added : null),
  };
}

function named(columns: readonly ColumnChange[]): string {
  const names = columns.map((column) => `\`${column.name}\``);
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

export function atMost(effect: Effect, most: Effect): Effect {
  return effects.indexOf(effect) <= effects.indexOf(most) ? effect : most;
}
