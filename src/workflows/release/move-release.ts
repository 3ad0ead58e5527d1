import type { Plan } from '../../delivery/plan/plan.ts';
import type { ReleaseState } from '../../delivery/release/release.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { Moved, ReleaseMove, ReleaseRow, Trouble } from './delivery-store.ts';

/** The name under which the control plane acts by itself. */
export const plane = 'control-plane';

/** `because` says why in a sentence; plan and rollout stay as they are when absent. */
export type ReleaseChange = {
  to: ReleaseState;
  because: string;
  plan?: Plan;
  rollout?: string | null;
  trouble?: Trouble | null;
};

type MovePorts = Pick<DeliverPorts, 'store' | 'clock'>;

/** Moves a release on from the state it was read in, audited as `release.<state>`. Earlier trouble is over then. */
export async function move(release: ReleaseRow, change: ReleaseChange, ports: MovePorts): Promise<Moved> {
  return ports.store.moveRelease(moveOf(release, change, ports));
}

/** The move as the store takes it. */
export function moveOf(release: ReleaseRow, change: ReleaseChange, ports: MovePorts): ReleaseMove {
  const { id, environment, project, bundle } = release;
  const at = ports.clock.now();
  const detail = { environment, project, bundle, because: change.because };
  const audit = { at, actor: plane, action: `release.${change.to}`, subject: id, detail };
  return { id, from: [release.state], trouble: null, at, audit, ...change };
}
