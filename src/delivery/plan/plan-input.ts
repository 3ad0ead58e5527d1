import type { BundleContent } from '../../model/bundle.ts';
import type { Environment } from '../../model/environment.ts';
import type { AssetKey, Digest } from '../../model/identifiers.ts';
import type { Delivery, LiveTarget } from '../../targets/contract.ts';

/** What planning needs to know of a target. */
export type PlanDelivery = Pick<
  Delivery,
  'layer' | 'switchSteps' | 'needsDrain' | 'irreversible' | 'settingsInPointer'
>;

/** What is live in every target of an environment, by target id. */
export type LiveTargets = { [target: string]: LiveTarget };

export type PlanInput = {
  project: string;
  environment: Environment;
  bundle: Digest;
  content: BundleContent;
  live: LiveTargets;
  /** The contents of the bundles that live pointers name, as far as they can still be read. */
  liveContents: Map<Digest, BundleContent>;
  deliveries: { [target: string]: PlanDelivery };
  /** Assets that a person stopped; they stay stopped. */
  disabled: AssetKey[];
};
