import { fail } from '../../../base/errors.ts';
import type { EnvironmentHealth, EnvironmentStatus } from '../../../server/contract.ts';
import { openClient } from '../../client.ts';
import { type Command, type Invocation, option } from '../../command.ts';
import { openSteps, short } from '../../release-lines.ts';

type Shown = EnvironmentStatus & { health: EnvironmentHealth | null };

/** `headgate status`: see docs/control-plane.md for the JSON shape. */
export const status: Command = {
  words: ['status'],
  summary: 'Show what is live, waiting, under way and stopped in each environment, and how it does',
  arguments: ['[environment]'],
  options: [option('--no-health', 'do not ask the targets how what is live does')],
  run: runStatus,
};

async function runStatus(invocation: Invocation) {
  const { print } = invocation;
  const client = await openClient();
  const environment = invocation.arguments[0] ?? null;
  const { environments } = await client.status(environment);
  if (environment !== null && environments.length === 0) throw fail('environment-not-registered', { environment });
  const ask = invocation.options.health !== false;
  const shown: Shown[] = await Promise.all(
    environments.map(async (one) => ({
      ...one,
      health: ask && one.live.length > 0 ? await client.health(one.environment) : null,
    })),
  );
  print.result({ environments: shown }, () => (shown.length === 0 ? noEnvironments : shown.flatMap(environmentLines)));
  return 0 as const;
}

const noEnvironments = [
  'No environment is registered. An operator does it with: headgate environment set environments/<name>.yaml',
];

function environmentLines({ environment, live, open, rollouts, disabled, toggles, health }: Shown): string[] {
  const lines = live.map(
    ({ project, bundle, liveSince, id }) => `  live      ${project} ${short(bundle)} since ${liveSince ?? '?'} (${id})`,
  );
  if (live.length === 0) lines.push('  live      nothing yet');
  if (health !== null)
    lines.push(`  health    ${health.state}`, ...health.reasons.slice(0, 10).map((reason) => `            ${reason}`));
  for (const { state, kind, bundle, because, id, trouble } of open) {
    lines.push(`  ${state.padEnd(9)} ${kind} of ${short(bundle)} (${id}): ${trouble?.message ?? because}`);
    if (state === 'waiting' && because.includes('approval')) lines.push(`            headgate approve ${id}`);
  }
  for (const rollout of rollouts.filter(
    ({ state }) => state === 'running' || state === 'undoing' || state === 'stuck',
  )) {
    const done = rollout.steps.filter((step) => step.state === 'done').length;
    lines.push(`  rollout   ${rollout.id} is ${rollout.state}: ${done} of ${rollout.steps.length} steps done`);
    lines.push(...openSteps(rollout).map((line) => `          ${line}`));
    if (rollout.state === 'stuck')
      lines.push(`            headgate resume ${rollout.id} --forward | --backward | --abandon`);
  }
  for (const { asset, by, at, reason } of disabled)
    lines.push(`  stopped   ${asset} by ${by} at ${at}${reason === '' ? '' : `: ${reason}`}`);
  for (const { way, asset, state, because } of toggles)
    lines.push(`  ${way.padEnd(9)} ${asset} is ${state}: ${because}`);
  return [environment, ...lines];
}
