import type { BundleUnit } from '../../model/bundle.ts';
import type { Delivery, Irreversible } from '../contract.ts';
import { connect } from './apply.ts';
import { SparkEnvironment } from './environment-settings.ts';
import { layout } from './layout.ts';

/** A Spark job reads its release when it is submitted and keeps it to its end, so nothing has to be drained. */
export const delivery: Delivery = {
  layer: 'compute',
  switchSteps: ['switch', 'verify'],
  environmentSettings: SparkEnvironment,
  settingsInPointer: true,
  layout,
  needsDrain: () => false,
  irreversible,
  connect,
};

function irreversible(from: BundleUnit | null, to: BundleUnit | null): Irreversible[] {
  if (from === null || to === null) return [];
  return [{ unit: to.unit, because: 'What runs of the new code write stays where it was written.' }];
}
