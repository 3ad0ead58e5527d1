import type { RolloutState } from '../../src/delivery/rollout/rollout.ts';
import type { AssetKey } from '../../src/model/identifiers.ts';
import type { SmallEstate } from '../estate/small-estate.ts';
import type { TargetBehaviour } from './memory-target.ts';

/**
 * Something that people ask for: a bundle, or that one asset be stopped or let go on.
 * `planned`: `now` makes the plan again whenever it is tried; `at-start` keeps the plan of the first second, stale or not.
 * `approved`: an approval is given over the plan of the first second; without, one is given whenever the gate asks.
 */
export type Request = {
  id: string;
  atSeconds: number;
  /** The request that must have ended before this one is made. */
  after: string | null;
  ask: { estate: SmallEstate } | { toggle: 'disable' | 'enable'; asset: AssetKey };
  planned: 'now' | 'at-start';
  approvedAtStart: boolean;
};

export type Scenario = {
  name: string;
  /** What is live before the first request. */
  live: SmallEstate;
  disabled: AssetKey[];
  requests: Request[];
  behaviour: TargetBehaviour;
  /** A target that answers nothing for a while. */
  outage: { target: string; fromSeconds: number; untilSeconds: number } | null;
  /** How each request may end, whatever happens to the workers. */
  ends: { [request: string]: readonly ('done' | 'undone')[] };
  /** Whether a person may be needed on the way. */
  mayBeStuck: boolean;
};

export type RequestEnd = RolloutState | 'nothing to do' | 'not ended';
