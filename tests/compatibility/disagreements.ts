/** The seeds of the pairs: few in the everyday run, `COMPAT_PAIRS=2000` for the long one, from `COMPAT_SEED` on. */
export function pairSeeds(): number[] {
  const first = Number(process.env.COMPAT_SEED ?? 1);
  return Array.from({ length: Number(process.env.COMPAT_PAIRS ?? 150) }, (_, index) => first + index);
}

/** Counts what came of the pairs. Whatever is neither agreement nor explained is kept word for word. */
export type Tally = {
  unexplained: string[];
  count(compatible: boolean): void;
  shown(confirmed: boolean): void;
  undecided(): void;
  explain(why: string | null, detail: string): void;
  summary(format: string): string;
};

export function tally(reasons: readonly string[]): Tally {
  const explained = new Map(reasons.map((reason) => [reason, 0]));
  const unexplained: string[] = [];
  const counts = { compatible: 0, not: 0, shown: 0, undecided: 0 };
  return {
    unexplained,
    count: (compatible) => {
      if (compatible) counts.compatible += 1;
      else counts.not += 1;
    },
    shown: (confirmed) => {
      if (confirmed) counts.shown += 1;
    },
    undecided: () => {
      counts.undecided += 1;
    },
    explain: (why, detail) => {
      if (why === null) unexplained.push(detail);
      else explained.set(why, (explained.get(why) ?? 0) + 1);
    },
    summary: (format) => {
      const reasonLines = [...explained].map(([why, count]) => `${count} x ${why}`).join('; ');
      return `${format}: ${counts.compatible} compatible, ${counts.not} not (${counts.shown} with a confirmed counterexample, ${counts.undecided} undecided); differences: ${reasonLines}; ${unexplained.length} unexplained`;
    },
  };
}
