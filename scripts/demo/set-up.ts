import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { type AirflowStack, startAirflowStack } from '../../src/environments/stack/airflow-stack.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { chain, createWarehouses, placeEnvironment, secretVariables, type Warehouse } from './environments.ts';
import { createEstate, type Estate } from './estate.ts';
import { expect, type Facts } from './facts.ts';
import { createPeople, type People } from './people.ts';
import { places } from './places.ts';
import { seedWarehouses } from './seed-warehouses.ts';

/** Everything that runs, and the way to stop it. */
export type Stage = {
  estate: Estate;
  plane: ControlPlane;
  people: People;
  airflow: { staging: AirflowStack; prod: AirflowStack };
  warehouse: Warehouse;
};

/** What has been started so far, so that it can be stopped whatever happens. */
export type Started = { stops: (() => Promise<void>)[] };

/** Sets the stage: runtimes, Postgres, one real Airflow for staging and one for prod, the control plane, people, environments. */
export async function setUp(facts: Facts, started: Started): Promise<Stage> {
  facts.heading('Setting the stage');
  await mkdir(places.all, { recursive: true });
  await facts.see('Airflow, dbt and Spark are there, from locks with hashes', setUpRuntimes);
  const { stage, seeded } = await facts.hold('Postgres, the control plane and two Airflows run', () => start(started));
  await facts.see('an operator registered three environments; people have tokens', () => register(stage));
  await facts.see('three warehouses hold synthetic payments', async () => {
    await seeded;
    return 'dev 500, staging and prod 2,000 payments';
  });
  return stage;
}

async function setUpRuntimes(): Promise<string> {
  const made = [await ensureRuntime('airflow'), await ensureRuntime('dbt'), await ensureRuntime('spark')];
  return made.map(({ name, pythonVersion }) => `${name} on Python ${pythonVersion}`).join(', ');
}

async function start(started: Started): Promise<{ detail: string; value: { stage: Stage; seeded: Promise<void> } }> {
  const estate = await createEstate(places.estate);
  const postgres = await startEmbeddedPostgres({ folder: join(places.plane, 'postgres'), port: 0 });
  started.stops.push(() => postgres.stop());
  const warehouse = await createWarehouses(postgres);
  const seeded = seedWarehouses(places.estate, await ensureRuntime('airflow'), warehouse);
  seeded.catch(() => undefined);
  const env = secretVariables(warehouse, {});
  const staging = await startAirflow('staging', postgres.url, env, started);
  const prod = await startAirflow('prod', postgres.url, env, started);
  const airflow = { staging, prod };
  for (const name of chain)
    await placeEnvironment(places.estate, name, { warehouse, airflow: name === 'dev' ? null : airflow[name] });
  await estate.commit({
    title: 'Place the environments on this machine',
    author: 'platform',
    change: async () => undefined,
  });
  const passwords = { staging: staging.password, prod: prod.password };
  const plane = await startControlPlane(places.estate, secretVariables(warehouse, passwords));
  started.stops.push(() => plane.stop());
  const people = await createPeople(plane.url);
  const reused = staging.reused && prod.reused ? 'both Airflows were running already' : 'both Airflows are new';
  return { detail: reused, value: { stage: { estate, plane, people, airflow, warehouse }, seeded } };
}

async function startAirflow(
  name: 'staging' | 'prod',
  server: string,
  env: { [name: string]: string },
  started: Started,
): Promise<AirflowStack> {
  const stack = await startAirflowStack({
    folder: places.airflow(name),
    dags: places.dags(name),
    server,
    database: `airflow_${name}`,
    port: 0,
    user: null,
    runtime: null,
    env,
  });
  started.stops.push(() => stack.stop());
  return stack;
}

async function register({ people }: Stage): Promise<string> {
  for (const name of chain) {
    const set = await people.operator(['environment', 'set', join('environments', `${name}.yaml`)]);
    expect(set.status === 0, `${name} was not registered: ${set.stdout}${set.stderr}`);
  }
  return chain.join(' > ');
}
