import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Answer, CommandLine } from './command-line.ts';
import { expect } from './facts.ts';
import { places } from './places.ts';

const Release = z.object({
  id: z.string(),
  bundle: z.string(),
  environment: z.string(),
  state: z.string(),
  because: z.string(),
  plan: z.object({ steps: z.array(z.object({ kind: z.string(), text: z.string() })) }).nullish(),
});
export type Release = z.infer<typeof Release>;

/** A release as a list shows it, without its plan. */
const Listed = Release.omit({ plan: true });

const Problem = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) });

/** Makes the bundle of the estate as it is, signed with the CI's key. Throws what the command said when it refused. */
export async function bundleEstate(who: CommandLine): Promise<string> {
  const answer = await who(['bundle', '--store', places.store, '--key', places.key, '--base', 'HEAD~1']);
  expect(answer.status === 0, `bundle ended ${answer.status}: ${answer.stdout}${answer.stderr}`);
  return z.object({ digest: z.string() }).parse(answer.json).digest;
}

/** Asks a bundle into an environment and gives the release when it is live or waits. */
export async function promote(who: CommandLine, bundle: string, environment: string): Promise<Release> {
  return releaseOf(await who(['promote', bundle, '--store', places.store, '--environment', environment]));
}

export function releaseOf(answer: Answer): Release {
  expect(answer.json !== null && answer.status !== 2, `it ended ${answer.status}: ${answer.stdout}${answer.stderr}`);
  const problem = Problem.safeParse(answer.json);
  if (problem.success) throw new Error(`${problem.data.error.message} ${problem.data.error.hint}`);
  return Release.parse(answer.json);
}

/** The code of the error that a command ended with; null when it did not fail. */
export function problemOf(answer: Answer): string | null {
  const problem = Problem.safeParse(answer.json);
  return problem.success ? problem.data.error.code : null;
}

/** What a command that failed said, its first line. */
export function messageOf(answer: Answer): string {
  const problem = Problem.safeParse(answer.json);
  return problem.success ? (problem.data.error.message.split('\n')[0] ?? '') : '';
}

/** Waits until a bundle that goes on by itself is live in an environment. */
export async function untilLive(who: CommandLine, bundle: string, environment: string): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    const answer = await who(['status', environment, '--no-health']);
    const status = z
      .object({ environments: z.array(z.object({ live: z.array(Listed), open: z.array(Listed) })) })
      .parse(answer.json);
    const [now] = status.environments;
    if (now?.live.some((release) => release.bundle === bundle)) return;
    const bad = now?.open.find(
      (release) => release.bundle === bundle && ['stuck', 'failed', 'undone', 'refused'].includes(release.state),
    );
    if (bad !== undefined) throw new Error(`in ${environment} the release is ${bad.state}: ${bad.because}`);
    await sleep(1000);
  }
  throw new Error(`${bundle} was not live in ${environment} after five minutes`);
}
