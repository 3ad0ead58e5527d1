import { z } from 'zod';
import type { Cache } from '../../../base/cache/cache.ts';
import type { Answer } from './job.ts';
import { KeptFinding } from './kept-finding.ts';

const KeptAnswer = z.object({ findings: z.array(KeptFinding), complaints: z.array(KeptFinding) });

/** The answers of checks by fingerprint. What could not be told, and what came out now one way and now another, is never kept. */
export type KeptAnswers = {
  find(fingerprint: string): Promise<Answer | null>;
  keep(fingerprint: string, answer: Answer): void;
};

/** `reuse` false: answers are kept and none is found. */
export async function keptAnswers(cache: Cache, project: string, reuse: boolean): Promise<KeptAnswers> {
  const table = await cache.table(`answers of ${project}`);
  return {
    async find(fingerprint) {
      const text = reuse ? await table.get(fingerprint) : null;
      const read = text === null ? null : KeptAnswer.safeParse(JSON.parse(text));
      return read?.success === true ? read.data : null;
    },
    keep(fingerprint, answer) {
      if (answer.findings.every(({ status }) => status !== 'errored' && status !== 'flaky'))
        table.set(fingerprint, JSON.stringify(answer));
    },
  };
}
