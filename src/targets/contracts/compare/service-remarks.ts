import { canonicalJson } from '../../../model/json.ts';
import { type Remark, remark } from '../../../model/sum-up.ts';
import { type Said, textOf } from './said.ts';

/** Which way is worse for who relies on it. Any other property is not known. */
const worse: { [property: string]: 'more' | 'less' } = {
  ...{ latency: 'more', ly: 'more', frequency: 'more', fy: 'more', timetorepair: 'more', timetonotify: 'more' },
  ...{ errorrate: 'more', retention: 'less', re: 'less', availability: 'less', av: 'less', throughput: 'less' },
};

/** Units in seconds; percentages and the like count as they are. */
const seconds: { [unit: string]: number } = {
  ...{ s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60, h: 3600, hr: 3600, hour: 3600 },
  ...{ hours: 3600, d: 86_400, day: 86_400, days: 86_400, w: 604_800, week: 604_800, weeks: 604_800 },
  ...{ y: 31_557_600, yr: 31_557_600, year: 31_557_600, years: 31_557_600 },
};

/** What differs in the service that a contract promises. */
export function serviceRemarks(before: readonly Said[], after: readonly Said[]): Remark[] {
  const [old, now] = [byProperty(before), byProperty(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === undefined) return [remark('compatible', `It promises \`${name}\` as well.`)];
    if (is === undefined) return [remark('breaking', `It no longer promises \`${name}\`.`)];
    return canonicalJson(was) === canonicalJson(is) ? [] : [propertyRemark(name, was, is)];
  });
}

function propertyRemark(name: string, was: Said, is: Said): Remark {
  const said = `\`${name}\` goes from ${written(was)} to ${written(is)}`;
  const { value: _, unit: _unit, description: _was, ...rest } = was;
  const { value: __, unit: __unit, description: _is, ...others } = is;
  const [old, now] = [amount(was), amount(is)];
  const way = worse[name.split(' ')[0]?.toLowerCase() ?? ''];
  if (canonicalJson(rest) !== canonicalJson(others) || old === null || now === null || way === undefined)
    return remark('unknown', `${said}; whether that is less is not known.`);
  if (old === now) return remark('none', `Only how \`${name}\` is written differs.`);
  return now > old === (way === 'more')
    ? remark('breaking', `${said}: less is promised.`)
    : remark('compatible', `${said}.`);
}

/** A property of several elements has one entry for each. */
function byProperty(all: readonly Said[]): Map<string, Said> {
  return new Map(
    all.map((one) => [
      [textOf(one.property) ?? '', textOf(one.element)].filter((word) => word !== null).join(' '),
      one,
    ]),
  );
}

function amount({ value, unit }: Said): number | null {
  const number = typeof value === 'number' ? value : Number(textOf(value) ?? Number.NaN);
  const factor = unit === undefined ? 1 : seconds[String(unit).toLowerCase()];
  return Number.isNaN(number) || factor === undefined ? null : number * factor;
}

function written({ value, unit }: Said): string {
  return [textOf(value) ?? '(none)', textOf(unit)].filter((word) => word !== null).join(' ');
}
