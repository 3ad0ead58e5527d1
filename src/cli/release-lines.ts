import type { ExitStatus } from '../base/errors.ts';
import type { ReleaseShape, RolloutShape } from '../server/contract.ts';
import { waitsForTurn } from './follow-release.ts';

/** What a release came to, as an exit status: 0 live or waiting for people, 1 no, 3 could not tell. */
export function exitOfRelease({ state, trouble }: ReleaseShape): ExitStatus {
  if (trouble !== null) return 3;
  if (state === 'stuck') return 3;
  return state === 'refused' || state === 'failed' || state === 'undone' || state === 'superseded' ? 1 : 0;
}

const headlines: { [State in ReleaseShape['state']]: (release: ReleaseShape) => string } = {
  asked: ({ environment }) => `is being planned for ${environment}`,
  waiting: ({ environment }) => `waits before ${environment}`,
  refused: ({ environment }) => `was refused before ${environment}; nothing was changed there`,
  'rolling-out': ({ environment }) => `is being rolled out to ${environment}`,
  live: ({ environment }) => `is live in ${environment}`,
  superseded: ({ environment }) => `is not, or no longer, the one for ${environment}`,
  failed: ({ environment }) => `was given up; ${environment} is between old and new`,
  undone: ({ environment }) => `was taken back; ${environment} is as it was before`,
  stuck: ({ environment }) => `is stuck in ${environment}: a person must decide`,
};

/** A release in a few lines: where it stands, why, and what to do now. */
export function releaseLines(release: ReleaseShape): string[] {
  const { id, bundle, kind, because, trouble, differences, plan } = release;
  const what = kind === 'rollback' ? 'Rollback to' : 'Bundle';
  const lines = [`${what} ${short(bundle)} ${headlines[release.state](release)}  (${id})`];
  if (trouble === null) lines.push(`  ${because}`);
  else
    lines.push(
      `  could not tell: ${trouble.message}`,
      `  ${trouble.hint}`,
      '  The control plane tries again by itself.',
    );
  for (const { unit, because: why } of plan?.warnings ?? [])
    lines.push(`  note: ${unit === null ? '' : `${unit}: `}${why}`);
  for (const difference of differences) lines.push(`  differs: ${difference}`);
  return [...lines, ...nextLines(release)];
}

function nextLines(release: ReleaseShape): string[] {
  const { id, state, environment, rollout } = release;
  if (state === 'waiting' && !waitsForTurn(release)) {
    return [`  next: somebody who may approves it: headgate approve ${id}   (read it first: headgate plan ${id})`];
  }
  if (state === 'undone') return [`  next: mend the change and promote again; ${environment} needs nothing from you`];
  if (state !== 'stuck' || rollout === null) return [];
  return [
    ...openSteps(rollout),
    `  next: headgate resume ${rollout.id} --forward | --backward | --abandon   --because <why>`,
  ];
}

/** The steps of a rollout that are neither done nor still to come. */
export function openSteps({ steps }: RolloutShape): string[] {
  return steps
    .filter(({ state }) => !['pending', 'done', 'undone'].includes(state))
    .map(
      ({ index, state, text, detail }) => `  step ${index + 1} ${state}: ${text}${detail === '' ? '' : ` (${detail})`}`,
    );
}

/** The first 12 digits of a digest. */
export function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
