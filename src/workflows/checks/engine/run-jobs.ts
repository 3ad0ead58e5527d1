import { availableParallelism, totalmem } from 'node:os';
import type { CheckWeight } from '../../../model/check-running.ts';

/** What the machine gives to checks. */
export type Room = { cores: number; memoryMb: number };

/** All cores, and three quarters of the memory: the rest is for people. */
export function wholeMachine(): Room {
  return { cores: availableParallelism(), memoryMb: Math.floor((totalmem() / 1024 ** 2) * 0.75) };
}

export type Weighed = { weight: CheckWeight; expectedSeconds: number };

/**
 * Carries out `act` for each, as many at once as there is room for, longest first. One that needs more than the whole room is
 * carried out alone. Gives the results in the order of `all`; the first that throws ends it once those under way have ended.
 */
export async function runWithin<One extends Weighed, Result>(
  all: readonly One[],
  room: Room,
  act: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<One, Result>();
  const waiting = [...all].sort((a, b) => b.expectedSeconds - a.expectedSeconds);
  const running = new Map<One, Promise<void>>();
  const free = { ...room };
  while (waiting.length > 0 || running.size > 0) {
    for (let index = 0; index < waiting.length; ) {
      const one = waiting[index];
      if (one === undefined || !fits(one.weight, free, running.size)) {
        index += 1;
        continue;
      }
      waiting.splice(index, 1);
      take(free, one.weight, -1);
      const ended = act(one).then((result) => {
        results.set(one, result);
        running.delete(one);
        take(free, one.weight, 1);
      });
      running.set(one, ended);
    }
    await Promise.race(running.values());
  }
  return all.flatMap((one) => {
    const result = results.get(one);
    return result === undefined ? [] : [result];
  });
}

function fits(weight: CheckWeight, free: Room, running: number): boolean {
  return running === 0 || (weight.cores <= free.cores && weight.memoryMb <= free.memoryMb);
}

function take(free: Room, weight: CheckWeight, sign: 1 | -1): void {
  free.cores += sign * weight.cores;
  free.memoryMb += sign * weight.memoryMb;
}
