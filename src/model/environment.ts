import type { Json } from './json.ts';

/** Where a secret is: `env:NAME` or `file:/path`. Never its value. */
export type SecretReference = string;

/**
 * What must hold before a release goes in. `approvalValidSeconds` is how long an approval lasts. `requireLockedRuntime`:
 * every target that the plan touches says that it runs what the bundle's lock holds.
 */
export type GatePolicy = {
  approvals: number;
  approverRoles: string[];
  separateAuthor: boolean;
  requiredChecks: string[];
  requireLockedRuntime: boolean;
  approvalValidSeconds: number;
};

/** The settings of one target in one environment, not yet parsed by that target. */
export type TargetSettings = { [setting: string]: Json };

/** One environment of the chain. `after` is the environment a release must have ended well in before, null for the first. */
export type Environment = {
  name: string;
  after: string | null;
  promote: 'automatic' | 'manual';
  gates: GatePolicy;
  targets: { [target: string]: TargetSettings };
  values: { [name: string]: Json };
  secrets: { [name: string]: SecretReference };
};

/** An environment of which only the values are known: nothing is deployed in it, and nothing has to hold before. */
export function plainEnvironment(name: string, values: Environment['values'] = {}): Environment {
  const gates: GatePolicy = {
    approvals: 0,
    approverRoles: [],
    separateAuthor: true,
    requiredChecks: [],
    requireLockedRuntime: false,
    approvalValidSeconds: 0,
  };
  return { name, after: null, promote: 'manual', gates, targets: {}, values, secrets: {} };
}
