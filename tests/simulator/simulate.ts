import { decide } from '../../src/delivery/gates/decide.ts';
import type { Plan } from '../../src/delivery/plan/plan.ts';
import type { TargetConnection } from '../../src/targets/contract.ts';
import type { RolloutStore } from '../../src/workflows/ports.ts';
import { carryOut, standardRules } from '../../src/workflows/rollout/carry-out.ts';
import type { CarryOutRules } from '../../src/workflows/rollout/carry-out-rules.ts';
import { resumeRollout } from '../../src/workflows/rollout/resume-rollout.ts';
import { type Estate, estateOf } from './estate.ts';
import type { FaultPlan } from './faults.ts';
import { ledgerFaults } from './ledger.ts';
import { asRolloutStore, brokenLink, replayed } from './memory-rollouts.ts';
import { people } from './people.ts';
import type { RequestEnd, Scenario } from './scenario.ts';
import { watchedStore, watchedTargets } from './watched-ports.ts';
import { type Worker, world } from './world.ts';

/** A planted bug: parts of the real code replaced. The unmutated code is `{}`. */
export type Mutation = {
  rules?: Partial<CarryOutRules>;
  decide?: typeof decide;
  store?(store: RolloutStore): RolloutStore;
  target?(connection: TargetConnection, worker: string): TargetConnection;
};

export type Simulation = { scenario: Scenario; faults: FaultPlan; seed: number; mutation: Mutation };

/** What one run came to. `violations` is empty when every promise was kept. */
export type SimulationResult = {
  violations: string[];
  ends: { [request: string]: RequestEnd };
  points: number;
  acts: number;
  crashes: number;
  faults: number;
  stuck: number;
  claims: number;
  takeovers: number;
};

const limit = { until: 48 * 3_600_000, events: 60_000 };

/** Runs a scenario once, from a seed, and looks at every promise afterwards. */
export async function simulate({ scenario, faults, seed, mutation }: Simulation): Promise<SimulationResult> {
  const time = world(seed, faults);
  const estate = estateOf(scenario, () => time.now());
  const jobs = jobQueue({ time, launch });
  let workers = 0;

  function launch(id: string): void {
    workers += 1;
    const worker = time.worker(`worker-${workers}`);
    carryOut(id, portsOf(worker, id), { ...standardRules, every: worker.every, ...mutation.rules }).then(
      (end) => {
        if ('waitUntil' in end) jobs.schedule(id, end.waitUntil.getTime() - worker.clock().getTime());
        else if ('heldBy' in end) jobs.schedule(id, end.until.getTime() - worker.clock().getTime());
      },
      () => jobs.schedule(id, 5000),
    );
  }
  function portsOf(worker: Worker, id: string) {
    const store = watchedStore(worker, estate);
    const targets = watchedTargets(worker, estate, id);
    return {
      store: mutation.store?.(store) ?? store,
      targets: {
        async connect(environment: string, target: string) {
          const connection = await targets.connect(environment, target);
          return mutation.target?.(connection, worker.name) ?? connection;
        },
      },
      clock: { now: () => worker.clock() },
      pause: (_point: string) => worker.call('pause', () => undefined),
      holder: worker.name,
    };
  }

  const crowd = people({
    scenario,
    estate,
    time,
    decide: mutation.decide ?? decide,
    start: (id) => jobs.schedule(id, 0),
  });
  sweep();
  function sweep(): void {
    for (const id of estate.rollouts.unfinished()) jobs.schedule(id, 0);
    for (const id of crowd.opened()) if (estate.rollouts.read(id)?.state === 'stuck') resume(id);
    if (!crowd.isSatisfied()) time.after(60_000, sweep);
    else for (const id of crowd.opened()) launch(id);
  }
  function resume(id: string): void {
    estate.stuck += 1;
    const turned = estate.rollouts.read(id)?.steps.some(({ state }) => state === 'undone' || state.startsWith('undo-'));
    const decision = { id, way: turned ? 'backward' : 'forward', actor: 'olga', because: 'looked at it' } as const;
    const clock = { now: () => new Date(time.now()) };
    estate.recorded += 1;
    void resumeRollout(decision, { store: asRolloutStore(estate.rollouts), clock });
  }
  for (let extra = 0; extra < faults.extraJobs; extra += 1) {
    time.after(time.random.below(300_000), () => crowd.opened().forEach(launch));
  }

  const isOver = await time.run(limit);
  if (!isOver) estate.violations.push(`not ended after ${Math.round(time.now() / 1000)} virtual seconds`);
  const ends = crowd.ends();
  return {
    violations: [...estate.violations, ...checkEnd(estate, crowd.plans(), ends)],
    ends,
    points: time.counts.points,
    acts: time.counts.acts,
    crashes: time.counts.crashes,
    faults: time.counts.faults,
    stuck: estate.stuck,
    claims: estate.claims,
    takeovers: estate.takeovers,
  };
}

function checkEnd(estate: Estate, plans: Map<string, Plan>, ends: SimulationResult['ends']): string[] {
  const violations = ledgerFaults(estate.ledger);
  const broken = brokenLink(estate.rollouts.audit);
  if (broken !== null) violations.push(`audit chain broken at ${broken}`);
  if (estate.rollouts.audit.length !== estate.recorded) {
    violations.push(`audit incomplete: ${estate.rollouts.audit.length} entries for ${estate.recorded} changes`);
  }
  const states = replayed(estate.rollouts.audit);
  for (const id of plans.keys()) {
    for (const row of estate.rollouts.read(id)?.steps ?? []) {
      const said = states.get(`${id}/${row.index}`) ?? 'pending';
      if (said !== row.state) violations.push(`audit says ${id}/${row.index} is ${said}, its row ${row.state}`);
    }
  }
  for (const [id, end] of Object.entries(ends)) {
    if (end === 'not ended' || end === 'running' || end === 'undoing' || end === 'stuck')
      violations.push(`${id} is ${end}`);
  }
  const last = estate.expected();
  if (last !== null && last !== estate.visible())
    violations.push('the targets are not where the last rollout left them');
  return violations;
}

type JobQueue = { schedule(id: string, inMilliseconds: number): void };

/** One waiting job for each rollout, as the real queue holds; an earlier time wins. */
function jobQueue({ time, launch }: { time: ReturnType<typeof world>; launch(id: string): void }): JobQueue {
  const waiting = new Map<string, number>();
  return {
    schedule(id, inMilliseconds) {
      const at = time.now() + Math.max(0, inMilliseconds);
      if ((waiting.get(id) ?? Number.POSITIVE_INFINITY) <= at) return;
      waiting.set(id, at);
      time.after(inMilliseconds, () => {
        if (waiting.get(id) !== at) return;
        waiting.delete(id);
        launch(id);
      });
    },
  };
}
