import { blocks, type Finding } from '../../../model/finding.ts';
import { code, prose } from '../formats/markdown-text.ts';
import { isTold } from '../formats/told.ts';
import type { Room, Source } from './comment-input.ts';
import { count, folded, leftOut } from './words.ts';

/** Of one check at most this many are among the first shown, so that one noisy check does not hide the others. */
const firstOfOneCheck = 3;

/** Of the reasons why a check could not say anything, this many are told. */
const reasonsShown = 3;

type Told = Finding & { checks: string[] };

/** What stops a release, each with its place and how to mend it. */
export function stopLines(findings: readonly Finding[], source: Source, room: Room): string[] {
  const stops = varied(own(alike(findings.filter(isTold)).filter(blocks), source));
  return [
    ...(stops.length === 0 ? [] : ['#### To mend before release', '']),
    ...stops.slice(0, room.top).flatMap((finding, index) => numbered(finding, index + 1, { source, room })),
    ...(stops.length === 0 ? [] : ['']),
    ...folded(`${count(Math.max(0, stops.length - room.top), 'more finding')} to mend`, [
      ...stops
        .slice(room.top, room.top + room.folded)
        .flatMap((finding, index) => numbered(finding, room.top + index + 1, { source, room })),
      ...leftOut(stops.length, room.top + room.folded, 'finding'),
    ]),
  ];
}

/** Warnings on files of the change are folded; on other files, and notes, they are only counted: they were there before. */
export function quietLines(findings: readonly Finding[], source: Source, room: Room): string[] {
  const quiet = alike(findings.filter(isTold)).filter((finding) => !blocks(finding));
  const warnings = quiet.filter(({ severity }) => severity !== 'note');
  const mine = varied(warnings.filter((finding) => isOwn(finding, source)));
  const rest = [
    ...(warnings.length > mine.length
      ? [`${count(warnings.length - mine.length, 'warning')} in files that this change leaves alone`]
      : []),
    ...(quiet.length > warnings.length ? [count(quiet.length - warnings.length, 'note')] : []),
  ];
  const restLine = rest.length === 0 ? [] : [`Not listed: ${rest.join(', ')}.`];
  if (mine.length === 0) return restLine.length === 0 ? [] : [`<sub>${restLine[0]}</sub>`, ''];
  return folded(`${count(mine.length, 'warning')} that ${mine.length === 1 ? 'stops' : 'stop'} nothing`, [
    ...mine.slice(0, room.folded).map((finding) => `- ${sentence(finding, { source, room })}${mend(finding, room)}`),
    ...leftOut(mine.length, room.folded, 'warning'),
    ...(restLine.length === 0 ? [] : ['', ...restLine]),
  ]);
}

/** What did not run and why, one line for checks with the same reasons. */
export function skippedLines(findings: readonly Finding[], room: Room): string[] {
  const skipped = findings.filter(({ status }) => status === 'skipped');
  const reasons = Map.groupBy(skipped, ({ check }) => check);
  const why = [...reasons].map(([check, all]) => ({ check, why: [...new Set(all.map(({ message }) => message))] }));
  const lines = [...Map.groupBy(why, (one) => JSON.stringify(one.why)).values()].map((same) => {
    const said = same[0]?.why ?? [];
    const more = said.length > reasonsShown ? ` And ${count(said.length - reasonsShown, 'more reason')}.` : '';
    const shown = said.slice(0, reasonsShown).map((reason) => prose(reason, room.text));
    return `- ${same.map(({ check }) => code(check, 60)).join(', ')}: ${shown.join(' ')}${more}`;
  });
  return folded(`${count(reasons.size, 'check')} could not say anything here`, [
    ...lines.slice(0, room.folded),
    ...leftOut(lines.length, room.folded, 'line'),
  ]);
}

/** Checks that say the same of the same place are told as one, with all their names. */
function alike(findings: readonly Finding[]): Told[] {
  const same = Map.groupBy(findings, ({ check: _, ...rest }) => JSON.stringify(rest));
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ ...first, checks: [...new Set(all.map(({ check }) => check))] }];
  });
}

/** Findings in files that the change touches come first; their own order stays. */
function own(findings: readonly Told[], source: Source): Told[] {
  const mine = (finding: Told) => isOwn(finding, source);
  return [...findings.filter(mine), ...findings.filter((finding) => !mine(finding))];
}

function isOwn({ path }: Finding, { touched }: Source): boolean {
  return touched === null || path === null || touched.has(path);
}

function varied(findings: readonly Told[]): Told[] {
  const seen = new Map<string, number>();
  const late = new Set<Told>();
  for (const finding of findings) {
    const nth = (seen.get(finding.check) ?? 0) + 1;
    seen.set(finding.check, nth);
    if (nth > firstOfOneCheck) late.add(finding);
  }
  return [...findings.filter((finding) => !late.has(finding)), ...late];
}

type Telling = { source: Source; room: Room };

function numbered(finding: Told, number: number, telling: Telling): string[] {
  const elsewhere = isOwn(finding, telling.source) ? '' : ' *(in a file that this change leaves alone)*';
  const indent = ' '.repeat(`${number}. `.length);
  const hint = finding.hint === null ? [] : [`${indent}- **Mend:** ${prose(finding.hint, telling.room.text)}`];
  return [`${number}. ${sentence(finding, telling)}${elsewhere}`, ...hint];
}

function sentence(finding: Told, { source, room }: Telling): string {
  const unclear = finding.status === 'errored' ? '*could not be told:* ' : '';
  const flaky = finding.status === 'flaky' ? '*flaky:* ' : '';
  return `${placeOf(finding, source)} ${unclear}${flaky}${prose(finding.message, room.text)} <sub>${finding.checks.map((check) => code(check, 60)).join(', ')}</sub>`;
}

function mend({ hint }: Finding, room: Room): string {
  return hint === null ? '' : ` **Mend:** ${prose(hint, room.text)}`;
}

/** The file and line, linked to the commit where that is known; else the asset, else the project. */
function placeOf({ path, line, asset }: Finding, { blob, root }: Source): string {
  if (path === null) return asset === null ? '**The project:**' : `${code(asset, 120)}:`;
  const shown = code(`${path}${line === null ? '' : `:${line}`}`, 160);
  if (blob === null) return `${shown}:`;
  const anchor = line === null ? '' : `#L${line}`;
  return `[${shown}](${blob}${`${root}${path}`.split('/').map(segment).join('/')}${anchor}):`;
}

function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*~_]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
