import type { DeliverPorts } from './deliver-ports.ts';

/**
 * Asks again for everything that is under way, so that nothing is stranded by a process that died: open rollouts,
 * releases that have no plan yet or whose rollout ended unnoticed, and toggles.
 */
export async function resumeAll(ports: DeliverPorts): Promise<void> {
  const everywhere = { environment: null, project: null, wereLive: false, limit: 1000 };
  const releases = await ports.store.releases({ ...everywhere, states: ['asked', 'rolling-out'] });
  for (const { id } of releases) await ports.jobs.add({ task: 'advance', subject: id }, null);
  const toggles = await ports.store.toggles({ environment: null, states: ['asked', 'rolling-out'] });
  for (const { id } of toggles) await ports.jobs.add({ task: 'toggle', subject: id }, null);
  for (const id of await ports.rollouts.unfinished()) await ports.jobs.add({ task: 'carry-out', subject: id }, null);
}
