import { relative } from 'node:path';
import { messageOf } from '../src/base/errors.ts';
import { createFacts } from './demo/facts.ts';
import { places } from './demo/places.ts';
import { type Stage, type Started, setUp } from './demo/set-up.ts';
import { disableAndEnable, releaseGoodChange, rollBackBadChange, stopBrokenChange, verifyAudit } from './demo/story.ts';

/**
 * The main job from end to end on real Airflow, dbt, Spark and Postgres: `npm run demo`. `-- --keep` leaves everything
 * running and says how to sign in. Ends 0 when every fact was seen.
 */
const keep = process.argv.includes('--keep');
const print = (line: string) => process.stdout.write(`${line}\n`);
const facts = createFacts(print);
const started: Started = { stops: [] };

try {
  const stage = await setUp(facts, started);
  const good = await releaseGoodChange(stage, facts);
  await stopBrokenChange(stage, facts);
  await rollBackBadChange(stage, facts, good);
  await disableAndEnable(stage, facts, good);
  await verifyAudit(stage, facts);
  print(`\n${facts.table().join('\n')}`);
  if (keep) for (const line of signInLines(stage)) print(line);
} catch (error) {
  print(`\nThe demo stopped: ${messageOf(error)}`);
  print(`Logs are in ${relative(process.cwd(), places.all)}.`);
  process.exitCode = 1;
} finally {
  if (!keep || process.exitCode === 1) for (const stop of started.stops.toReversed()) await stop();
}
process.exit();

function signInLines({ plane, people, airflow }: Stage): string[] {
  const airflows = Object.entries(airflow).map(
    ([name, { url, username, password }]) => `  Airflow ${name}: ${url}  (${username} / ${password})`,
  );
  return [
    '\nEverything is still running.',
    `  control plane: ${plane.url}`,
    ...airflows,
    `  as the approver:  export HEADGATE_URL=${plane.url} HEADGATE_TOKEN=${people.tokens.approver}`,
    '  then:  npm run headgate -- status',
    `Stop it all with: npm run demo   (which ends by stopping what it used)`,
  ];
}
