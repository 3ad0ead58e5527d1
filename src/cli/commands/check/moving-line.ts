import type { CheckProgress } from '../../../workflows/checks/run-checks.ts';

/** From how many seconds on a check is told with its time. */
const LONG_SECONDS = 5;

/**
 * The line that tells how far it is: `12 of 40 done, 9 known already: dbt-compile dbt/shop (42 s), pytest airflow/main`, those that
 * take longest first. `at` is a time in milliseconds.
 */
export function movingLine(): { hear(progress: CheckProgress, at: number): void; text(at: number): string } {
  let last: CheckProgress | null = null;
  let since = new Map<string, number>();
  return {
    hear(progress, at) {
      last = progress;
      since = new Map(progress.running.map((name) => [name, since.get(name) ?? at]));
    },
    text(at) {
      if (last === null) return '';
      const known = last.reused === 0 ? '' : `, ${last.reused} known already`;
      const running = [...since].sort(([, a], [, b]) => a - b).map(([name, began]) => withTime(name, at - began));
      return `${last.done} of ${last.total} done${known}${running.length === 0 ? '' : `: ${running.join(', ')}`}`;
    },
  };
}

function withTime(name: string, milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < LONG_SECONDS ? name : `${name} (${seconds} s)`;
}
