import type { BundleStore } from '../../base/bundle-store.ts';
import type { SigningKey, TrustedKey } from '../../base/signing.ts';
import type { BundleReader, Target } from '../../targets/contract.ts';
import type { Clock, Ids, RolloutStore } from '../ports.ts';
import type { DeliveryStore, Jobs } from './delivery-store.ts';

/** What planning needs of the world. `target` gives the target of an id, or throws `target-unknown`. */
export type PlanningPorts = {
  store: DeliveryStore;
  bundles: BundleReader;
  target(id: string): Target;
  secret(reference: string): Promise<string>;
  clock: Clock;
};

/** What delivering needs of the world. */
export type DeliverPorts = PlanningPorts & {
  rollouts: RolloutStore;
  bundleStore: BundleStore;
  /** The keys whose findings and provenance count. */
  trusted(): Promise<TrustedKey[]>;
  jobs: Jobs;
  ids: Ids;
  /** Signs approvals. */
  key: SigningKey;
  /** Runs the work while no process does other work for the same environment. */
  exclusively<Result>(environment: string, work: () => Promise<Result>): Promise<Result>;
};
