import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CampaignReport, campaign } from './campaign.ts';
import { scenarios } from './scenarios.ts';

/** Another seed plays other pairs and other runs with anything: HEADGATE_SEED=7 node --test tests/simulator/simulator.test.ts */
const seed = Number(process.env.HEADGATE_SEED ?? 1);
const crashes = 1000;

describe('a rollout keeps its promises whatever happens to its workers', () => {
  for (const scenario of scenarios) {
    test(`${scenario.name}: at least ${crashes} simulated crashes`, async (t) => {
      const effort = { crashEvery: 1, faultEvery: 12, everyAct: true, pairs: 150, wild: 60, crashes };
      const report = await campaign({ scenario, mutation: {}, seed, effort });
      t.diagnostic(line(report));
      assert.equal(report.broken, null);
      assert.ok(report.crashes >= crashes, `only ${report.crashes} crashes`);
    });
  }
});

function line({ runs, points, crashes: crashed, faults, stuck }: CampaignReport): string {
  return `${crashed} crashes, ${faults} faults in ${runs} runs over ${points} points; a person was asked ${stuck} times; seed ${seed}`;
}
