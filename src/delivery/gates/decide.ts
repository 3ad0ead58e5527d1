import type { GatePolicy } from '../../model/environment.ts';
import { type Digest, digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Plan } from '../plan/plan.ts';
import type { Release } from '../release/release.ts';
import type { Approval, Verdict } from './verdict.ts';

export type DecideInput = {
  release: Release;
  plan: Plan;
  policy: GatePolicy;
  /** Of the policy as it stands now; see `policyDigest`. Approvals given under another one do not count. */
  policyDigest: Digest;
  approvals: Approval[];
  now: Date;
};

/** What an approval is bound to beside bundle and plan: a changed policy voids it. A rule that is off is no part of it. */
export function policyDigest({ requireLockedRuntime, ...policy }: GatePolicy): Digest {
  return digestOf(canonicalJson(requireLockedRuntime ? { ...policy, requireLockedRuntime } : policy));
}

/**
 * Says whether the release may go in now. Refusals come first: a plan of something else, findings that block,
 * required checks that are not clean, a person's rejection. Then it waits for enough people.
 * A rollback goes to a bundle that was live before: it needs neither checks nor approvals, but a rejection stops it too.
 */
export function decide(input: DecideInput): Verdict {
  const reasons = refusals.map((reason) => reason(input));
  return reasons.find((verdict) => verdict !== null) ?? awaited(input) ?? { outcome: 'allowed' };
}

/** The approvals that count now: bound to exactly this release, plan and policy, in time, by people who may. One a person. */
export function countedApprovals(input: DecideInput): Approval[] {
  const counted = new Map<string, Approval>();
  for (const approval of input.approvals) {
    if (approval.decision !== 'approve' || !isBound(input, approval) || !hasRole(input, approval)) continue;
    if (approval.at > input.now || approval.expires <= input.now || isOwnChange(input, approval)) continue;
    counted.set(person(approval.approver), approval);
  }
  return [...counted.values()];
}

type Refusal = (input: DecideInput) => Extract<Verdict, { outcome: 'refused' }> | null;

const refusals: readonly Refusal[] = [refuseOtherPlan, refuseFindings, refuseChecks, refuseRuntime, refuseRejected];

function refuseOtherPlan({ release, plan }: DecideInput) {
  if (plan.bundle === release.bundle && plan.environment === release.environment && plan.project === release.project) {
    return null;
  }
  return refused(
    `the plan is for ${plan.bundle} in ${plan.environment}, not for what the release asks`,
    'Make the plan of this release again with `headgate plan`.',
  );
}

function refuseFindings({ release }: DecideInput) {
  if (release.kind === 'rollback' || release.findings.blocking === 0) return null;
  return refused(
    `its findings block: ${release.findings.blocking} failed or could not tell`,
    'Run `headgate check`, mend what it names, and make a new bundle.',
  );
}

function refuseChecks({ release, policy }: DecideInput) {
  if (release.kind === 'rollback' || policy.requiredChecks.length === 0) return null;
  if (release.findings.digest === null || release.findings.signedBy === null) {
    return refused(
      'its bundle carries no signed findings, and the environment requires checks',
      'Make the bundle with its findings: `headgate check` and `headgate bundle`.',
    );
  }
  const missing = policy.requiredChecks.filter((check) => !release.findings.cleanChecks.includes(check)).sort();
  if (missing.length === 0) return null;
  return refused(
    `required checks are not clean: ${missing.join(', ')}`,
    'Run `headgate check` with the environment, mend what it names, and make a new bundle.',
  );
}

/** A plan without steps brings nothing in, whatever runs there. */
function refuseRuntime({ release, plan, policy }: DecideInput) {
  if (release.kind === 'rollback' || !policy.requireLockedRuntime || plan.steps.length === 0) return null;
  const broken = plan.warnings.filter(({ breaks }) => breaks === 'require-locked-runtime');
  if (broken.length === 0) return null;
  return refused(
    `${plan.environment} must run what headgate.lock holds: ${broken.map(({ because }) => because).join('; ')}`,
    'Ask for the release again when that is so.',
  );
}

/** A no does not run out: it stands for this release and plan. Whoever may approve may say it, the author too. */
function refuseRejected(input: DecideInput) {
  const rejection = input.approvals.find(
    (approval) => approval.decision === 'reject' && isBound(input, approval) && hasRole(input, approval),
  );
  if (rejection === undefined) return null;
  const why = rejection.comment === '' ? '' : `: ${rejection.comment}`;
  return refused(`${rejection.approver} rejected it${why}`, 'Talk to them, then ask for the release again.');
}

function awaited(input: DecideInput): Verdict | null {
  if (input.release.kind === 'rollback') return null;
  const missing = input.policy.approvals - countedApprovals(input).length;
  if (missing <= 0) return null;
  const who = input.policy.approverRoles.length === 0 ? '' : ` by ${input.policy.approverRoles.join(' or ')}`;
  const others = input.policy.separateAuthor ? ', not by its authors' : '';
  return { outcome: 'waiting', for: `${missing} more ${missing === 1 ? 'approval' : 'approvals'}${who}${others}` };
}

function isBound({ release, plan, policyDigest: policy }: DecideInput, approval: Approval): boolean {
  return (
    approval.release === release.id &&
    approval.bundle === release.bundle &&
    approval.environment === release.environment &&
    approval.plan === plan.digest &&
    approval.policy === policy
  );
}

function hasRole({ policy }: DecideInput, { roles }: Approval): boolean {
  return policy.approverRoles.length === 0 || policy.approverRoles.some((role) => roles.includes(role));
}

/** Whoever asked for the release counts as an author of it. */
function isOwnChange({ release, policy }: DecideInput, { approver }: Approval): boolean {
  if (!policy.separateAuthor) return false;
  return [...release.authors, release.requestedBy].some((author) => person(author) === person(approver));
}

/** One name a person, however it is written. */
function person(name: string): string {
  return name.trim().toLowerCase();
}

function refused(because: string, hint: string): Extract<Verdict, { outcome: 'refused' }> {
  return { outcome: 'refused', because, hint };
}
