import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { warmImpact } from '../src/workflows/impact/warm-impact.ts';
import { type Usage, usageHere, usageOf } from './impact-usage.ts';

/** What people run. */
const headgate = fileURLToPath(new URL('../bin/headgate.js', import.meta.url));
const coldRuns = 21;
const warmRuns = 42;
/** Answers that come before those that count: what is run often is made quick by then. */
const firstAnswers = 6;

/** An estate to ask about: `edit` changes one of its files, another one each time. */
export type Asked = { python: string; home: string; estate: string; base: string; edit(run: number): void };
export type AnswersUsage = { first: Usage[]; later: Usage[]; warm: Usage[] };

/** What answers take: of new processes with empty caches, of new ones that share a cache, and of one that stays. */
export async function answersOf({ python, home, estate, base, edit }: Asked): Promise<AnswersUsage> {
  const argv = [process.execPath, headgate, 'impact', '--base', base, '--json'];
  const impact = (cache: string) =>
    usageOf(python, argv, { cwd: estate, env: { HEADGATE_CACHE: join(home, cache), HEADGATE_HELPER: 'off' } });
  const first = [0, 1, 2].map((run) => impact(`${basename(estate)}-cache-${run}`));
  const later = Array.from({ length: coldRuns }, (_, run) => {
    edit(run);
    return impact(`${basename(estate)}-cache-0`);
  });
  const warm: Usage[] = [];
  const answers = warmImpact(null);
  for (let run = -firstAnswers; run < warmRuns; run += 1) {
    edit(run + coldRuns + firstAnswers);
    const usage = await usageHere(async () => {
      const { impact: told } = await answers.tell(estate, { base, head: null });
      if (told.changed.length === 0) throw new Error('no change was seen');
    });
    if (run >= 0) warm.push(usage);
  }
  return { first, later, warm };
}
