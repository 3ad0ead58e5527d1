import { fail } from '../../base/errors.ts';
import { parseSecretReference } from '../../base/secret-reference.ts';
import { canonicalJson } from '../../model/json.ts';
import type { PlanningPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

export type EnvironmentWish = Omit<RegisteredEnvironment, 'registeredBy' | 'registeredAt'>;

/**
 * Registers an environment, or changes it. What changed is audited field by field; a changed policy voids approvals by
 * its digest. Targets' settings are checked by the targets themselves.
 * @throws environment-invalid, target-unknown
 */
export async function registerEnvironment(
  { environment, by }: { environment: EnvironmentWish; by: string },
  ports: PlanningPorts,
): Promise<{ environment: RegisteredEnvironment; changes: string[] }> {
  requireSound(environment, ports);
  await requireChain(environment, ports);
  const before = await ports.store.environment(environment.name);
  const at = ports.clock.now();
  const registered = { ...environment, registeredBy: by, registeredAt: at };
  const changes = changesOf(before, environment);
  if (before !== null && changes.length === 0) return { environment: before, changes };
  await ports.store.saveEnvironment(registered, {
    at,
    actor: by,
    action: 'environment.registered',
    subject: `environment/${environment.name}`,
    detail: { environment: environment.name, changes },
  });
  return { environment: registered, changes };
}

function requireSound({ name, targets, secrets }: EnvironmentWish, ports: PlanningPorts): void {
  const invalid = (problem: string) => fail('environment-invalid', { environment: name, problem });
  for (const [secret, reference] of Object.entries(secrets)) {
    if (parseSecretReference(reference) === null) throw invalid(`secrets.${secret} is no reference such as env:NAME`);
  }
  for (const [id, settings] of Object.entries(targets)) {
    const read = ports.target(id).delivery?.environmentSettings.safeParse(settings);
    const issue = read?.error?.issues[0];
    if (issue !== undefined) throw invalid(`targets.${[id, ...issue.path].join('.')}: ${issue.message}`);
  }
}

async function requireChain({ name, after }: EnvironmentWish, ports: PlanningPorts): Promise<void> {
  const all = new Map((await ports.store.environments()).map((one) => [one.name, one.after]));
  if (after === null) return;
  if (!all.has(after) && after !== name) throw fail('environment-not-registered', { environment: after });
  for (let at: string | null = after; at !== null; at = all.get(at) ?? null) {
    if (at !== name) continue;
    throw fail('environment-invalid', { environment: name, problem: `after: ${after} makes the chain a circle` });
  }
}

/** Sentences such as `gates.approvals: 1 -> 2`. */
function changesOf(before: EnvironmentWish | null, now: EnvironmentWish): string[] {
  const fields = ({ after, promote, gates, targets, secrets }: EnvironmentWish) => ({
    after,
    promote,
    ...prefixed('gates', gates),
    ...prefixed('targets', targets),
    ...prefixed('secrets', secrets),
  });
  const old = new Map<string, unknown>(before === null ? [] : Object.entries(fields(before)));
  const fresh = new Map<string, unknown>(Object.entries(fields(now)));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .sort()
    .map((name) => ({ name, was: shown(old, name), is: shown(fresh, name) }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => (before === null ? `${name}: ${is}` : `${name}: ${was} -> ${is}`));
}

function prefixed(prefix: string, fields: object): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function shown(fields: ReadonlyMap<string, unknown>, name: string): string {
  return fields.has(name) ? canonicalJson(fields.get(name)) : 'absent';
}
