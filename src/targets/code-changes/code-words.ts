import type { CodeDifference } from '../../base/python-meaning/compare-reach.ts';
import type { Said } from './said.ts';

/** What differing code does to those who run it. */
export function codeSaid(differences: readonly CodeDifference[]): Said[] {
  return differences.map((one) => ({ effect: effectOf(one), because: wordsFor(one) }));
}

function effectOf({ weight, change }: CodeDifference): Said['effect'] {
  if (weight === 'documents') return 'none';
  if (weight === 'people') return 'compatible';
  return change === 'unread' ? 'unknown' : 'breaking';
}

function wordsFor({ module, label, change, weight, detail, files }: CodeDifference): string {
  const where = module === '' ? '' : ` of \`${module}\``;
  if (weight === 'documents') return 'only what it says of itself differs';
  if (weight === 'people') return detail ?? 'only its owner, or whom it writes to, differs';
  if (change === 'unread')
    return label === 'the module'
      ? `\`${module}\` differs, and it may load it by a name that is made while it runs`
      : `\`${files.head ?? files.base}\` differs and cannot be read as Python`;
  if (change === 'moved')
    return `the code${where} knows its own place, which is \`${files.head}\` instead of \`${files.base}\``;
  if (detail !== null) return `${detail}${placeOf(label, where)}`;
  const verb = { added: 'is new', removed: 'is gone', changed: 'changed' }[change];
  return label === 'the module' ? `the module \`${module}\` ${verb}` : `${label}${where} ${verb}`;
}

/** What stands at the top of the file itself needs no place. */
function placeOf(label: string, where: string): string {
  if (!label.startsWith('what is done')) return ` in ${label}${where}`;
  return where === '' ? '' : ` in what is done when \`${where.slice(5)} is loaded`;
}
