import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CampaignReport, campaign, type Effort } from './campaign.ts';
import { mutants } from './mutants.ts';
import { scenarios } from './scenarios.ts';
import type { Mutation } from './simulate.ts';

const quick: Effort = {
  crashEvery: Number.POSITIVE_INFINITY,
  faultEvery: Number.POSITIVE_INFINITY,
  everyAct: false,
  pairs: 0,
  wild: 0,
  crashes: 0,
};
/** Tried in this order, so that a bug is noticed by the shortest play that shows it. */
const efforts: readonly Effort[] = [
  quick,
  { ...quick, everyAct: true, wild: 10 },
  { ...quick, crashEvery: 1, faultEvery: 5, pairs: 50, wild: 30 },
];

describe('the simulator catches', () => {
  for (const [bug, mutation] of Object.entries(mutants)) {
    test(`a worker that ${bug}`, async (t) => {
      const caught = await firstBroken(mutation);
      assert.ok(caught?.broken, `no scenario noticed a worker that ${bug}`);
      const { faults, seed, violations } = caught.broken;
      t.diagnostic(`${caught.scenario}, ${faults}, seed ${seed}: ${violations[0]}`);
    });
  }
});

/** The report of the first scenario that notices, null when none does. */
async function firstBroken(mutation: Mutation): Promise<CampaignReport | null> {
  for (const effort of efforts) {
    for (const scenario of scenarios) {
      const report = await campaign({ scenario, mutation, seed: 1, effort });
      if (report.broken !== null) return report;
    }
  }
  return null;
}
