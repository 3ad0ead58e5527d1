import { fail } from '../../base/errors.ts';
import type { TargetSettings } from '../../model/environment.ts';
import type { Json } from '../../model/json.ts';
import type { TargetConnection } from '../../targets/contract.ts';
import type { Targets } from '../ports.ts';
import type { PlanningPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

/** Connects a target with the settings that an operator registered for the environment. */
export function registeredTargets(ports: PlanningPorts): Targets {
  return {
    async connect(name, target) {
      const environment = await ports.store.environment(name);
      if (environment === null) throw fail('environment-not-registered', { environment: name });
      return connectTarget(environment, target, ports);
    },
  };
}

/** @throws target-not-registered, and what the target throws. */
export async function connectTarget(
  environment: RegisteredEnvironment,
  id: string,
  ports: PlanningPorts,
): Promise<TargetConnection> {
  const settings = environment.targets[id];
  const { delivery } = ports.target(id);
  if (settings === undefined || delivery === null) {
    throw fail('target-not-registered', { target: id, environment: environment.name });
  }
  return delivery.connect(withReferences(settings, environment.secrets), {
    environment: environment.name,
    bundles: ports.bundles,
    secret: ports.secret,
    now: () => ports.clock.now(),
  });
}

/** The settings with `${secrets.name}` replaced by where that secret is; its value is read only when it is used. */
function withReferences(settings: TargetSettings, secrets: RegisteredEnvironment['secrets']): TargetSettings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, replaced(value, secrets)]));
}

function replaced(value: Json, secrets: RegisteredEnvironment['secrets']): Json {
  if (Array.isArray(value)) return value.map((item) => replaced(item, secrets));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, secrets)]));
  }
  const named = typeof value === 'string' ? /^\$\{secrets\.([^}]+)\}$/.exec(value)?.[1] : undefined;
  if (named === undefined) return value;
  const reference = secrets[named];
  if (reference === undefined) throw fail('secret-not-registered', { secret: named });
  return reference;
}
