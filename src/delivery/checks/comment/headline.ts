import type { Effect } from '../../../model/change.ts';
import { blocks } from '../../../model/finding.ts';
import { code } from '../formats/markdown-text.ts';
import type { ChangeTold, CommentInput, ImpactTold } from './comment-input.ts';
import { capital, count } from './words.ts';

/** `stop`: a release is stopped. `care`: somebody may be hurt. `calm`: neither. */
export type Verdict = { tone: 'stop' | 'care' | 'calm'; sentence: string };

/** What the whole comes to, in one sentence: whom it hurts, then what must be done. */
export function headline({ impact, check }: Pick<CommentInput, 'impact' | 'check'>): Verdict {
  const findings = [...(check?.findings ?? []), ...(impact?.findings ?? [])].filter(blocks);
  const failed = findings.filter(({ status }) => status === 'failed').length;
  const harm = impact === null ? [] : harmWords(impact);
  const parts = [...harm, ...(harm.length === 0 ? calmWords(impact) : []), ...mendWords(failed, findings.length)];
  if (findings.length === 0 && check !== null)
    parts.push(harm.length > 0 ? 'no check stops it' : 'nothing stops a release');
  if (parts.length === 0) parts.push('nothing was looked at');
  const tone = findings.length > 0 ? 'stop' : harm.length > 0 ? 'care' : 'calm';
  return { tone, sentence: `${capital(parts.join('; '))}.` };
}

/** The changed assets with this effect. */
function withEffect({ changed }: ImpactTold, effect: Effect): ChangeTold[] {
  return changed.filter((change) => change.effect === effect);
}

function harmWords(impact: ImpactTold): string[] {
  const [broken, unclear] = [withEffect(impact, 'breaking'), withEffect(impact, 'unknown')];
  const which = (changes: readonly ChangeTold[]) => (changes.length === 1 ? ', which' : ' that');
  const end = unclear.length === 1 ? ',' : '';
  const whose = broken.length > 0 ? '' : `${which(unclear)} ${dependents(impact, unclear)} on${end}`;
  const partly = impact.findings.some(({ status }) => status === 'errored');
  return [
    ...(partly ? ['what it does could not be told in full'] : []),
    ...(broken.length === 0 ? [] : [`breaks ${named(broken)}${which(broken)} ${dependents(impact, broken)} on`]),
    ...(unclear.length === 0 ? [] : [`what it does to ${named(unclear)}${whose} could not be told`]),
  ];
}

function named(changes: readonly ChangeTold[]): string {
  const [only] = changes;
  return changes.length === 1 && only !== undefined ? code(only.key, 80) : count(changes.length, 'asset');
}

/** Who stands behind what these changes reach and may hurt: teams where owners are known, else assets. */
function dependents({ reached }: ImpactTold, changes: readonly ChangeTold[]): string {
  const keys = new Set(changes.map(({ key }) => key));
  const worst = changes[0]?.effect;
  const hit = reached.filter(({ effect, via }) => effect === worst || (effect === 'unknown' && keys.has(via[0] ?? '')));
  const owners = new Set(hit.flatMap(({ owner }) => owner ?? []));
  if (hit.length === 0) return 'nothing else here depends';
  const number = owners.size > 0 ? owners.size : hit.length;
  return `${count(number, owners.size > 0 ? 'team' : 'asset')} ${number === 1 ? 'depends' : 'depend'}`;
}

function calmWords(impact: ImpactTold | null): string[] {
  if (impact === null) return [];
  const { length } = withEffect(impact, 'compatible');
  return length === 0
    ? ['changes nothing that any asset does']
    : [`changes ${count(length, 'asset')} in ways that break nobody`];
}

function mendWords(failed: number, all: number): string[] {
  const unclear = all - failed;
  return [
    ...(failed === 0 ? [] : [`${count(failed, 'finding')} must be mended before release`]),
    ...(unclear === 0 ? [] : [`${count(unclear, 'check result')} could not be told`]),
  ];
}
