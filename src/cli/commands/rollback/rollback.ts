import { openClient } from '../../client.ts';
import { type Command, type Invocation, option, textOption } from '../../command.ts';
import { followRelease } from '../../follow-release.ts';
import { exitOfRelease, releaseLines } from '../../release-lines.ts';

/** `headgate rollback`: see docs/control-plane.md for the JSON shape (a release). */
export const rollback: Command = {
  words: ['rollback'],
  summary: 'Return an environment to the last known good bundle, over every technology, and verify it',
  arguments: ['<environment>'],
  options: [
    option(
      '--to <digest>',
      'a bundle that was live there before (whole digest, as `headgate history` shows with --json)',
    ),
    option('--project <name>', 'which project, where an environment holds several'),
    option('--no-wait', 'ask only; do not follow'),
  ],
  run: runRollback,
};

async function runRollback(invocation: Invocation) {
  const { print } = invocation;
  const client = await openClient();
  const environment = invocation.arguments[0] ?? '';
  const [to, project] = [textOption(invocation, 'to'), textOption(invocation, 'project')];
  const asked = await client.rollBack({
    environment,
    project,
    to: to === null ? null : (await client.bundle(to)).digest,
  });
  const noWait = invocation.options.wait === false;
  const release = noWait ? asked.release : await followRelease(client, { ...asked, until: 'hold' }, print);
  print.result(release, () => releaseLines(release));
  return exitOfRelease(release);
}
