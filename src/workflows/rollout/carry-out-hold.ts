import type { CarryOutPorts, CarryOutRules } from './carry-out-rules.ts';

/** A rollout that this call holds. The lease is renewed behind the scenes until `stop` or `release`. */
export type Hold = { epoch: number; isLost(): boolean; release(): Promise<void>; stop(): void };

/** Takes the rollout with a new epoch; `ended` when there is nothing to take. */
export async function takeHold(
  id: string,
  { store, clock, pause, holder }: Pick<CarryOutPorts, 'store' | 'clock' | 'pause' | 'holder'>,
  { leaseSeconds, every }: Pick<CarryOutRules, 'leaseSeconds' | 'every'>,
): Promise<Hold | { heldBy: string; until: Date } | { ended: true }> {
  const claimed = await store.claim({ id, holder, now: clock.now(), leaseSeconds });
  if (claimed === null) return { ended: true };
  if ('heldBy' in claimed) return claimed;
  await pause('claimed');
  const { epoch } = claimed;
  let lost = false;
  const beat = every(leaseSeconds / 3, () => {
    store.renew({ id, holder, epoch, now: clock.now(), leaseSeconds }).then(
      (answer) => {
        lost ||= answer === 'stale';
      },
      // A renewal that did not get through is tried at the next beat; the epoch keeps us safe if none does.
      () => undefined,
    );
  });
  return {
    epoch,
    isLost: () => lost,
    stop: () => beat.stop(),
    async release() {
      beat.stop();
      await store.release({ id, holder, epoch });
    },
  };
}
