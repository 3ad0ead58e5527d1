import { fail } from '../../../base/errors.ts';
import { openClient } from '../../client.ts';
import { type Command, type Invocation, option, textOption } from '../../command.ts';
import { followToggle } from '../../follow-release.ts';

const options = [
  option('--environment <name>', 'where'),
  option('--reason <text>', 'kept with it, for whoever looks later'),
  option('--no-wait', 'ask only; do not follow'),
];

/** `headgate disable`: see docs/control-plane.md for the JSON shape (a toggle). */
export const disable: Command = {
  words: ['disable'],
  summary: 'Stop one asset at once; it stays stopped over later deliveries until it is enabled',
  arguments: ['<asset>'],
  options,
  run: (invocation) => toggle(invocation, 'disable'),
};

/** `headgate enable` */
export const enable: Command = {
  words: ['enable'],
  summary: 'Let an asset that was stopped go on',
  arguments: ['<asset>'],
  options,
  run: (invocation) => toggle(invocation, 'enable'),
};

async function toggle(invocation: Invocation, way: 'disable' | 'enable') {
  const { print } = invocation;
  const client = await openClient();
  const environment = textOption(invocation, 'environment');
  if (environment === null) {
    throw fail('environment-not-said', { known: (await client.environments()).map(({ name }) => name).join(', ') });
  }
  const asset = invocation.arguments[0] ?? '';
  const asked = await client.toggle({ environment, asset, way, reason: textOption(invocation, 'reason') ?? '' });
  if (asked.toggle === null) {
    print.result({ asset, environment, state: 'unchanged', because: asked.unchanged }, () => [
      `Nothing to do: ${asked.unchanged}`,
    ]);
    return 0 as const;
  }
  const noWait = invocation.options.wait === false;
  const done = noWait ? asked.toggle : await followToggle(client, { ...asked, toggle: asked.toggle }, print);
  print.result(done, () => [`${asset} in ${environment}: ${way} is ${done.state} (${done.because})`]);
  if (done.state === 'failed') return 1 as const;
  return done.state === 'stuck' ? (3 as const) : (0 as const);
}
