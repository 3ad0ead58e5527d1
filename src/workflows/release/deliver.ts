import { fail } from '../../base/errors.ts';
import { decide, policyDigest } from '../../delivery/gates/decide.ts';
import type { Verdict } from '../../delivery/gates/verdict.ts';
import { buildPlan } from '../../delivery/plan/build-plan.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import { withRuntimeWarnings } from './ask-runtimes.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment, ReleaseRow } from './delivery-store.ts';
import { goLive } from './go-live.ts';
import { move, plane } from './move-release.ts';
import { isGenuine } from './sign-approval.ts';
import { surveyEnvironment } from './survey-environment.ts';

/**
 * Takes a release as far as it can go now: makes its plan from what is live at this moment, asks the gate, and opens its
 * rollout when that says so. May be called at any time, any number of times, after any crash.
 * @throws release-not-found, and whatever kept it from looking; the release is then as it was.
 */
export async function advanceRelease(id: string, ports: DeliverPorts): Promise<void> {
  const { environment } = await readRelease(id, ports);
  await ports.exclusively(environment, async () => {
    const release = await readRelease(id, ports);
    if (release.state === 'rolling-out') return resumeRelease(release, ports);
    if (release.state !== 'asked' && release.state !== 'waiting') return;
    const planned = await planRelease(release, ports);
    const verdict = await judge(planned, ports);
    await act(planned, verdict, ports);
  });
}

/** The release with the plan that holds now. A plan that differs from the one before voids the approvals of that one. */
export type PlannedRelease = { release: ReleaseRow; plan: Plan; environment: RegisteredEnvironment };

/** Makes the plan from what is live now and keeps it when it is another one than before. */
export async function planRelease(release: ReleaseRow, ports: DeliverPorts): Promise<PlannedRelease> {
  const environment = await ports.store.environment(release.environment);
  if (environment === null) throw fail('environment-not-registered', { environment: release.environment });
  const built = buildPlan(await surveyEnvironment({ environment, bundle: release.bundle }, ports));
  const plan = await withRuntimeWarnings({ plan: built, environment, kind: release.kind }, ports);
  if (plan.digest !== release.plan?.digest) await keepPlan(release, plan, ports);
  return { release, plan, environment };
}

/** What the gate says of a planned release. An empty plan changes nothing, so nobody has to approve it. */
async function judge({ release, plan, environment }: PlannedRelease, ports: DeliverPorts): Promise<Verdict> {
  const approvals = await ports.store.approvals(release.id);
  const verdict = decide({
    release,
    plan,
    policy: environment.gates,
    policyDigest: policyDigest(environment.gates),
    approvals: approvals.filter((approval) => isGenuine(approval, ports.key)),
    now: ports.clock.now(),
  });
  return verdict.outcome === 'waiting' && plan.steps.length === 0 ? { outcome: 'allowed' } : verdict;
}

async function act(planned: PlannedRelease, verdict: Verdict, ports: DeliverPorts): Promise<void> {
  const { release, plan } = planned;
  if (verdict.outcome === 'refused') {
    await move(release, { to: 'refused', because: `${verdict.because}. ${verdict.hint}` }, ports);
  } else if (verdict.outcome === 'waiting') {
    await hold(release, `waiting for ${verdict.for}`, ports);
  } else if (plan.steps.length === 0) {
    await goLive(release, `nothing to do: ${release.environment} was already at this bundle`, ports);
  } else {
    await start(planned, ports);
  }
}

/** The release is marked first: a rollout that exists always has a release that knows of it. */
async function start({ release, plan }: PlannedRelease, ports: DeliverPorts): Promise<void> {
  const { id, environment } = release;
  const moved = await move(
    release,
    { to: 'rolling-out', because: `carrying out ${plan.steps.length} steps`, plan, rollout: id },
    ports,
  );
  if (moved === 'stale') return;
  const at = ports.clock.now();
  const opened = await ports.rollouts.open({
    id,
    release: id,
    plan,
    at,
    audit: { at, actor: plane, action: 'rollout.opened', subject: id, detail: { environment, plan: plan.digest } },
  });
  if ('busy' in opened) return waitForTurn({ ...release, state: 'rolling-out' }, opened.busy, ports);
  await ports.jobs.add({ task: 'carry-out', subject: id }, null);
}

/** After a crash between marking the release and opening its rollout: it is planned again, for what is live may have moved. */
async function resumeRelease(release: ReleaseRow, ports: DeliverPorts): Promise<void> {
  const rollout = await ports.rollouts.read(release.id);
  if (rollout !== null) return ports.jobs.add({ task: 'carry-out', subject: release.id }, null);
  await move(release, { to: 'asked', because: 'its rollout had not begun; planned again', rollout: null }, ports);
  await ports.jobs.add({ task: 'advance', subject: release.id }, null);
}

async function waitForTurn(release: ReleaseRow, other: string, ports: DeliverPorts): Promise<void> {
  const because = `waiting for ${other}, which is being rolled out in ${release.environment}`;
  await move(release, { to: 'waiting', because, rollout: null }, ports);
  const soon = new Date(ports.clock.now().getTime() + 10_000);
  await ports.jobs.add({ task: 'advance', subject: release.id }, soon);
}

async function hold(release: ReleaseRow, because: string, ports: DeliverPorts): Promise<void> {
  if (release.state === 'waiting' && release.because === because && release.trouble === null) return;
  await move(release, { to: 'waiting', because }, ports);
}

async function keepPlan(release: ReleaseRow, plan: Plan, ports: DeliverPorts): Promise<void> {
  const at = ports.clock.now();
  const { id, environment, state, because } = release;
  await ports.store.moveRelease({
    id,
    from: [state],
    to: state,
    because,
    plan,
    at,
    audit: {
      at,
      actor: plane,
      action: 'release.planned',
      subject: id,
      detail: {
        environment,
        plan: plan.digest,
        start: plan.start,
        steps: plan.steps.length,
        voids: release.plan?.digest ?? null,
      },
    },
  });
}

async function readRelease(id: string, ports: DeliverPorts): Promise<ReleaseRow> {
  const release = await ports.store.release(id);
  if (release === null) throw fail('release-not-found', { release: id });
  return release;
}
