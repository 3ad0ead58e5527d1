import { fail } from '../../base/errors.ts';
import { countedApprovals, type DecideInput, policyDigest } from '../../delivery/gates/decide.ts';
import type { Approval } from '../../delivery/gates/verdict.ts';
import type { Digest } from '../../model/identifiers.ts';
import { type PlannedRelease, planRelease } from './deliver.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import { signApproval } from './sign-approval.ts';

/** One person's word. `plan` is the digest of the plan that they read. */
export type ApprovalWish = {
  release: string;
  plan: Digest;
  approver: string;
  roles: string[];
  decision: 'approve' | 'reject';
  comment: string;
};

/**
 * Takes somebody's word about a waiting release: signed over bundle, plan, environment and policy, for as long as the
 * policy lets approvals last. What is live is looked at again first, so that nobody approves what no longer holds.
 * @throws release-not-found, release-not-waiting, approval-plan-changed, approval-by-author, approval-role-missing
 */
export async function approveRelease(wish: ApprovalWish, ports: DeliverPorts): Promise<Approval> {
  const release = await ports.store.release(wish.release);
  if (release === null) throw fail('release-not-found', { release: wish.release });
  const approval = await ports.exclusively(release.environment, async () => {
    const fresh = (await ports.store.release(wish.release)) ?? release;
    if (fresh.state !== 'waiting') throw fail('release-not-waiting', { release: fresh.id, state: fresh.state });
    const planned = await planRelease(fresh, ports);
    if (planned.plan.digest !== wish.plan) {
      throw fail('approval-plan-changed', { read: wish.plan, now: planned.plan.digest });
    }
    const given = sign(wish, planned, ports);
    requireCounts(given, planned, ports);
    await keep(given, ports);
    return given;
  });
  await ports.jobs.add({ task: 'advance', subject: release.id }, null);
  return approval;
}

function sign(wish: ApprovalWish, { release, plan, environment }: PlannedRelease, ports: DeliverPorts): Approval {
  const at = ports.clock.now();
  const approval = {
    release: release.id,
    bundle: release.bundle,
    plan: plan.digest,
    environment: release.environment,
    policy: policyDigest(environment.gates),
    approver: wish.approver,
    roles: wish.roles,
    decision: wish.decision,
    comment: wish.comment,
    at,
    expires: new Date(at.getTime() + environment.gates.approvalValidSeconds * 1000),
  };
  return signApproval(approval, ports.key);
}

/** An approval that the gate would not count is refused with the reason, not kept in silence. A rejection needs the role only. */
function requireCounts(approval: Approval, planned: PlannedRelease, ports: DeliverPorts): void {
  const { release, plan, environment } = planned;
  const { gates } = environment;
  const { approver, roles } = approval;
  if (gates.approverRoles.length > 0 && !gates.approverRoles.some((role) => roles.includes(role))) {
    const wanted = gates.approverRoles.join(' or ');
    throw fail('approval-role-missing', { person: approver, roles: wanted, environment: environment.name });
  }
  if (approval.decision === 'reject') return;
  const policy = policyDigest(gates);
  const input: DecideInput = {
    release,
    plan,
    policy: gates,
    policyDigest: policy,
    approvals: [approval],
    now: ports.clock.now(),
  };
  if (countedApprovals(input).length === 0) {
    throw fail('approval-by-author', { person: approver, environment: environment.name });
  }
}

async function keep(approval: Approval, ports: DeliverPorts): Promise<void> {
  const { release, bundle, plan, environment, policy, approver, decision, comment, at, expires } = approval;
  await ports.store.addApproval(approval, {
    at,
    actor: approver,
    action: `approval.${decision}`,
    subject: release,
    detail: {
      environment,
      bundle,
      plan,
      policy,
      comment,
      expires: expires.toISOString(),
      signature: approval.signature,
    },
  });
}
