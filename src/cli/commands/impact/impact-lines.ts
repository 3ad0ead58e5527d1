import pc from 'picocolors';
import type { Impact, ReachedAsset } from '../../../delivery/impact/impact.ts';
import type { ServiceLevel } from '../../../model/asset.ts';
import { type AssetChange, type Effect, effects } from '../../../model/change.ts';
import type { Finding } from '../../../model/finding.ts';
import type { AssetKey } from '../../../model/identifiers.ts';
import type { ImpactReport } from '../../../workflows/impact/tell-impact.ts';

const MOST_CHANGES = 12;
const MOST_REACHED = 6;
const MOST_LOOSE = 3;

type Shown = { all: boolean };

/** What a change does, worst first: each changed asset, under it for whom, then a line for all that nothing happens to. */
export function impactLines({ comparison, impact }: ImpactReport, shown: Shown): string[] {
  const told = effects.toReversed().filter((effect) => effect !== 'none' || shown.all);
  return [
    pc.dim(comparison.how),
    '',
    ...told.flatMap((effect) => effectLines(impact, effect, shown)),
    ...quietLines(impact, shown),
    ...findingLines(impact.findings, shown),
    summary(impact),
  ];
}

function effectLines({ changed, reached }: Impact, effect: Effect, shown: Shown): string[] {
  const own = changed.filter((change) => change.effect === effect);
  const listed = shown.all ? own : own.slice(0, MOST_CHANGES);
  const left = own.slice(listed.length);
  return [
    ...listed.flatMap((change) => [
      `${mark(effect)} ${pc.bold(change.key)}  ${change.because}`,
      ...reachedLines(change, reached, shown),
    ]),
    ...(left.length === 0 ? [] : [pc.dim(`  and ${left.length} more that are ${effect}; --all names them`)]),
    ...(own.length === 0 ? [] : ['']),
  ];
}

function reachedLines(change: AssetChange, all: readonly ReachedAsset[], shown: Shown): string[] {
  const own = all.filter(({ via, effect }) => via[0] === change.key && (effect !== 'none' || shown.all)).sort(byWeight);
  const listed = shown.all ? own : own.slice(0, MOST_REACHED);
  const left = own.slice(listed.length);
  return [
    ...listed.map((one) => `    ${mark(one.effect)} ${one.key}${people(one)}${throughOthers(one.via)}`),
    ...(left.length === 0 ? [] : [pc.dim(`      and ${left.length} more (${counts(left)})`)]),
  ];
}

/** Worst first, then what somebody promised something about, then what is near. */
function byWeight(a: ReachedAsset, b: ReachedAsset): number {
  return (
    effects.indexOf(b.effect) - effects.indexOf(a.effect) ||
    Number(b.serviceLevel !== null) - Number(a.serviceLevel !== null) ||
    a.via.length - b.via.length ||
    (a.key < b.key ? -1 : 1)
  );
}

function people({ owner, serviceLevel }: ReachedAsset): string {
  const said = [owner, promise(serviceLevel)].filter((one) => one !== null);
  return said.length === 0 ? '' : `  ${pc.cyan(said.join(', '))}`;
}

function promise(level: ServiceLevel | null): string | null {
  if (level === null) return null;
  const { every, within, by } = level;
  const said = [every && `every ${every}`, within && `within ${within}`, by && `by ${by}`].filter(Boolean);
  return said.length === 0 ? null : said.join(' ');
}

function throughOthers(via: readonly AssetKey[]): string {
  const between = via.slice(1, -1);
  return between.length === 0 ? '' : pc.dim(`  through ${between.join(', ')}`);
}

function quietLines({ changed, reached }: Impact, { all }: Shown): string[] {
  const still = changed.filter(({ effect }) => effect === 'none').length;
  const below = reached.filter(({ effect }) => effect === 'none').length;
  if (all || still + below === 0) return [];
  const said = [
    ...(still === 0
      ? []
      : [
          `${still} whose text differs and that ${still === 1 ? 'does' : 'do'} what ${still === 1 ? 'it' : 'they'} did`,
        ]),
    ...(below === 0 ? [] : [`${below} downstream whose input stays the same`]),
  ];
  return [pc.dim(`none: ${said.join('; ')}`), ''];
}

function findingLines(findings: readonly Finding[], { all }: Shown): string[] {
  const loose = findings.filter(({ check }) => check === 'impact-loose-file');
  const others = findings.filter(({ check }) => check !== 'impact-loose-file');
  const shown = all ? loose : loose.slice(0, MOST_LOOSE);
  const paths = shown.map(({ path }) => path).join(', ');
  return [
    ...others.map(
      ({ status, path, message }) =>
        `${status === 'errored' ? pc.magenta('?') : pc.dim('-')} ${path === null ? '' : `${path}: `}${message}`,
    ),
    ...(loose.length === 0
      ? []
      : [
          pc.dim(
            `- not part of any asset: ${paths}${loose.length > shown.length ? ` and ${loose.length - shown.length} more files` : ''}`,
          ),
        ]),
    ...(findings.length === 0 ? [] : ['']),
  ];
}

function mark(effect: Effect): string {
  return {
    breaking: pc.red('breaking  '),
    unknown: pc.magenta('unknown   '),
    compatible: pc.green('compatible'),
    none: pc.dim('none      '),
  }[effect];
}

function counts(all: readonly { effect: Effect }[]): string {
  return effects
    .toReversed()
    .map((effect): [Effect, number] => [effect, all.filter((one) => one.effect === effect).length])
    .filter(([, count]) => count > 0)
    .map(([effect, count]) => `${count} ${effect}`)
    .join(', ');
}

function summary({ changed, reached }: Impact): string {
  if (changed.length === 0) return pc.green('No asset changes.');
  return `Changed: ${counts(changed)}. Reached: ${reached.length === 0 ? 'nothing' : counts(reached)}.`;
}
