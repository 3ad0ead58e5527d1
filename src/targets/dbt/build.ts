import type { UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { Mark, Outcome } from '../contract.ts';

/** A build that is wanted: the version `to` of a unit (null: whatever was there before the first). */
export type WantedBuild = { unit: UnitKey; to: Pointer | null; mark: Mark };

/**
 * How a version of a dbt project is brought to life in the warehouse. `in-place-build.ts` builds over what is there;
 * one that builds beside and then switches has the same two methods.
 */
export type Build = {
  /** `built`: this version is what the warehouse holds as far as Headgate built it. Reads only. */
  state(unit: UnitKey, to: Pointer | null): Promise<'built' | 'running' | 'not-built'>;
  /** The same key twice runs once. Throws when nobody can tell (the warehouse cannot be reached). */
  build(wanted: WantedBuild): Promise<Outcome>;
};
