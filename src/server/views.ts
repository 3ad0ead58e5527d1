import { countedApprovals, policyDigest } from '../delivery/gates/decide.ts';
import { explainPlan, explainStep } from '../delivery/plan/explain-plan.ts';
import type { Plan } from '../delivery/plan/plan.ts';
import type { Rollout } from '../delivery/rollout/rollout.ts';
import type { RegisteredEnvironment, ReleaseRow, Toggle } from '../workflows/release/delivery-store.ts';
import { environmentDifferences } from '../workflows/release/environment-differences.ts';
import { isGenuine } from '../workflows/release/sign-approval.ts';
import type {
  ApprovalShape,
  EnvironmentShape,
  PlanShape,
  ReleaseBrief,
  ReleaseShape,
  RolloutShape,
  ToggleShape,
} from './contract.ts';
import type { Plane } from './plane.ts';

/** How rows are shown. Nothing here decides anything. */
export function planView(plan: Plan): PlanShape {
  const { digest, project, environment, bundle, start, warnings } = plan;
  return {
    digest,
    project,
    environment,
    bundle,
    start,
    steps: plan.steps.map((step) => ({ kind: step.kind, target: step.target, text: explainStep(step) })),
    warnings: warnings.map(({ unit, because, breaks }) => ({ unit, because, breaks: breaks ?? null })),
    lines: explainPlan(plan),
  };
}

export function rolloutView({ id, release, environment, plan, state, epoch, steps }: Rollout): RolloutShape {
  return {
    id,
    release,
    environment,
    plan,
    state,
    epoch,
    steps: steps.map(({ index, step, state: at, detail, attempts, notBefore }) => ({
      index,
      kind: step.kind,
      target: step.target,
      text: explainStep(step),
      state: at,
      detail,
      attempts,
      notBefore: notBefore?.toISOString() ?? null,
    })),
  };
}

export function briefView(row: ReleaseRow): ReleaseBrief {
  const { id, number, project, bundle, environment, kind, state, because, trouble, requestedBy, before, following } =
    row;
  return {
    id,
    number,
    project,
    bundle,
    environment,
    kind,
    state,
    because,
    trouble,
    requestedBy,
    requested: row.requestedAt.toISOString(),
    changed: row.changedAt.toISOString(),
    liveSince: row.state === 'live' ? (row.liveAt?.toISOString() ?? null) : null,
    before,
    following,
    plan: row.plan?.digest ?? null,
  };
}

/** A release with its plan, its rollout, and what people said of it. */
export async function releaseView(row: ReleaseRow, plane: Plane): Promise<ReleaseShape> {
  const environment = await plane.store.environment(row.environment);
  const rollout = row.rollout === null ? null : await plane.rollouts.read(row.rollout);
  return {
    ...briefView(row),
    authors: row.authors,
    findings: row.findings,
    plan: row.plan === null ? null : planView(row.plan),
    rollout: rollout === null ? null : rolloutView(rollout),
    approvals: environment === null ? [] : await approvalViews(row, environment, plane),
    differences:
      environment === null ? [] : environmentDifferences(environment, await plane.bundles.content(row.bundle)),
  };
}

async function approvalViews(
  release: ReleaseRow,
  environment: RegisteredEnvironment,
  plane: Plane,
): Promise<ApprovalShape[]> {
  const approvals = await plane.store.approvals(release.id);
  const { plan } = release;
  if (plan === null) return [];
  const policy = environment.gates;
  const input = { release, plan, policy, policyDigest: policyDigest(policy), now: plane.clock.now() };
  return approvals.map((approval) => ({
    approver: approval.approver,
    decision: approval.decision,
    comment: approval.comment,
    plan: approval.plan,
    policy: approval.policy,
    at: approval.at.toISOString(),
    expires: approval.expires.toISOString(),
    counts: isGenuine(approval, plane.key) && countedApprovals({ ...input, approvals: [approval] }).length === 1,
    signature: approval.signature,
  }));
}

export function environmentView(environment: RegisteredEnvironment): EnvironmentShape {
  const { name, after, promote, gates, targets, secrets, registeredBy, registeredAt } = environment;
  return { name, after, promote, gates, targets, secrets, registeredBy, registered: registeredAt.toISOString() };
}

export function toggleView({ id, environment, asset, way, reason, requestedBy, ...rest }: Toggle): ToggleShape {
  const { requestedAt, state, because } = rest;
  return { id, environment, asset, way, reason, requestedBy, requested: requestedAt.toISOString(), state, because };
}
