import { type ResumeWay, resumeRollout } from '../rollout/resume-rollout.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import { move, plane } from './move-release.ts';

/** A person's decision about a stuck rollout, told to its release or toggle as well; then work goes on. */
export async function reopen(
  decision: { id: string; way: ResumeWay; actor: string; because: string },
  ports: DeliverPorts,
): Promise<void> {
  const { id, way, actor } = decision;
  await resumeRollout(decision, { store: ports.rollouts, clock: ports.clock });
  const because = `resumed by ${actor} (${way}): ${decision.because}`;
  const release = await ports.store.release(id);
  if (release?.state === 'stuck') await move(release, { to: 'rolling-out', because }, ports);
  const toggle = await ports.store.toggle(id);
  if (toggle?.state === 'stuck') {
    const { environment, asset } = toggle;
    const at = ports.clock.now();
    const audit = {
      at,
      actor: plane,
      action: 'toggle.rolling-out',
      subject: id,
      detail: { environment, asset, because },
    };
    await ports.store.moveToggle({ id, from: ['stuck'], to: 'rolling-out', because, audit });
  }
  await ports.jobs.add({ task: 'carry-out', subject: id }, null);
}
