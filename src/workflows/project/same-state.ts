import type { Stats } from 'node:fs';

/** Whether a file was not written, replaced or given other rights between two looks at it, once it was settled at the first one. */
export function isSameState(a: Stats, b: Stats): boolean {
  return (
    a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.mode === b.mode
  );
}

/** File systems tell time in steps of up to this: two changes within one step leave the same times. */
const LARGEST_STEP = 2000;

/**
 * Whether a later change would show in the times of a file that was looked at then (milliseconds). One that had just been written may be
 * written again without a trace.
 */
export function isSettled(stats: Stats, looked: number): boolean {
  return Math.max(stats.ctimeMs, stats.mtimeMs) + LARGEST_STEP < looked;
}
