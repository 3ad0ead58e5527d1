import { canonicalJson } from '../../../model/json.ts';
import { type Remark, remark } from '../../../model/sum-up.ts';
import { byName, listOf, type Said, textOf } from './said.ts';

const prose = [
  ...['description', 'tags', 'businessName', 'title', 'examples', 'authoritativeDefinitions', 'name'],
  ...['dataGranularityDescription', 'transformDescription', 'customProperties', 'criticalDataElement'],
];

/** What differs in the objects that a contract describes, and in their properties. */
export function schemaRemarks(before: ReadonlyMap<string, Said>, after: ReadonlyMap<string, Said>): Remark[] {
  // With several objects a column alone does not say whose it is.
  const alone = before.size === 1 && after.size === 1;
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === undefined) return [remark('compatible', `It describes \`${name}\` as well.`)];
    if (is === undefined) return [remark('breaking', `It no longer describes \`${name}\`.`)];
    const found = objectRemarks(name, was, is);
    return alone ? found : found.map((one) => ({ ...one, column: null }));
  });
}

function objectRemarks(name: string, was: Said, is: Said): Remark[] {
  const own = keysOf(was, is)
    .filter((key) => key !== 'properties' && !prose.includes(key))
    .map((key) => {
      if (key === 'quality') return qualityRemark(name, was.quality, is.quality);
      const effect = key === 'physicalName' || key === 'physicalType' ? 'breaking' : 'unknown';
      return remark(effect, `\`${key}\` of \`${name}\` is another.`);
    });
  return [...own, ...propertyRemarks(byName(listOf(was.properties)), byName(listOf(is.properties)))];
}

function propertyRemarks(before: ReadonlyMap<string, Said>, after: ReadonlyMap<string, Said>): Remark[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === undefined) return [remark('compatible', `\`${name}\` is promised as well.`, { name, change: 'added' })];
    if (is === undefined)
      return [remark('breaking', `\`${name}\` is no longer promised.`, { name, change: 'removed' })];
    return keysOf(was, is)
      .filter((key) => !prose.includes(key))
      .map((key) => ({ ...fieldRemark(name, key, was[key], is[key]), column: { name, change: 'changed' as const } }));
  });
}

function fieldRemark(name: string, key: string, before: unknown, after: unknown): Remark {
  const said = `\`${key}\` of \`${name}\` goes from ${written(before)} to ${written(after)}`;
  switch (key) {
    case 'logicalType':
    case 'physicalType':
    case 'type':
    case 'physicalName':
    case 'primaryKey':
    case 'primaryKeyPosition':
    case 'primary':
      return remark('breaking', `${said}.`);
    case 'required':
    case 'unique':
      return after === true
        ? remark('compatible', `${said}: more is promised.`)
        : remark('breaking', `${said}: who relied on it may be wrong now.`);
    case 'classification':
    case 'pii':
      return remark('compatible', `${said}; the data stay as they are.`);
    case 'quality':
      return qualityRemark(name, before, after);
    default:
      return remark('unknown', `\`${key}\` of \`${name}\` is another; what that means is not known.`);
  }
}

/** A rule that is gone is a promise withdrawn; one more is a promise more. */
function qualityRemark(name: string, before: unknown, after: unknown): Remark {
  const [was, is] = [rulesOf(before), rulesOf(after)];
  if (was.every((rule) => is.includes(rule)))
    return was.length === is.length
      ? remark('none', `Only how the quality of \`${name}\` is described differs.`)
      : remark('compatible', `More quality of \`${name}\` is promised.`);
  return is.every((rule) => was.includes(rule))
    ? remark('breaking', `Less quality of \`${name}\` is promised.`)
    : remark('unknown', `The quality of \`${name}\` is promised by other rules.`);
}

function rulesOf(value: unknown): string[] {
  return listOf(value).map(({ description: _, ...rule }) => canonicalJson(rule));
}

function keysOf(was: Said, is: Said): string[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return keys.filter((key) => canonicalJson(was[key]) !== canonicalJson(is[key]));
}

function written(value: unknown): string {
  return (
    textOf(value) ?? (typeof value === 'boolean' ? String(value) : value === undefined ? '(none)' : 'something else')
  );
}
