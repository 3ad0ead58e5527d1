import { fail } from '../../base/errors.ts';
import { parseDigest } from '../../model/identifiers.ts';
import { previewRelease } from '../../workflows/release/preview-release.ts';
import { PlannedShape, PlanWish, roles } from '../contract.ts';
import { type Route, route } from '../route.ts';
import { planView } from '../views.ts';

/** Plans that nobody has asked a release for yet. */
export const planRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/plans',
    summary: 'What a bundle would change in an environment, and what its gate would say; changes nothing',
    policy: { roles, reach: 'environment' },
    params: null,
    query: null,
    body: PlanWish,
    answer: PlannedShape,
    async handle({ plane, who, body, within }) {
      within(body.environment);
      const bundle = parseDigest(body.bundle);
      if (bundle === null || (await plane.uploads.find(bundle)) === null) {
        throw fail('bundle-unknown', { bundle: body.bundle });
      }
      const wish = { bundle, environment: body.environment, requestedBy: who.person };
      const { plan, verdict, differences } = await previewRelease(wish, plane);
      const because = { allowed: () => '', refused: refusal, waiting: wait }[verdict.outcome](verdict);
      return { plan: planView(plan), gate: { outcome: verdict.outcome, because }, differences };
    },
  }),
];

type Verdict = Awaited<ReturnType<typeof previewRelease>>['verdict'];

function refusal(verdict: Verdict): string {
  return verdict.outcome === 'refused' ? `${verdict.because}. ${verdict.hint}` : '';
}

function wait(verdict: Verdict): string {
  return verdict.outcome === 'waiting' ? verdict.for : '';
}
