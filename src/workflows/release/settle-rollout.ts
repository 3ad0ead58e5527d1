import { fail } from '../../base/errors.ts';
import { isEnded, type Rollout, type RolloutState } from '../../delivery/rollout/rollout.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { ReleaseRow, Toggle, ToggleState } from './delivery-store.ts';
import { goLive } from './go-live.ts';
import { move, plane } from './move-release.ts';

/**
 * Draws the consequence of a rollout that has ended: its release is live, undone, stuck or given up, and whoever waited
 * for the environment goes on. May be called again at any time. Does nothing while the rollout is under way.
 */
export async function settleRollout(id: string, ports: DeliverPorts): Promise<void> {
  const rollout = await ports.rollouts.read(id);
  if (rollout === null) throw fail('rollout-not-found', { rollout: id });
  if (!isEnded(rollout.state)) return;
  const release = await ports.store.release(rollout.release);
  if (release !== null) await settleRelease(release, rollout, ports);
  const toggle = await ports.store.toggle(rollout.release);
  if (toggle !== null) await settleToggle(toggle, rollout, ports);
  await wakeWaiting(rollout.environment, ports);
}

async function settleRelease(release: ReleaseRow, rollout: Rollout, ports: DeliverPorts): Promise<void> {
  if (release.state !== 'rolling-out' && release.state !== 'stuck') return;
  const { state } = rollout;
  if (state === 'done') return goLive(release, `live: all ${rollout.steps.length} steps are done and verified`, ports);
  if (state === 'undone') {
    const because = `taken back: ${await reasonOf(rollout, ports)}. ${release.environment} is as it was before`;
    await move(release, { to: 'undone', because }, ports);
  } else if (state === 'stuck' && release.state !== 'stuck') {
    const because = `stuck, a person must decide: ${await reasonOf(rollout, ports)}`;
    await move(release, { to: 'stuck', because }, ports);
  } else if (state === 'abandoned') {
    const because = `given up: ${release.environment} is left between old and new`;
    await move(release, { to: 'failed', because }, ports);
  }
}

const toggleStates: { [State in RolloutState]: ToggleState | null } = {
  running: null,
  undoing: null,
  done: 'done',
  undone: 'failed',
  stuck: 'stuck',
  abandoned: 'failed',
};

async function settleToggle(toggle: Toggle, rollout: Rollout, ports: DeliverPorts): Promise<void> {
  const to = toggleStates[rollout.state];
  if (to === null || toggle.state === to) return;
  const { id, environment, asset, way } = toggle;
  const because = to === 'done' ? `${way}d at its target and seen there` : await reasonOf(rollout, ports);
  const at = ports.clock.now();
  await ports.store.moveToggle({
    id,
    from: ['rolling-out', 'stuck'],
    to,
    because,
    audit: { at, actor: plane, action: `toggle.${to}`, subject: id, detail: { environment, asset, way, because } },
  });
}

async function reasonOf({ id }: Rollout, ports: DeliverPorts): Promise<string> {
  return (await ports.store.whyTurned(id)) ?? 'the audit log does not say why';
}

async function wakeWaiting(environment: string, ports: DeliverPorts): Promise<void> {
  const states = ['asked', 'waiting'] as const;
  const waiting = await ports.store.releases({ environment, project: null, states, wereLive: false, limit: 100 });
  for (const { id } of waiting) await ports.jobs.add({ task: 'advance', subject: id }, null);
  for (const { id } of await ports.store.toggles({ environment, states: ['asked'] })) {
    await ports.jobs.add({ task: 'toggle', subject: id }, null);
  }
}
