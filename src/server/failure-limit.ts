/** Counts refused requests by address. Only refused ones count, so a token that holds is never kept out by them. */
export type FailureLimit = {
  /** Seconds until the address may fail again, or null when it may now. */
  blockedFor(address: string, now: Date): number | null;
  note(address: string, now: Date): void;
};

/** At most `allowed` refusals an address in `seconds`; remembers at most 10,000 addresses. */
export function failureLimit({ allowed, seconds }: { allowed: number; seconds: number }): FailureLimit {
  const windows = new Map<string, { until: number; count: number }>();
  const current = (address: string, now: Date) => {
    const window = windows.get(address);
    return window !== undefined && window.until > now.getTime() ? window : null;
  };
  return {
    blockedFor(address, now) {
      const window = current(address, now);
      if (window === null || window.count < allowed) return null;
      return Math.ceil((window.until - now.getTime()) / 1000);
    },
    note(address, now) {
      const window = current(address, now) ?? { until: now.getTime() + seconds * 1000, count: 0 };
      windows.delete(address);
      windows.set(address, { ...window, count: window.count + 1 });
      const [oldest] = windows.keys();
      if (windows.size > 10_000 && oldest !== undefined) windows.delete(oldest);
    },
  };
}
