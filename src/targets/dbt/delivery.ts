import type { Delivery } from '../contract.ts';
import { connect } from './apply.ts';
import { DbtEnvironment } from './environment-settings.ts';
import { irreversible } from './irreversible.ts';
import { layout } from './layout.ts';

/** A dbt run ends by itself and reads one release from start to end, so nothing has to be drained. */
export const delivery: Delivery = {
  layer: 'transform',
  switchSteps: ['switch', 'build', 'verify'],
  environmentSettings: DbtEnvironment,
  settingsInPointer: true,
  layout,
  needsDrain: () => false,
  irreversible,
  connect,
};
