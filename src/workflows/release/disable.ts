import { didYouMean } from '../../base/did-you-mean.ts';
import { fail } from '../../base/errors.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import { togglePlan } from '../../delivery/plan/toggle-plan.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { ReleaseRow, Toggle, ToggleState } from './delivery-store.ts';
import { plane } from './move-release.ts';
import { surveyEnvironment } from './survey-environment.ts';

export type ToggleWish = {
  environment: string;
  asset: AssetKey;
  way: Toggle['way'];
  reason: string;
  requestedBy: string;
};

/**
 * Records that one asset is to be stopped, or to go on, and has that carried to its target. It holds over later
 * deliveries at once: their plans know of it. A wish that holds already is answered with `unchanged`.
 * @throws environment-not-registered, nothing-live, asset-not-live
 */
export async function askToggle(wish: ToggleWish, ports: DeliverPorts): Promise<Toggle | { unchanged: string }> {
  const { environment, asset, way } = wish;
  if ((await ports.store.environment(environment)) === null) throw fail('environment-not-registered', { environment });
  const holder = await liveHolder(wish, ports);
  const stopped = (await ports.store.disabled(environment)).find((one) => one.asset === asset);
  if (way === 'disable' && stopped !== undefined) {
    return { unchanged: `${asset} is stopped already, by ${stopped.by}: ${stopped.reason}` };
  }
  if (way === 'enable' && stopped === undefined) return { unchanged: `${asset} is not stopped` };
  const toggle: Toggle = {
    ...wish,
    id: `tog-${ports.ids.next()}`,
    project: holder.project,
    requestedAt: ports.clock.now(),
    state: 'asked',
    because: 'not begun yet',
  };
  await ports.store.addToggle(toggle, {
    at: toggle.requestedAt,
    actor: wish.requestedBy,
    action: `asset.${way}`,
    subject: toggle.id,
    detail: { environment, asset, reason: wish.reason },
  });
  await ports.jobs.add({ task: 'toggle', subject: toggle.id }, null);
  return toggle;
}

async function liveHolder({ environment, asset }: ToggleWish, ports: DeliverPorts): Promise<ReleaseRow> {
  const states = ['live'] as const;
  const live = await ports.store.releases({ environment, project: null, states, wereLive: false, limit: 100 });
  if (live.length === 0) throw fail('nothing-live', { environment });
  const known: string[] = [];
  for (const release of live) {
    const { parts } = await ports.bundles.content(release.bundle);
    const keys = parts.flatMap(({ units }) => units.flatMap(({ assets }) => assets));
    if (keys.includes(asset)) return release;
    known.push(...keys);
  }
  throw fail('asset-not-live', { asset, environment, nearest: didYouMean(asset, known) });
}

/** Carries a toggle to its target, as a rollout of one step. May be called again at any time. */
export async function advanceToggle(id: string, ports: DeliverPorts): Promise<void> {
  const asked = await ports.store.toggle(id);
  if (asked === null) throw new Error(`advanceToggle: there is no toggle ${id}`);
  await ports.exclusively(asked.environment, async () => {
    const toggle = (await ports.store.toggle(id)) ?? asked;
    if (toggle.state === 'rolling-out' && (await ports.rollouts.read(id)) !== null) {
      return ports.jobs.add({ task: 'carry-out', subject: id }, null);
    }
    if (toggle.state !== 'asked' && toggle.state !== 'rolling-out') return;
    const plan = await planToggle(toggle, ports);
    if (plan.steps.length === 0) {
      await move(toggle, { to: 'done', because: 'its target was in that state already' }, ports);
    } else {
      await open(toggle, plan, ports);
    }
  });
}

async function planToggle(toggle: Toggle, ports: DeliverPorts): Promise<Plan> {
  const { project, asset, way } = toggle;
  const environment = await ports.store.environment(toggle.environment);
  const live = await ports.store.live(toggle.environment, project);
  if (environment === null || live === null) throw fail('nothing-live', { environment: toggle.environment });
  const input = await surveyEnvironment({ environment, bundle: live.bundle }, ports);
  return togglePlan({ ...input, environment: environment.name, asset, to: way });
}

async function open(toggle: Toggle, plan: Plan, ports: DeliverPorts): Promise<void> {
  const { id, environment } = toggle;
  await move(toggle, { to: 'rolling-out', because: 'being carried to its target' }, ports);
  const at = ports.clock.now();
  const audit = { at, actor: plane, action: 'rollout.opened', subject: id, detail: { environment, plan: plan.digest } };
  const opened = await ports.rollouts.open({ id, release: id, plan, at, audit });
  if (!('busy' in opened)) return ports.jobs.add({ task: 'carry-out', subject: id }, null);
  const because = `waiting for ${opened.busy}, which is being rolled out in ${environment}`;
  await move({ ...toggle, state: 'rolling-out' }, { to: 'asked', because }, ports);
  await ports.jobs.add({ task: 'toggle', subject: id }, new Date(at.getTime() + 5_000));
}

type ToggleChange = { to: ToggleState; because: string };

async function move(toggle: Toggle, { to, because }: ToggleChange, ports: DeliverPorts): Promise<void> {
  const { id, environment, asset, way, state } = toggle;
  const at = ports.clock.now();
  const detail = { environment, asset, way, because };
  const audit = { at, actor: plane, action: `toggle.${to}`, subject: id, detail };
  await ports.store.moveToggle({ id, from: [state], to, because, audit });
}
