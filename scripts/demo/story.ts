import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isPaused, runDag, unpause } from './airflow-runs.ts';
import { expect, type Facts } from './facts.ts';
import { addressOf } from './people.ts';
import { places } from './places.ts';
import { bundleEstate, messageOf, problemOf, promote, type Release, releaseOf, untilLive } from './releases.ts';
import type { Stage } from './set-up.ts';

const short = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12);
const mainDag = 'payments_daily';
const criticalDag = 'settle_hourly';

/** A good change: checked, bundled, through dev and staging by itself, held before prod, approved by another, run for real. */
export async function releaseGoodChange(stage: Stage, facts: Facts): Promise<string> {
  const { estate, people, airflow } = stage;
  facts.heading('A good change goes to production');
  await facts.see('a change over a DAG, a dbt model and a Spark job passes the checks', async () => {
    await estate.commit({
      title: 'Say how many rows were loaded and settled',
      author: 'author',
      change: withRunNumber(estate.overlay('good')),
    });
    return checkSummary(await people.author(['check']));
  });
  const bundle = await facts.hold('it is one immutable bundle, signed with its findings', async () => {
    const digest = await bundleEstate(people.author);
    const trusted = await people.operator(['token', 'trust', 'ci', `${places.key}.pub`]);
    expect(
      trusted.status === 0 || problemOf(trusted) === 'key-known',
      `the CI key is not trusted: ${trusted.stdout}${trusted.stderr}`,
    );
    const verified = await people.author(['verify', digest, '--store', places.store]);
    expect(verified.status === 0, `verify ended ${verified.status}: ${verified.stdout}${verified.stderr}`);
    return { detail: short(digest), value: digest };
  });
  await throughLowerEnvironments(stage, facts, bundle);
  const waiting = await facts.hold('prod waits for people', async () => {
    const release = await promote(people.author, bundle, 'prod');
    expect(release.state === 'waiting', `the release is ${release.state}: ${release.because}`);
    return { detail: release.because, value: release };
  });
  await facts.see("the author's own approval is refused", async () => {
    const answer = await people.author(['approve', waiting.id]);
    const code = problemOf(answer);
    expect(answer.status === 1 && code !== null, `it ended ${answer.status}: ${answer.stdout}${answer.stderr}`);
    return code;
  });
  await facts.see("another person's approval is accepted and the plan that was approved is rolled out", () =>
    approve(stage, waiting),
  );
  await facts.see(`a real run of ${mainDag} succeeds in prod: dbt, Spark, reconciled`, async () => {
    const run = await runDag(airflow.prod, mainDag, 240);
    expect(run.state === 'success', `the run ended ${run.state}: ${JSON.stringify(run.tasks)}`);
    expect(run.releases.length === 1 && run.releases[0] === bundle, `the tasks ran ${run.releases.join(', ')}`);
    return `every task ran ${short(bundle)}`;
  });
  return bundle;
}

/** A change with three mistakes that checks must find; nothing of it becomes a bundle. */
export async function stopBrokenChange({ estate, people }: Stage, facts: Facts): Promise<void> {
  facts.heading('A broken change is stopped before anybody is asked');
  await facts.see('the checks stop it, and no bundle is made', async () => {
    await estate.commit({ title: 'Limit refunds by reason', author: 'author', change: estate.overlay('broken') });
    const refused = await people.author(['bundle', '--store', places.store, '--key', places.key]);
    expect(
      refused.status === 1 && problemOf(refused) === 'bundle-blocked',
      `bundle ended ${refused.status}: ${refused.stdout}`,
    );
    await estate.revert('author');
    return messageOf(refused);
  });
}

/** A change that passes every check and fails only when it runs; taken back with one command, and the next run is well. */
export async function rollBackBadChange(stage: Stage, facts: Facts, good: string): Promise<void> {
  const { estate, people, airflow } = stage;
  facts.heading('A change that fails only when it runs is taken back');
  const bad = await facts.hold('it passes the checks and gets through to prod', async () => {
    await estate.commit({
      title: 'Name the settled fee as the ledger does',
      author: 'author',
      change: withRunNumber(estate.overlay('fails-at-run')),
    });
    const digest = await bundleEstate(people.author);
    await promote(people.author, digest, 'dev');
    await untilLive(people.author, digest, 'staging');
    const waiting = await promote(people.author, digest, 'prod');
    await approve(stage, waiting);
    return { detail: short(digest), value: digest };
  });
  await facts.see('its run fails at the reconciliation, before finance reads anything', async () => {
    const run = await runDag(airflow.prod, mainDag, 240);
    expect(
      run.state === 'failed' && run.tasks.reconcile === 'failed',
      `the run ended ${run.state}: ${JSON.stringify(run.tasks)}`,
    );
    expect(run.releases.length === 1 && run.releases[0] === bad, `the tasks ran ${run.releases.join(', ')}`);
    return `every task ran ${short(bad)}`;
  });
  await facts.see('rolled back: Airflow, dbt and Spark are at the last known good release and verified', async () => {
    const release = releaseOf(await people.operator(['rollback', 'prod']));
    expect(
      release.state === 'live' && release.bundle === good,
      `the rollback is ${release.state} at ${release.bundle}: ${release.because}`,
    );
    return `${short(bad)} > ${short(good)}, ${release.plan?.steps.length ?? 0} steps`;
  });
  await facts.see('a real run succeeds again on the old release', async () => {
    const run = await runDag(airflow.prod, mainDag, 240);
    expect(run.state === 'success', `the run ended ${run.state}: ${JSON.stringify(run.tasks)}`);
    expect(run.releases.length === 1 && run.releases[0] === good, `the tasks ran ${run.releases.join(', ')}`);
    return `every task ran ${short(good)}`;
  });
}

/** One DAG is stopped, stays stopped over a delivery that changes nothing, and goes on. */
export async function disableAndEnable({ people, airflow }: Stage, facts: Facts, live: string): Promise<void> {
  facts.heading('One pipeline is stopped by itself');
  const key = `airflow:dag/${criticalDag}`;
  await unpause(airflow.prod, criticalDag);
  await facts.see(`${criticalDag} is disabled in prod`, async () => {
    const answer = await people.operator([
      'disable',
      key,
      '--environment',
      'prod',
      '--reason',
      'wrong fees at an acquirer',
    ]);
    expect(answer.status === 0, `it ended ${answer.status}: ${answer.stdout}${answer.stderr}`);
    expect(await isPaused(airflow.prod, criticalDag), 'Airflow does not say that it is paused');
    return 'Airflow says it is paused';
  });
  await facts.see('the same bundle again: nothing to do, and the DAG stays stopped', async () => {
    const again = await promote(people.author, live, 'prod');
    expect(again.state === 'live' && again.plan?.steps.length === 0, `the release is ${again.state}: ${again.because}`);
    expect(await isPaused(airflow.prod, criticalDag), 'Airflow does not say that it is still paused');
    return again.because;
  });
  await facts.see(`${criticalDag} is enabled again`, async () => {
    const answer = await people.operator(['enable', key, '--environment', 'prod']);
    expect(answer.status === 0, `it ended ${answer.status}: ${answer.stdout}${answer.stderr}`);
    expect(!(await isPaused(airflow.prod, criticalDag)), 'Airflow says that it is still paused');
    return 'Airflow says it goes on';
  });
}

/** The whole story stands in a log that nobody can quietly change: checked online, offline, and after a change of one letter. */
export async function verifyAudit({ people }: Stage, facts: Facts): Promise<void> {
  facts.heading('Evidence');
  const file = join(places.all, 'audit.json');
  await facts.see('the audit log verifies offline from an exported file', async () => {
    const exported = await people.operator(['audit', 'export', file]);
    expect(exported.status === 0, `export ended ${exported.status}: ${exported.stdout}${exported.stderr}`);
    const verified = await people.operator(['audit', 'verify', file]);
    expect(verified.status === 0, `verify ended ${verified.status}: ${verified.stdout}${verified.stderr}`);
    const { size, checkedHeads } = z.object({ size: z.number(), checkedHeads: z.number() }).parse(verified.json);
    return `${size} entries, ${checkedHeads} signed heads`;
  });
  await facts.see('with one letter changed it does not', async () => {
    const forged = join(places.all, 'audit-forged.json');
    const text = await readFile(file, 'utf8');
    expect(text.includes(addressOf('approver')), 'the approver is not in the log');
    await writeFile(forged, text.replace(addressOf('approver'), addressOf('approvor')));
    const verified = await people.operator(['audit', 'verify', forged]);
    expect(verified.status === 1, `verify ended ${verified.status}: ${verified.stdout}`);
    return 'the changed entry is named';
  });
}

async function throughLowerEnvironments({ people }: Stage, facts: Facts, bundle: string): Promise<void> {
  await facts.see('it goes to dev', async () => {
    const release = await promote(people.author, bundle, 'dev');
    expect(release.state === 'live', `the release is ${release.state}: ${release.because}`);
    return `${release.plan?.steps.length ?? 0} steps`;
  });
  await facts.see('and to staging by itself', async () => {
    await untilLive(people.author, bundle, 'staging');
    return 'nobody was asked';
  });
}

async function approve({ people }: Stage, waiting: Release): Promise<string> {
  const release = releaseOf(await people.approver(['approve', waiting.id, '--comment', 'read the plan', '--wait']));
  expect(release.state === 'live', `the release is ${release.state}: ${release.because}`);
  return `${release.plan?.steps.length ?? 0} steps`;
}

function checkSummary({ json, stdout }: { json: unknown; stdout: string }): string {
  const read = z
    .object({ summary: z.object({ passed: z.number(), failed: z.number(), blocking: z.number() }) })
    .safeParse(json);
  expect(read.success, `check gave no summary: ${stdout.slice(0, 2000)}`);
  const { passed, blocking } = read.data.summary;
  return `${passed} passed, ${blocking} stop a release`;
}

/** The change, told apart from that of an earlier demo by a number, so that each demo delivers something new. */
function withRunNumber(change: (folder: string) => Promise<void>): (folder: string) => Promise<void> {
  return async (folder) => {
    await change(folder);
    const number = Number(await readFile(places.runs, 'utf8').catch(() => '0')) + 1;
    await writeFile(places.runs, String(number));
    await appendFile(join(folder, 'airflow', 'dags', 'payments_daily.py'), `\n# Change ${number} of the demo.\n`);
    await appendFile(
      join(folder, 'dbt', 'shop', 'models', 'marts', 'method_daily.sql'),
      `\n-- Change ${number} of the demo.\n`,
    );
    await appendFile(join(folder, 'spark', 'jobs', 'settle', 'settle.py'), `\n# Change ${number} of the demo.\n`);
  };
}
