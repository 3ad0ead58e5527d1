import { type Arguments, asText, exactText, type Value } from '../../../base/python-source/values.ts';
import { datasetUris } from './datasets.ts';

export type Schedule = { schedule: string | null; scheduleKind: string; datasets: string[] };

const secondsOf: { [unit: string]: number } = { weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

/** Airflow's own names for common times. */
const presets: { [preset: string]: string } = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
};

/** When a DAG runs, in the words Airflow uses; `scheduleKind` is `unknown` where it cannot be read. */
export function scheduleOf(given: Arguments): Schedule {
  const value = given.named.get('schedule') ?? given.named.get('schedule_interval') ?? given.named.get('timetable');
  if (value === undefined) {
    return given.open ? unclear() : { schedule: '1 day, 0:00:00', scheduleKind: 'interval', datasets: [] };
  }
  const datasets = datasetUris(value).sort();
  if (datasets.length > 0) return { schedule: datasets.join(', '), scheduleKind: 'dataset', datasets };
  if (value.is === 'none') return { schedule: null, scheduleKind: 'none', datasets: [] };
  const cron = exactText(value);
  if (cron !== null)
    return {
      schedule: presets[cron] ?? cron,
      scheduleKind: cron === '@once' ? 'once' : cron === '@continuous' ? 'timetable' : 'cron',
      datasets: [],
    };
  if (value.is === 'made') return madeSchedule(value);
  return unclear();
}

function unclear(): Schedule {
  return { schedule: null, scheduleKind: 'unknown', datasets: [] };
}

function madeSchedule(value: Value & { is: 'made' }): Schedule {
  const name = value.path.slice(value.path.lastIndexOf('.') + 1);
  if (name !== 'timedelta')
    return /Timetable$/.test(name) ? { schedule: name, scheduleKind: 'timetable', datasets: [] } : unclear();
  const order = ['days', 'seconds'];
  let seconds = 0;
  for (const [unit, amount] of [
    ...value.arguments.positional.map((one, at) => [order[at] ?? '', one] as const),
    ...value.arguments.named,
  ]) {
    if (amount.is !== 'number' || secondsOf[unit] === undefined) return unclear();
    seconds += amount.value * secondsOf[unit];
  }
  return { schedule: spanText(seconds), scheduleKind: 'interval', datasets: [] };
}

/** As Python writes a timedelta: `1 day, 2:00:00`. */
function spanText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  const two = (amount: number) => String(Math.floor(amount)).padStart(2, '0');
  const clock = `${Math.floor(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}`;
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`;
}

/** A date as ISO text where its parts are literal: `datetime(2024, 1, 1)`; else null. */
export function dateOf(value: Value | undefined): string | null {
  if (value?.is === 'text' && !value.partial) return value.value;
  if (value?.is !== 'made' || !/(datetime|DateTime|date)$/.test(value.path)) return null;
  const numbers = value.arguments.positional.map((one) => (one.is === 'number' ? one.value : Number.NaN));
  const [year, month = 1, day = 1] =
    numbers.length > 0
      ? numbers
      : ['year', 'month', 'day'].map((unit) => Number(asText(value.arguments.named.get(unit) ?? { is: 'none' }).value));
  if (year === undefined || Number.isNaN(year + month + day)) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
