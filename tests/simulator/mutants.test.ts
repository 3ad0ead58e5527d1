import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CampaignReport, campaign } from './campaign.ts';
import { mutants } from './mutants.ts';
import { scenarios } from './scenarios.ts';
import type { Mutation } from './simulate.ts';

const effort = { everyNth: 5, pairs: 50, wild: 30, crashes: 0 };

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

/** The report of the first scenario that notices, null when none does. Those without any fault are tried first. */
async function firstBroken(mutation: Mutation): Promise<CampaignReport | null> {
  for (const rounds of [{ ...effort, everyNth: Number.POSITIVE_INFINITY, pairs: 0, wild: 3 }, effort]) {
    for (const scenario of scenarios) {
      const report = await campaign({ scenario, mutation, seed: 1, effort: rounds });
      if (report.broken !== null) return report;
    }
  }
  return null;
}
