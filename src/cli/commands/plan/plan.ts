import { fail } from '../../../base/errors.ts';
import { openClient } from '../../client.ts';
import { type Command, type Invocation, option, textOption } from '../../command.ts';
import { bringBundle } from '../promote/promote.ts';

/** `headgate plan`: of a bundle in an environment, or of a release. See docs/control-plane.md for the JSON shapes. */
export const plan: Command = {
  words: ['plan'],
  summary:
    'Show what a bundle would change in an environment, or what a release that waits will change; changes nothing',
  arguments: ['[bundle-or-release]'],
  options: [
    option('--environment <name>', 'where (needed for a bundle)'),
    option('--store <folder>', 'where bundles are kept (default: .headgate/bundles of the project)'),
  ],
  run: runPlan,
};

async function runPlan(invocation: Invocation) {
  const { print } = invocation;
  const client = await openClient();
  const named = invocation.arguments[0];
  if (named?.startsWith('rel-')) {
    const release = await client.release(named);
    print.result(release.plan, () => [
      ...(release.plan?.lines ?? ['not planned yet']),
      ...release.differences.map((difference) => `differs: ${difference}`),
      `plan ${release.plan?.digest ?? '(none)'}`,
    ]);
    return 0 as const;
  }
  const environment = textOption(invocation, 'environment');
  if (environment === null) {
    throw fail('environment-not-said', { known: (await client.environments()).map(({ name }) => name).join(', ') });
  }
  const planned = await client.plan(await bringBundle(invocation, client), environment);
  print.result(planned, () => [
    ...planned.plan.lines,
    ...planned.differences.map((difference) => `differs: ${difference}`),
    `gate: ${planned.gate.outcome}${planned.gate.because === '' ? '' : `, ${planned.gate.because}`}`,
  ]);
  return planned.gate.outcome === 'refused' ? (1 as const) : (0 as const);
}
