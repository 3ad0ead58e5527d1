import { airflowErrors } from './airflow.ts';
import { bridgeErrors } from './bridge.ts';
import { bundleErrors } from './bundle.ts';
import { checksErrors } from './checks.ts';
import { deliveryErrors } from './delivery.ts';
import { projectErrors } from './project.ts';
import { releaseHomeErrors } from './release-home.ts';
import { serverErrors } from './server.ts';
import { stackErrors } from './stack.ts';
import { targetErrors } from './target.ts';

/** Every code Headgate can fail with. One file an area; codes are permanent. */
export const catalogue = {
  ...projectErrors,
  ...airflowErrors,
  ...bridgeErrors,
  ...bundleErrors,
  ...checksErrors,
  ...deliveryErrors,
  ...releaseHomeErrors,
  ...serverErrors,
  ...stackErrors,
  ...targetErrors,
};
