import { joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { runChosenTests, seenByTests, type TestRig } from '../python-tests/run-chosen-tests.ts';
import { AirflowPart } from './config.ts';
import { besideDags } from './search-path.ts';
import { testDatabase } from './test-database.ts';

const rig: TestRig = {
  check: 'pytest',
  runtime: 'airflow',
  package: 'airflow',
  direct: null,
  partOf({ name, settings }) {
    const { dags, paths = [], tests } = AirflowPart.parse(settings);
    return { name, folders: [dags, ...paths].map(normalFolder), tests: tests?.map(normalFolder) ?? null };
  },
  beside: ({ settings }) => besideDags(AirflowPart.parse(settings)),
  env: (input) => ({
    AIRFLOW_HOME: '{scratch}/airflow',
    AIRFLOW__CORE__DAGS_FOLDER: `{root}/${normalFolder(AirflowPart.parse(input.part.settings).dags)}`,
    // Airflow itself puts this folder last on Python's path, so that no plugin hides a package of the same name.
    AIRFLOW__CORE__PLUGINS_FOLDER: `{root}/${pluginsOf(AirflowPart.parse(input.part.settings))}`,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: 'sqlite:///{scratch}/airflow.db',
    ...variables(input),
    ...connections(input),
  }),
  // Making Airflow's tables takes seconds, and few tests need them.
  again: async ({ results, uncollected }) =>
    [...results, ...uncollected].some(({ message }) => message.includes('no such table'))
      ? { given: { 'airflow.db': await testDatabase() } }
      : null,
};

function pluginsOf({ dags }: AirflowPart): string {
  return joinPath(normalFolder(dags).split('/').slice(0, -1).join('/'), 'plugins');
}

/** The values that Airflow would have as Variables. */
function variables({ part, values }: CheckInput): Record<string, string> {
  const { variables: listed } = AirflowPart.parse(part.settings);
  const isGiven = (name: string) => listed === undefined || listed === 'all' || listed.includes(name);
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      isGiven(name)
        ? [[`AIRFLOW_VAR_${name.toUpperCase()}`, typeof value === 'string' ? value : JSON.stringify(value)]]
        : [],
    ),
  );
}

/** Connections by name and type that lead nowhere: tests have no network, and no secrets. */
function connections({ part }: CheckInput): Record<string, string> {
  return Object.fromEntries(
    Object.entries(AirflowPart.parse(part.settings).connections ?? {}).map(([name, { type }]) => [
      `AIRFLOW_CONN_${name.toUpperCase()}`,
      JSON.stringify({ conn_type: type, host: '127.0.0.1' }),
    ]),
  );
}

export const tests: TargetCheck = {
  name: 'pytest',
  title: 'The tests of the DAGs and of what they import pass',
  dependsOn: ['project-files', 'settings', 'values', 'runtime'],
  weight: { cores: 1, memoryMb: 700 },
  budgetSeconds: 900,
  mayFlake: true,
  reads: (input) => seenByTests(rig, input),
  run: (input) => runChosenTests(rig, input),
};
