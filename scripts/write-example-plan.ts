import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createFacts } from './demo/facts.ts';
import { places } from './demo/places.ts';
import { bundleEstate } from './demo/releases.ts';
import { type Started, setUp } from './demo/set-up.ts';
import { releaseGoodChange } from './demo/story.ts';

/**
 * Gets a plan for the example comment from the demo's real control plane and Airflow: what the change that fails when it runs
 * would do to prod, where the good change is live. Takes as long as the first half of the demo.
 */
const golden = fileURLToPath(new URL('../tests/report/golden/fails-at-run/', import.meta.url));
const started: Started = { stops: [] };
try {
  const facts = createFacts((line) => process.stdout.write(`${line}\n`));
  const stage = await setUp(facts, started);
  await releaseGoodChange(stage, facts);
  const change = stage.estate.overlay('fails-at-run');
  await stage.estate.commit({ title: 'Name the settled fee as the ledger does', author: 'author', change });
  const bundle = await bundleEstate(stage.people.author);
  const answer = await stage.people.author(['plan', bundle, '--store', places.store, '--environment', 'prod']);
  const planned = z
    .object({ plan: z.object({}).loose() })
    .loose()
    .parse(answer.json);
  mkdirSync(golden, { recursive: true });
  writeFileSync(`${golden}plan.json`, `${JSON.stringify(planned, null, 2)}\n`);
} finally {
  for (const stop of started.stops.toReversed()) await stop();
}
process.exit();
