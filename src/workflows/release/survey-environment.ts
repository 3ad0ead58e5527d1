import { fail, HeadgateError, messageOf } from '../../base/errors.ts';
import type { LiveTargets, PlanInput } from '../../delivery/plan/plan-input.ts';
import type { BundleContent } from '../../model/bundle.ts';
import type { Environment } from '../../model/environment.ts';
import type { Digest } from '../../model/identifiers.ts';
import type { Delivery, LiveTarget } from '../../targets/contract.ts';
import { connectTarget } from './connect-targets.ts';
import type { PlanningPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

/**
 * Looks at every registered target of the environment and gathers what planning the bundle there needs.
 * Values come with the bundle; targets, gates and the chain are those that the operator registered.
 * A part for a target that the environment does not have is not delivered there, and the plan says so before anybody approves.
 * @throws what targets throw.
 */
export async function surveyEnvironment(
  { environment, bundle }: { environment: RegisteredEnvironment; bundle: Digest },
  ports: PlanningPorts,
): Promise<PlanInput> {
  const content = await ports.bundles.content(bundle);
  const deliveries = deliveriesOf(environment, ports);
  const live = await inspectAll(environment, Object.keys(deliveries), ports);
  const disabled = await ports.store.disabled(environment.name);
  return {
    project: content.project,
    environment: asRegistered(environment, content),
    bundle,
    content: { ...content, parts: content.parts.filter((part) => ports.target(part.target).delivery !== null) },
    live,
    liveContents: await contentsOf(live, ports),
    deliveries,
    disabled: disabled.map(({ asset }) => asset),
  };
}

/** The environment as it is delivered to: what the operator registered, with the values of the bundle. */
function asRegistered(environment: RegisteredEnvironment, content: BundleContent): Environment {
  const bundled = content.environments.find(({ name }) => name === environment.name);
  const { name, after, promote, gates, targets, secrets } = environment;
  return { name, after, promote, gates, targets, secrets, values: bundled?.values ?? {} };
}

function deliveriesOf(environment: RegisteredEnvironment, ports: PlanningPorts): { [target: string]: Delivery } {
  const found = Object.keys(environment.targets).map((id) => [id, ports.target(id).delivery] as const);
  return Object.fromEntries(found.flatMap(([id, delivery]) => (delivery === null ? [] : [[id, delivery]])));
}

async function inspectAll(
  environment: RegisteredEnvironment,
  targets: readonly string[],
  ports: PlanningPorts,
): Promise<LiveTargets> {
  const inspected = targets.map(async (target) => [target, await inspect(environment, target, ports)] as const);
  return Object.fromEntries(await Promise.all(inspected));
}

async function inspect(environment: RegisteredEnvironment, target: string, ports: PlanningPorts): Promise<LiveTarget> {
  try {
    const connection = await connectTarget(environment, target, ports);
    try {
      return await connection.inspect();
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof HeadgateError) throw error;
    throw fail('target-not-seen', { target, environment: environment.name, because: messageOf(error) }, error);
  }
}

/** A bundle that is live but can no longer be read is left out; planning then takes nothing for granted about it. */
async function contentsOf(live: LiveTargets, ports: PlanningPorts): Promise<Map<Digest, BundleContent>> {
  const bundles = new Set(Object.values(live).flatMap(({ units }) => units.map(({ pointer }) => pointer.bundle)));
  const contents = new Map<Digest, BundleContent>();
  for (const bundle of bundles) {
    try {
      contents.set(bundle, await ports.bundles.content(bundle));
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
    }
  }
  return contents;
}
