import type { BundleUnit } from '../../model/bundle.ts';
import type { Irreversible } from '../contract.ts';
import { factsOf } from './unit-facts.ts';

/** What people should know of a DAG file's change before they approve it. */
export function irreversible(from: BundleUnit | null, to: BundleUnit | null): Irreversible[] {
  if (to !== null && factsOf(to).legacy) {
    const because = 'it is copied as it is: tasks that begin after the switch run the new code, also in runs under way';
    return [{ unit: to.unit, because }];
  }
  if (from !== null && to === null) {
    return [
      { unit: from.unit, because: 'data intervals that pass while the DAG is gone are not run when it comes back' },
    ];
  }
  return [];
}
