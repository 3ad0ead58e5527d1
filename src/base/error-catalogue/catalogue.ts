import { airflowErrors } from './airflow.ts';
import { bridgeErrors } from './bridge.ts';
import { bundleErrors } from './bundle.ts';
import { checksErrors } from './checks.ts';
import { compatibilityErrors } from './compatibility.ts';
import { deliveryErrors } from './delivery.ts';
import { projectErrors } from './project.ts';
import { releaseHomeErrors } from './release-home.ts';
import { reportErrors } from './report.ts';
import { revisionErrors } from './revision.ts';
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
  ...compatibilityErrors,
  ...deliveryErrors,
  ...releaseHomeErrors,
  ...reportErrors,
  ...revisionErrors,
  ...serverErrors,
  ...stackErrors,
  ...targetErrors,
};
