import type { ServiceLevel } from '../../../model/asset.ts';
import { type ColumnChange, effects } from '../../../model/change.ts';
import { code, prose } from '../formats/markdown-text.ts';
import type { ChangeTold, ImpactTold, ReachedTold, Room } from './comment-input.ts';
import { count, folded, leftOut, table } from './words.ts';

const columnsShown = 6;
/** Of changes that are alike, this many are named. */
const keysShown = 3;

/** What changes, worst first, and for whom; what breaks nobody is folded. */
export function effectLines(impact: ImpactTold | null, room: Room): string[] {
  if (impact === null) return [];
  const [hurt, calm] = parted(impact.changed);
  const [allHurt, calmReached] = parted(impact.reached);
  const hurtReached = everyOwnerFirst(allHurt);
  const quiet = impact.changed.length - hurt.length - calm.length;
  return [
    ...(hurt.length + hurtReached.length === 0 ? [] : ['#### What changes for whom', '']),
    ...changeTable(hurt, room, room.top),
    ...(hurtReached.length === 0 ? [] : ['']),
    ...reachedTable(hurtReached.slice(0, room.top), room),
    '',
    ...folded(`Also reached: ${count(Math.max(0, hurtReached.length - room.top), 'asset')}`, [
      ...reachedTable(hurtReached.slice(room.top, room.top + room.folded), room),
      ...leftOut(hurtReached.length, room.top + room.folded, 'asset'),
    ]),
    ...folded(calmTitle(calm.length, calmReached.length), [
      ...changeTable(calm, room, room.folded),
      ...(calm.length > 0 && calmReached.length > 0 ? [''] : []),
      ...reachedTable(calmReached.slice(0, room.folded), room),
      ...leftOut(calmReached.length, room.folded, 'reader'),
    ]),
    ...(quiet === 0 || hurt.length + calm.length === 0
      ? []
      : [`${count(quiet, 'more asset')} changed in text only.`, '']),
  ];
}

function calmTitle(changed: number, reached: number): string {
  const changes = changed === 0 ? [] : [count(changed, 'compatible change')];
  const readers = reached === 0 ? [] : [`${count(reached, 'asset')} downstream ${reached === 1 ? 'goes' : 'go'} on`];
  return [...changes, ...readers].join('; ');
}

/** What somebody promised, then one asset of every owner, so that each sees what it means for them, then the rest; tests last. */
function everyOwnerFirst(reached: readonly ReachedTold[]): ReachedTold[] {
  const [tests, read] = [reached.filter(isTest), reached.filter((one) => !isTest(one))];
  const seen = new Set<string | null>();
  const late = new Set<ReachedTold>();
  for (const one of read) {
    if (seen.has(one.owner) && one.serviceLevel === null) late.add(one);
    seen.add(one.owner);
  }
  return [...read.filter((one) => !late.has(one)), ...late, ...tests];
}

/** Nobody reads a test; it stands behind the models that it looks at. */
function isTest({ key }: ReachedTold): boolean {
  return key.startsWith('dbt:test/');
}

/** Those that may hurt, worst first, and those that are compatible. */
function parted<Told extends ChangeTold | ReachedTold>(told: readonly Told[]): [Told[], Told[]] {
  const sorted = [...told].sort(compareTold);
  const hurts = ({ effect }: Told) => effect === 'breaking' || effect === 'unknown';
  return [sorted.filter(hurts), sorted.filter(({ effect }) => effect === 'compatible')];
}

/** Worst first; those that somebody promised before the rest, then what people look at; then by key, so that equal input gives equal text. */
function compareTold(a: ChangeTold | ReachedTold, b: ChangeTold | ReachedTold): number {
  return (
    effects.indexOf(b.effect) - effects.indexOf(a.effect) ||
    promised(b) - promised(a) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

function promised(told: ChangeTold | ReachedTold): number {
  if (!('serviceLevel' in told)) return 0;
  const isSeen = told.key.startsWith('dbt:exposure/');
  return Number(told.serviceLevel !== null) * 4 + Number(isSeen) * 2 + Number(told.owner !== null);
}

/** Changes that are alike in all but their key make one row. */
function changeTable(changes: readonly ChangeTold[], room: Room, most: number): string[] {
  const alike = [...Map.groupBy(changes, ({ key: _, ...rest }) => JSON.stringify(rest)).values()];
  const rows = alike.slice(0, most).flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { effect, because, columns } = first;
    return [[effectWord(effect), keysOf(same, room), `${prose(because, room.text)}${columnWords(columns)}`]];
  });
  const shown = alike.slice(0, most).reduce((sum, same) => sum + same.length, 0);
  return [...table(['', 'Changed', 'Why'], rows), ...leftOut(changes.length, shown, 'changed asset')];
}

function keysOf(same: readonly ChangeTold[], room: Room): string {
  const shown = same.slice(0, keysShown).map(({ key }) => code(key, room.text));
  return `${shown.join('<br>')}${same.length > keysShown ? `<br>and ${same.length - keysShown} more` : ''}`;
}

function reachedTable(reached: readonly ReachedTold[], room: Room): string[] {
  const rows = reached.map((one) => [
    effectWord(one.effect),
    code(one.key, room.text),
    [one.owner === null ? '*nobody named*' : prose(one.owner, 80), ...levelWords(one.serviceLevel)].join('<br>'),
    [...(one.because === null ? [] : [prose(one.because, room.text)]), ...pathWords(one)].join('<br>'),
  ]);
  return table(['', 'Reached', 'Whose', 'Why'], rows);
}

function effectWord(effect: ChangeTold['effect']): string {
  return effect === 'breaking' ? '**breaks**' : effect === 'unknown' ? '**unclear**' : effect;
}

function columnWords(columns: ColumnChange[] | null): string {
  if (columns === null || columns.length === 0) return '';
  const shown = columns.slice(0, columnsShown).map(({ name, change }) => `${code(name, 60)} ${change}`);
  const more = columns.length > columnsShown ? [`${columns.length - columnsShown} more`] : [];
  return ` Columns: ${[...shown, ...more].join(', ')}.`;
}

function levelWords(level: ServiceLevel | null): string[] {
  if (level === null) return [];
  const { by, within, every } = level;
  const words = [by && `by ${by}`, within && `within ${within}`, every && `every ${every}`];
  return words.flatMap((word) => (word ? [prose(word, 60)] : []));
}

/** From the changed asset up to, but without, the reached one; a long way is shortened in its middle, one told already left out. */
function pathWords({ via, because }: ReachedTold): string[] {
  const way = via.slice(0, -1);
  const [first, last] = [way[0], way.at(-1)];
  if (first === undefined || last === undefined || (way.length === 1 && because?.includes(first))) return [];
  const shown = way.length <= 2 ? way : [first, '', last];
  return [`<sub>from ${shown.map((key) => (key === '' ? `… ${way.length - 2} …` : code(key, 80))).join(' → ')}</sub>`];
}
