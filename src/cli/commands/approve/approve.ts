import { fail } from '../../../base/errors.ts';
import { openClient } from '../../client.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { followRelease } from '../../follow-release.ts';
import { exitOfRelease, releaseLines } from '../../release-lines.ts';

const options = [
  option(
    '--plan <digest>',
    'the plan that was read; refused when it is no longer the one (default: the one of this moment, which is printed)',
  ),
  option('--comment <text>', 'kept with the decision'),
  option('--wait', 'follow the release until it has ended'),
];

/** `headgate approve`: see docs/control-plane.md for the JSON shape (a release). */
export const approve: Command = {
  words: ['approve'],
  summary: 'Approve the plan of a release that waits',
  arguments: ['<release>'],
  options,
  run: (invocation) => decide(invocation, 'approve'),
};

/** `headgate reject` */
export const reject: Command = {
  words: ['reject'],
  summary: 'Reject the plan of a release that waits; it then goes nowhere',
  arguments: ['<release>'],
  options,
  run: (invocation) => decide(invocation, 'reject'),
};

async function decide(invocation: Invocation, decision: 'approve' | 'reject') {
  const { print } = invocation;
  const id = invocation.arguments[0] ?? '';
  const client = await openClient();
  const waiting = await client.release(id);
  if (waiting.plan === null) throw fail('release-not-waiting', { release: id, state: waiting.state });
  for (const line of waiting.plan.lines) print.line(line);
  const plan = textOption(invocation, 'plan') ?? waiting.plan.digest;
  const comment = textOption(invocation, 'comment') ?? '';
  const asked = await client.approve(id, { plan, decision, comment });
  const follow = flagOption(invocation, 'wait') || decision === 'reject';
  const release = follow ? await followRelease(client, { ...asked, until: 'end' }, print) : asked.release;
  print.line(`${decision === 'approve' ? 'Approved' : 'Rejected'} plan ${plan}.`);
  print.result(release, () => releaseLines(release));
  return decision === 'reject' ? (0 as const) : exitOfRelease(release);
}
