import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { parseAssetKey } from '../../model/identifiers.ts';
import { readLog } from '../../store/queries/audit.ts';
import { askToggle } from '../../workflows/release/disable.ts';
import { AskedToggle, roles, ToggleShape, ToggleWish } from '../contract.ts';
import { type Route, route } from '../route.ts';
import { toggleView } from '../views.ts';

/** Single assets, stopped and let go on. */
export const assetRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/toggles',
    summary: 'Stop one asset at once, or let it go on; it holds over later deliveries',
    policy: { roles: ['operator', 'approver'], reach: 'environment' },
    params: null,
    query: null,
    body: ToggleWish,
    answer: AskedToggle,
    async handle({ plane, who, body, within }) {
      within(body.environment);
      const asset = parseAssetKey(body.asset);
      if (asset === null) throw fail('request-invalid', { problem: `${body.asset} is no asset key` });
      const { frontier } = await readLog(plane.database.db);
      const { environment, way, reason } = body;
      const asked = await askToggle({ environment, asset, way, reason, requestedBy: who.person }, plane);
      const cursor = frontier.size - 1;
      if ('unchanged' in asked) return { toggle: null, unchanged: asked.unchanged, cursor };
      return { toggle: toggleView(asked), unchanged: null, cursor };
    },
  }),
  route({
    method: 'get',
    path: '/toggles/{id}',
    summary: 'How far a toggle is',
    policy: { roles, reach: 'environment' },
    params: z.object({ id: z.string().max(64) }),
    query: null,
    body: null,
    answer: ToggleShape,
    async handle({ plane, params: { id }, within }) {
      const toggle = await plane.store.toggle(id);
      if (toggle === null) throw fail('toggle-not-found', { toggle: id });
      within(toggle.environment);
      return toggleView(toggle);
    },
  }),
];
