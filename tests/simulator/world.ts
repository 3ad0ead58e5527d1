import type { Fault, FaultPlan, Place } from './faults.ts';
import { type Random, seeded } from './random.ts';

/** Virtual time, and the calls of workers with whatever goes wrong in them. Times are milliseconds since the start. */
export type World = {
  now(): number;
  random: Random;
  /** How many numbered points were passed, how many acts among them, and how many workers crashed. */
  counts: { points: number; acts: number; crashes: number; faults: number; events: number };
  after(milliseconds: number, event: () => void): void;
  worker(name: string): Worker;
  /** Runs events in the order of their time until none is left, or until `limit`; false at the limit. */
  run(limit: { until: number; events: number }): Promise<boolean>;
};

/** A process. When it is dead nothing it waits for ever answers. */
export type Worker = {
  name: string;
  isDead(): boolean;
  clock(): Date;
  /** One call to the outside: `effect` happens at one moment, whole, unless a fault prevents it. */
  call<Answer>(kind: Place['call'], effect: () => Answer, manner?: Manner<Answer>): Promise<Answer>;
  every(seconds: number, beat: () => void): { stop(): void };
};

/** How long a call takes to arrive at the most, and what a lying target says instead of doing it. */
type Manner<Answer> = { seconds: number; lie: Answer };

type Event = { at: number; order: number; event: () => void };

/** A worker that stands still does so for longer than any lease. */
const freezeMilliseconds = 100_000;
/** The first moment of virtual time. */
const epochStart = Date.UTC(2026, 0, 1);

export function world(seed: number, faults: FaultPlan): World {
  const random = seeded(seed);
  const queue = eventQueue();
  const counts = { points: 0, acts: 0, crashes: 0, faults: 0, events: 0 };
  let now = 0;

  function after(milliseconds: number, event: () => void): void {
    queue.push({ at: now + Math.max(0, milliseconds), order: random.next(), event });
  }
  function faultAt(place: Place): Fault | null {
    counts.points += 1;
    if (place.call === 'act' && place.side === 'before') counts.acts += 1;
    const fault = faults.at({ ...counts, place, random });
    if (fault !== null) counts.faults += 1;
    if (fault === 'crash' || fault === 'crash-in-flight') counts.crashes += 1;
    return fault;
  }
  return {
    now: () => now,
    random,
    counts,
    after,
    worker: (name) => worker(name, { now: () => now, random, after, faultAt }),
    async run({ until, events }) {
      for (let event = queue.pop(); event !== null; event = queue.pop()) {
        if (event.at > until || counts.events > events) return false;
        now = Math.max(now, event.at);
        counts.events += 1;
        event.event();
        await settled();
      }
      return true;
    },
  };
}

type Surroundings = Pick<World, 'now' | 'random' | 'after'> & { faultAt(place: Place): Fault | null };

function worker(name: string, { now, random, after, faultAt }: Surroundings): Worker {
  let dead = false;
  let frozenUntil = 0;
  let clockOffset = 0;

  /** Runs when the worker is awake; never when it is dead. */
  function awake(event: () => void): void {
    if (dead) return;
    if (frozenUntil > now()) after(frozenUntil - now(), () => awake(event));
    else event();
  }
  function suffer(fault: Fault | null): void {
    if (fault === 'crash' || fault === 'crash-in-flight') dead = true;
    if (fault === 'freeze') frozenUntil = now() + freezeMilliseconds;
    if (fault === 'clock') clockOffset += (random.next() - 0.5) * 7_200_000;
  }
  function travel(): number {
    return 1 + random.below(40);
  }

  return {
    name,
    isDead: () => dead,
    clock: () => new Date(epochStart + now() + clockOffset),
    call(kind, effect, manner) {
      return new Promise((resolve, reject) => {
        const fault = faultAt({ side: 'before', call: kind });
        suffer(fault);
        if (fault === 'crash') return;
        if (fault === 'unreachable') return after(travel(), () => awake(() => reject(new Error('unreachable'))));
        if (fault === 'lie' && manner !== undefined) return after(travel(), () => awake(() => resolve(manner.lie)));
        if (fault === 'late') after(10_000, () => awake(() => reject(new Error('timed out'))));
        if (fault === 'duplicate') after(1000 + random.below(90_000), () => void attempt(effect));
        const isLate = fault === 'late' || fault === 'crash-in-flight';
        const seconds = manner?.seconds ?? 0;
        const journey = seconds * 500 + random.below(Math.max(40, seconds * 500));
        after(isLate ? 1000 + random.below(90_000) : 1 + journey, () => {
          // A frozen worker's request may have left it already: it arrives now. A dead one's does only if it was in flight.
          if (dead && fault !== 'crash-in-flight') return;
          const answer = attempt(effect);
          if (isLate) return;
          const lost = faultAt({ side: 'after', call: kind });
          suffer(lost);
          if (lost === 'crash') return;
          after(travel(), () =>
            awake(() => (lost === 'lose-answer' ? reject(new Error('connection lost')) : answer(resolve, reject))),
          );
        });
      });
    },
    every(seconds, beat) {
      let stopped = false;
      const again = () => {
        after(seconds * 1000, () =>
          awake(() => {
            if (stopped) return;
            beat();
            again();
          }),
        );
      };
      again();
      return {
        stop() {
          stopped = true;
        },
      };
    },
  };
}

type Settle<Answer> = (resolve: (answer: Answer) => void, reject: (error: unknown) => void) => void;

function attempt<Answer>(effect: () => Answer): Settle<Answer> {
  try {
    const answer = effect();
    return (resolve) => resolve(answer);
  } catch (error) {
    return (_resolve, reject) => reject(error);
  }
}

/** Lets every promise that can go on do so. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function eventQueue() {
  const heap: Event[] = [];
  const sooner = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);
  function swap(a: number, b: number): void {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }
  function isSooner(a: number, b: number): boolean {
    const [first, second] = [heap[a], heap[b]];
    return first !== undefined && second !== undefined && sooner(first, second);
  }
  return {
    push(event: Event): void {
      heap.push(event);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isSooner(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): Event | null {
      swap(0, heap.length - 1);
      const first = heap.pop() ?? null;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const least = isSooner(right, left) ? right : left;
        if (!isSooner(least, at)) break;
        swap(least, at);
        at = least;
      }
      return first;
    },
  };
}
