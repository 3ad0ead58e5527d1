import { fail } from '../../base/errors.ts';
import { decide, policyDigest } from '../../delivery/gates/decide.ts';
import type { Verdict } from '../../delivery/gates/verdict.ts';
import { buildPlan } from '../../delivery/plan/build-plan.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import type { Digest } from '../../model/identifiers.ts';
import { withRuntimeWarnings } from './ask-runtimes.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import { environmentDifferences } from './environment-differences.ts';
import { authorsIn, findingsOf } from './release-evidence.ts';
import { surveyEnvironment } from './survey-environment.ts';

export type Preview = { plan: Plan; verdict: Verdict; differences: string[] };

/** The plan and the gate's answer as they would be if the bundle were asked for now. Keeps and changes nothing. */
export async function previewRelease(
  { bundle, environment: name, requestedBy }: { bundle: Digest; environment: string; requestedBy: string },
  ports: DeliverPorts,
): Promise<Preview> {
  const environment = await ports.store.environment(name);
  if (environment === null) throw fail('environment-not-registered', { environment: name });
  const input = await surveyEnvironment({ environment, bundle }, ports);
  const plan = await withRuntimeWarnings({ plan: buildPlan(input), environment, kind: 'promotion' }, ports);
  const now = ports.clock.now();
  const release = {
    id: 'preview',
    project: input.project,
    bundle,
    environment: name,
    kind: 'promotion' as const,
    requestedBy,
    authors: await authorsIn(ports.bundleStore, bundle),
    requestedAt: now,
    findings: await findingsOf(ports.bundleStore, bundle, await ports.trusted()),
  };
  const policy = environment.gates;
  const verdict = decide({ release, plan, policy, policyDigest: policyDigest(policy), approvals: [], now });
  const differences = environmentDifferences(environment, input.content);
  if (verdict.outcome === 'waiting' && plan.steps.length === 0)
    return { plan, verdict: { outcome: 'allowed' }, differences };
  return { plan, verdict, differences };
}
