import { fail, HeadgateError, messageOf } from '../../base/errors.ts';
import { sealPlan } from '../../delivery/plan/build-plan.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import { type RuntimeAnswer, runtimeWarnings } from '../../delivery/plan/runtime-warnings.ts';
import type { Release } from '../../delivery/release/release.ts';
import { lockInBundle } from '../bundle/read-lock.ts';
import { connectTarget } from './connect-targets.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

export type AskRuntimesInput = { plan: Plan; environment: RegisteredEnvironment; kind: Release['kind'] };

/**
 * The plan with a warning wherever a target that it touches runs something else than the lock in the bundle holds. Targets
 * that it leaves alone are not asked, nor anything when there is nothing to do.
 * @throws what targets throw; a rollback goes on without an answer, for the target may be what is broken.
 */
export async function withRuntimeWarnings(input: AskRuntimesInput, ports: DeliverPorts): Promise<Plan> {
  const { plan, environment, kind } = input;
  if (plan.steps.length === 0) return plan;
  const lock = await lockInBundle(ports.bundleStore, plan.bundle);
  const required = environment.gates.requireLockedRuntime && kind !== 'rollback';
  if (lock === null && !required) return plan;
  const touched = new Set(plan.steps.map(({ target }) => target));
  const { parts } = await ports.bundles.content(plan.bundle);
  const answers = new Map<string, RuntimeAnswer>();
  for (const target of lock === null ? [] : touched) {
    answers.set(target, await ask({ environment, target, mayFail: kind === 'rollback' }, ports));
  }
  const warnings = runtimeWarnings({
    environment: environment.name,
    parts: parts.filter(({ target }) => touched.has(target)),
    lock,
    answers,
    required,
  });
  return warnings.length === 0 ? plan : sealPlan({ ...plan, warnings: [...plan.warnings, ...warnings] });
}

type Asked = { environment: RegisteredEnvironment; target: string; mayFail: boolean };

async function ask({ environment, target, mayFail }: Asked, ports: DeliverPorts): Promise<RuntimeAnswer> {
  const connection = await connectTarget(environment, target, ports);
  try {
    const runtime = (await connection.runtime?.()) ?? null;
    return runtime === null ? { untold: `${target} cannot be asked` } : { runtime };
  } catch (error) {
    if (mayFail) return { untold: messageOf(error) };
    if (error instanceof HeadgateError) throw error;
    throw fail('target-not-seen', { target, environment: environment.name, because: messageOf(error) }, error);
  } finally {
    await connection.close();
  }
}
