import { type decide as decideRelease, policyDigest } from '../../src/delivery/gates/decide.ts';
import type { Approval } from '../../src/delivery/gates/verdict.ts';
import { buildPlan } from '../../src/delivery/plan/build-plan.ts';
import type { Plan } from '../../src/delivery/plan/plan.ts';
import { togglePlan } from '../../src/delivery/plan/toggle-plan.ts';
import type { Release } from '../../src/delivery/release/release.ts';
import type { GatePolicy } from '../../src/model/environment.ts';
import { prod } from '../estate/small-estate.ts';
import { type Estate, hasEnded } from './estate.ts';
import type { Request, RequestEnd, Scenario } from './scenario.ts';
import type { World } from './world.ts';

type Crowd = {
  /** Ids of the rollouts that were opened. */
  opened(): string[];
  plans(): Map<string, Plan>;
  isSatisfied(): boolean;
  ends(): { [request: string]: RequestEnd };
};

type Surroundings = {
  scenario: Scenario;
  estate: Estate;
  time: World;
  decide: typeof decideRelease;
  start(rollout: string): void;
};

const policy: GatePolicy = {
  approvals: 1,
  approverRoles: ['approver'],
  separateAuthor: true,
  requiredChecks: [],
  requireLockedRuntime: false,
  approvalValidSeconds: 86_400,
};

/** Those who ask for releases, approve them, and try again when the environment is taken. They never crash. */
export function people({ scenario, estate, time, decide, start }: Surroundings): Crowd {
  const approvals: Approval[] = [];
  const firstPlans = new Map(scenario.requests.map((request) => [request.id, planOf(estate, request)]));
  const plans = new Map<string, Plan>();
  const idle = new Set<string>();

  for (const request of scenario.requests) {
    const plan = firstPlans.get(request.id);
    if (request.approvedAtStart && plan !== undefined) approvals.push(approval(request, plan, 0));
    time.after(request.atSeconds * 1000, () => ask(request));
  }

  function ask(request: Request): void {
    if (request.after !== null && !hasEnded(estate, request.after)) {
      time.after(10_000, () => ask(request));
      return;
    }
    const plan = (request.planned === 'at-start' ? firstPlans.get(request.id) : null) ?? planOf(estate, request);
    if (plan.steps.length === 0) {
      idle.add(request.id);
      return;
    }
    const release = releaseOf(request, plan);
    const now = moment(time.now());
    const verdict = decide({ release, plan, policy, policyDigest: policyDigest(policy), approvals, now });
    if (verdict.outcome === 'refused') estate.violations.push(`${request.id} was refused: ${verdict.because}`);
    if (verdict.outcome === 'waiting') {
      approvals.push(approval(request, plan, time.now()));
      time.after(30_000, () => ask(request));
    }
    if (verdict.outcome === 'allowed') open(request, plan);
  }

  function open(request: Request, plan: Plan): void {
    const { id } = request;
    const before = estate.rollouts.audit.length;
    const at = moment(time.now());
    const audit = { at, actor: 'olga', action: 'rollout.running', subject: id, detail: { plan: plan.digest } };
    const opened = estate.rollouts.open({ id, release: id, plan, at, audit });
    estate.recorded += estate.rollouts.audit.length - before;
    if ('busy' in opened) {
      time.after(20_000, () => ask(request));
      return;
    }
    if (!approvals.some((given) => given.release === id && given.plan === plan.digest)) {
      estate.violations.push(`${id} was opened with a plan that nobody approved`);
    }
    plans.set(id, plan);
    estate.opened(id, plan);
    start(id);
  }

  return {
    opened: () => [...plans.keys()],
    plans: () => plans,
    isSatisfied: () => scenario.requests.every(({ id }) => idle.has(id) || hasEnded(estate, id)),
    ends: () =>
      Object.fromEntries(
        scenario.requests.map(({ id }) => [
          id,
          idle.has(id) ? 'nothing to do' : (estate.rollouts.read(id)?.state ?? 'not ended'),
        ]),
      ),
  };
}

const plansMade = new WeakMap<Request, Map<string, Plan>>();

/** The plan of a request from what is live now. Planning is pure, so a plan from the same start is made once. */
function planOf(estate: Estate, request: Request): Plan {
  const made = plansMade.get(request) ?? new Map<string, Plan>();
  plansMade.set(request, made);
  const start = estate.visible();
  const plan = made.get(start) ?? makePlan(estate, request);
  made.set(start, plan);
  return plan;
}

function makePlan(estate: Estate, { ask }: Request): Plan {
  if ('estate' in ask) return buildPlan(estate.planInput(ask.estate));
  const input = estate.planInput(estate.scenario.live);
  return togglePlan({ ...input, environment: prod, asset: ask.asset, to: ask.toggle });
}

function releaseOf({ id }: Request, plan: Plan): Release {
  return {
    id,
    project: plan.project,
    bundle: plan.bundle,
    environment: plan.environment,
    kind: 'promotion',
    requestedBy: 'ann',
    authors: ['ann'],
    requestedAt: moment(0),
    findings: {
      digest: null,
      signedBy: null,
      passed: 1,
      failed: 0,
      errored: 0,
      skipped: 0,
      cleanChecks: [],
      blocking: 0,
    },
  };
}

function approval({ id }: Request, plan: Plan, now: number): Approval {
  return {
    release: id,
    bundle: plan.bundle,
    plan: plan.digest,
    environment: plan.environment,
    policy: policyDigest(policy),
    approver: 'bob',
    roles: ['approver'],
    decision: 'approve',
    comment: '',
    at: moment(now),
    expires: moment(now + policy.approvalValidSeconds * 1000),
    signature: '',
  };
}

function moment(milliseconds: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + milliseconds);
}
