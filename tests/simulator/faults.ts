import type { Random } from './random.ts';

/**
 * What may go wrong at a numbered point. `before` points lie ahead of a call's effect, `after` points between its effect
 * and its answer.
 * - `crash`: the worker is gone. `crash-in-flight`: gone, but its call still arrives some time later.
 * - `unreachable`: the call is not made, the worker sees an error. `late`: the worker sees a time-out, and the call arrives later.
 * - `lose-answer`: the effect is there, the worker sees an error. `lie`: the target says done and did nothing.
 * - `duplicate`: the call arrives, and once more some time later, as through a proxy that tries again.
 * - `freeze`: the worker stands still for longer than its lease, then goes on (a zombie).
 * - `clock`: the worker's clock jumps, up to an hour either way.
 */
export type Fault =
  | 'crash'
  | 'crash-in-flight'
  | 'unreachable'
  | 'late'
  | 'lose-answer'
  | 'lie'
  | 'duplicate'
  | 'freeze'
  | 'clock';

export type Place = { side: 'before' | 'after'; call: 'store' | 'look' | 'act' | 'connect' | 'pause' };

/** A numbered point (from 1), and how many acts there were up to it. */
type Point = { points: number; acts: number; place: Place; random: Random };

/** Says what goes wrong at a point, null for nothing. `extraJobs` are duplicated and late ones. */
export type FaultPlan = { name: string; at(point: Point): Fault | null; extraJobs: number };

export const noFaults: FaultPlan = { name: 'no faults', at: () => null, extraJobs: 0 };

/** The same fault at each of the points. A fault that cannot happen at a place becomes a crash there. */
export function faultsAt(fault: Fault, points: readonly number[]): FaultPlan {
  return {
    name: `${fault} at ${points.join(' and ')}`,
    at: (point) => (points.includes(point.points) ? (possible(fault, point.place) ? fault : 'crash') : null),
    extraJobs: 0,
  };
}

/** The fault at the act of that number, on whichever side of it the fault can be. */
export function faultAtAct(fault: Fault, act: number): FaultPlan {
  return {
    name: `${fault} at act ${act}`,
    at: ({ acts, place }) => (acts === act && place.call === 'act' && possible(fault, place) ? fault : null),
    extraJobs: 0,
  };
}

/** Anything anywhere, each point with the given probability, and duplicated jobs. */
export function anyFaults(probability: number): FaultPlan {
  return {
    name: `anything with probability ${probability}`,
    at({ place, random }) {
      if (!random.chance(probability)) return null;
      const here = everyFault.filter((fault) => possible(fault, place));
      return here[random.below(here.length)] ?? null;
    },
    extraJobs: 3,
  };
}

export const everyFault: readonly Fault[] = [
  'crash',
  'crash-in-flight',
  'unreachable',
  'late',
  'lose-answer',
  'lie',
  'duplicate',
  'freeze',
  'clock',
];

function possible(fault: Fault, { side, call }: Place): boolean {
  switch (fault) {
    case 'crash':
    case 'freeze':
    case 'clock':
      return true;
    case 'crash-in-flight':
    case 'unreachable':
    case 'late':
      return side === 'before' && call !== 'pause';
    case 'lose-answer':
      return side === 'after' && call !== 'pause';
    case 'lie':
    case 'duplicate':
      return side === 'before' && call === 'act';
  }
}
