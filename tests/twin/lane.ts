import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Random } from '../simulator/random.ts';
import type { AtPoint, WorkerOrder } from './worker.ts';

/** What is done to a worker: killed, or frozen until another one has taken over, at a named point or after some time. */
export type Blow = { how: 'kill' | 'freeze'; at: { point: string } | { afterMilliseconds: number } };

/** Two workers that carry the rollouts of one environment, and the blows they are dealt. */
export type Lane = {
  /** Deals the blow to whichever worker gets there; resolves when it was dealt, false when it was called off. */
  deal(blow: Blow): Promise<boolean>;
  callOff(): void;
  counts: { kills: number; freezes: number; byPoint: Map<string, number> };
  stop(): Promise<void>;
};

type Armed = { blow: Blow; settle(dealt: boolean): void };

/** How long a frozen worker is left when nobody takes over, because it held nothing. */
const longestFreeze = 4000;

export function lane(order: Omit<WorkerOrder, 'holder'>, random: Random): Lane {
  const workers = new Set<ChildProcess>();
  const frozen = new Set<ChildProcess>();
  const counts = { kills: 0, freezes: 0, byPoint: new Map<string, number>() };
  let armed: Armed | null = null;
  let isStopping = false;
  let spawned = 0;

  function start(): void {
    spawned += 1;
    const settings: WorkerOrder = { ...order, holder: `${order.environment}-${spawned}` };
    const worker = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(settings)], { stdio: 'inherit' });
    workers.add(worker);
    worker.on('message', (at: AtPoint) => reached(worker, at));
    worker.on('exit', () => {
      workers.delete(worker);
      frozen.delete(worker);
      if (!isStopping) start();
    });
  }

  function reached(worker: ChildProcess, { point }: AtPoint): void {
    if (point === 'claimed') for (const other of frozen) if (other !== worker) setTimeout(() => thaw(other), 150);
    const isMeant = armed !== null && 'point' in armed.blow.at && armed.blow.at.point === point;
    // A frozen worker has its answer waiting for it, so it goes on where it stood.
    const goOn = () => worker.connected && worker.send('go', () => undefined);
    if (!isMeant) goOn();
    else if (strike(worker, point) === 'freeze') goOn();
  }

  function strike(worker: ChildProcess, point: string): Blow['how'] | null {
    if (armed === null || worker.pid === undefined) return null;
    const { blow, settle } = armed;
    armed = null;
    counts.byPoint.set(point, (counts.byPoint.get(point) ?? 0) + 1);
    if (blow.how === 'kill') {
      counts.kills += 1;
      worker.kill('SIGKILL');
    } else {
      counts.freezes += 1;
      frozen.add(worker);
      worker.kill('SIGSTOP');
      setTimeout(() => thaw(worker), longestFreeze);
    }
    settle(true);
    return blow.how;
  }

  function thaw(worker: ChildProcess): void {
    if (frozen.delete(worker)) worker.kill('SIGCONT');
  }

  start();
  start();
  return {
    counts,
    deal(blow) {
      return new Promise((settle) => {
        armed = { blow, settle };
        if (!('afterMilliseconds' in blow.at)) return;
        setTimeout(() => {
          const standing = [...workers].filter((worker) => !frozen.has(worker));
          const victim = standing[random.below(standing.length)];
          if (armed?.blow === blow && victim !== undefined) strike(victim, 'any time');
        }, blow.at.afterMilliseconds);
      });
    },
    callOff() {
      armed?.settle(false);
      armed = null;
    },
    async stop() {
      isStopping = true;
      const gone = [...workers].map((worker) => new Promise((done) => worker.once('exit', done)));
      for (const worker of workers) worker.kill('SIGKILL');
      await Promise.all(gone);
    },
  };
}
