import type { Delivery } from '../contract.ts';
import { connect } from './apply.ts';
import { AirflowEnvironment } from './environment-settings.ts';
import { irreversible } from './irreversible.ts';
import { layout, needsDrain } from './layout.ts';

/** Variables, Connections and Pools reach running DAGs at once, so new settings need no switch. */
export const delivery: Delivery = {
  layer: 'orchestrate',
  switchSteps: ['drain', 'switch', 'verify'],
  environmentSettings: AirflowEnvironment,
  settingsInPointer: false,
  layout,
  needsDrain,
  irreversible,
  connect,
};
