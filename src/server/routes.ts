import type { Route } from './route.ts';
import { assetRoutes } from './routes/assets.ts';
import { auditRoutes } from './routes/audit.ts';
import { bundleRoutes } from './routes/bundles.ts';
import { environmentRoutes } from './routes/environments.ts';
import { eventRoutes } from './routes/events.ts';
import { keyRoutes } from './routes/keys.ts';
import { planeRoutes } from './routes/plane.ts';
import { planRoutes } from './routes/plans.ts';
import { releaseRoutes } from './routes/releases.ts';
import { rolloutRoutes } from './routes/rollouts.ts';
import { tokenRoutes } from './routes/tokens.ts';

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...planeRoutes,
  ...tokenRoutes,
  ...keyRoutes,
  ...environmentRoutes,
  ...bundleRoutes,
  ...planRoutes,
  ...releaseRoutes,
  ...rolloutRoutes,
  ...assetRoutes,
  ...eventRoutes,
  ...auditRoutes,
];
