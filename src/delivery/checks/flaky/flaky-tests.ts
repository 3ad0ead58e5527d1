import type { Quarantined } from '../../project/checking.ts';
import { quarantineOf } from '../settings/quarantine.ts';
import { type FlakyScore, flakyScore, type TestHistory } from './history.ts';

/** A test that came out both ways with the same inputs. `quarantine` is the entry that it stands under today. */
export type FlakyTest = Omit<FlakyScore, 'proven'> & {
  test: string;
  check: string;
  subject: string | null;
  quarantine: Omit<Quarantined, 'test'> | null;
};

/** The flaky tests of a history, worst first. */
export function flakyTests(
  histories: Iterable<TestHistory>,
  quarantine: readonly Quarantined[],
  today: string,
): FlakyTest[] {
  const found = [...histories].flatMap(({ test, check, subject, runs }): FlakyTest[] => {
    const score = flakyScore({ runs });
    if (score === null) return [];
    const entry = quarantineOf(test, quarantine, today);
    const { firstSeen, lastSeen, evidence } = score;
    return [
      {
        ...{ test, check, subject, score: score.score, firstSeen, lastSeen, evidence },
        quarantine: entry === null ? null : { owner: entry.owner, because: entry.because, until: entry.until },
      },
    ];
  });
  return found.sort((a, b) => b.score - a.score || (a.test < b.test ? -1 : a.test > b.test ? 1 : 0));
}
