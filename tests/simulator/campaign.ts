import { anyFaults, everyFault, type FaultPlan, faultAtAct, faultsAt, noFaults } from './faults.ts';
import { type Random, seeded } from './random.ts';
import type { Scenario } from './scenario.ts';
import { type Mutation, type SimulationResult, simulate } from './simulate.ts';

/**
 * How much is played. Every how many-th point gets a crash, and each other fault; whether each act gets every fault; how many
 * pairs of crashes and runs with anything there are, and how many crashes (more pairs are played until there were so many).
 */
export type Effort = {
  crashEvery: number;
  faultEvery: number;
  everyAct: boolean;
  pairs: number;
  wild: number;
  crashes: number;
};

export type CampaignReport = {
  scenario: string;
  runs: number;
  points: number;
  crashes: number;
  faults: number;
  stuck: number;
  /** What the first run that broke a promise did, and how to play it again; null when every promise was kept. */
  broken: { faults: string; seed: number; violations: string[] } | null;
};

type Campaign = { scenario: Scenario; mutation: Mutation; seed: number; effort: Effort };

/** Plays a scenario with no fault, a crash at every point, every other fault, pairs of crashes, and anything at all. */
export async function campaign({ scenario, mutation, seed, effort }: Campaign): Promise<CampaignReport> {
  const report: CampaignReport = {
    scenario: scenario.name,
    runs: 0,
    points: 0,
    crashes: 0,
    faults: 0,
    stuck: 0,
    broken: null,
  };
  const clean = await play(noFaults, seed);
  if (report.broken !== null) return report;
  for (const [index, faults] of faultPlans(clean, { ...effort, seed }).entries()) {
    await play(faults, seed + index + 1);
    if (report.broken !== null) return report;
  }
  const random = seeded(seed + 1);
  for (let more = 1; report.crashes < effort.crashes && report.broken === null; more += 1) {
    await play(pairOf(clean.points, random), seed + 100_000 + more);
  }
  return report;

  async function play(faults: FaultPlan, runSeed: number): Promise<SimulationResult> {
    const result = await simulate({ scenario, faults, seed: runSeed, mutation });
    const violations = [...result.violations, ...unexpectedEnds(scenario, result), ...overtaken(faults, result)];
    report.runs += 1;
    report.points += result.points;
    report.crashes += result.crashes;
    report.faults += result.faults;
    report.stuck += result.stuck;
    if (violations.length > 0) report.broken = { faults: faults.name, seed: runSeed, violations };
    return result;
  }
}

/** Whatever happens to the workers, each request ends as it does when nothing happens to them, and nobody is needed. */
function unexpectedEnds(scenario: Scenario, { ends, stuck }: SimulationResult): string[] {
  const wrong = Object.entries(scenario.ends)
    .filter(([id, allowed]) => !allowed.some((end) => end === ends[id]))
    .map(([id, allowed]) => `${id} is ${ends[id]} instead of ${allowed.join(' or ')}`);
  return stuck > 0 && !scenario.mayBeStuck ? [...wrong, `stuck ${stuck} times`] : wrong;
}

/** When nothing goes wrong, nobody takes a rollout from anybody. */
function overtaken(faults: FaultPlan, { takeovers }: SimulationResult): string[] {
  return faults === noFaults && takeovers > 0 ? [`taken over ${takeovers} times although nothing was wrong`] : [];
}

function faultPlans(
  { points, acts }: Pick<SimulationResult, 'points' | 'acts'>,
  { crashEvery, faultEvery, everyAct, pairs, wild, seed }: Effort & { seed: number },
): FaultPlan[] {
  const random = seeded(seed);
  const all = Array.from({ length: points }, (_, index) => index + 1);
  const others = everyFault.filter((fault) => fault !== 'crash');
  return [
    ...everyFault.flatMap((fault) =>
      Array.from({ length: everyAct ? acts : 0 }, (_, index) => faultAtAct(fault, index + 1)),
    ),
    ...all.filter((point) => point % crashEvery === 0).map((point) => faultsAt('crash', [point])),
    ...others.flatMap((fault, offset) =>
      all.filter((point) => (point + offset) % faultEvery === 0).map((point) => faultsAt(fault, [point])),
    ),
    ...Array.from({ length: pairs }, () => pairOf(points, random)),
    ...Array.from({ length: wild }, (_, index) => anyFaults(index % 2 === 0 ? 0.01 : 0.03)),
  ];
}

function pairOf(points: number, random: Random): FaultPlan {
  const first = 1 + random.below(points);
  return faultsAt('crash', [first, first + 1 + random.below(points)]);
}
