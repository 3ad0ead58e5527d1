import { fail } from '../../../base/errors.ts';
import { openClient } from '../../client.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';

/** `headgate resume`: see docs/control-plane.md for the JSON shape (a rollout). */
export const resume: Command = {
  words: ['resume'],
  summary: 'Decide about a rollout that is stuck',
  arguments: ['<rollout>'],
  options: [
    option('--forward', 'try the step again and go on'),
    option('--backward', 'undo everything that was done'),
    option('--abandon', 'leave the environment as it is, between old and new, and free it'),
    option('--because <text>', 'why; kept in the audit log'),
  ],
  run: runResume,
};

const ways = ['forward', 'backward', 'abandon'] as const;

async function runResume(invocation: Invocation) {
  const chosen = ways.filter((way) => flagOption(invocation, way));
  const [way] = chosen;
  if (way === undefined || chosen.length > 1) {
    throw fail('request-invalid', { problem: 'say one of --forward, --backward, --abandon' });
  }
  const because = textOption(invocation, 'because');
  if (because === null) throw fail('request-invalid', { problem: '--because says why; it is kept in the audit log' });
  const client = await openClient();
  const rollout = await client.resume(invocation.arguments[0] ?? '', { way, because });
  invocation.print.result(rollout, () => [
    `Rollout ${rollout.id} in ${rollout.environment} is ${rollout.state}. Follow it with: headgate status ${rollout.environment}`,
  ]);
  return 0 as const;
}
