/** What became of a piece of work: its result, what it threw, or that its turn did not come in time. */
export type Turn<Result> = { result: Result } | { error: unknown } | { late: true };

/** Lets pieces of work take their turns, one at a time in the order of asking. */
export type Turns = {
  take<Result>(work: () => Promise<Result>): Promise<Turn<Result>>;
  /** Whether any work is under way or waits. */
  isBusy(): boolean;
};

/** Work whose turn does not come within `patienceMilliseconds` is not begun, and its asker told then. */
export function inTurn(patienceMilliseconds: number): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  return {
    isBusy: () => count > 0,
    async take<Result>(work: () => Promise<Result>): Promise<Turn<Result>> {
      count += 1;
      let [isBegun, isLate] = [false, false];
      const turn = last.then(async (): Promise<Turn<Result>> => {
        if (isLate) return { late: true };
        isBegun = true;
        try {
          return { result: await work() };
        } catch (error) {
          return { error };
        }
      });
      last = turn.finally(() => (count -= 1));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Turn<Result>>((resolve) => {
        timer = setTimeout(() => {
          isLate = !isBegun;
          if (isLate) resolve({ late: true });
        }, patienceMilliseconds);
      });
      return Promise.race([turn, late]).finally(() => clearTimeout(timer));
    },
  };
}
