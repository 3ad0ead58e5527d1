import { delimiter, join } from 'node:path';
import { bridgeFolder } from '../../base/python/bridge-folder.ts';
import { type Runtime, runtimeEnv } from '../../base/python/runtime.ts';
import { sqlalchemyUrl } from './airflow-database.ts';
import type { StackSecrets } from './stack-secrets.ts';

/** What the processes of one local Airflow are told. `dbt` and `spark` null: those runtimes are not set up. */
export type AirflowPlace = {
  folder: string;
  dags: string;
  home: string;
  database: string;
  airflow: Runtime;
  dbt: Runtime | null;
  spark: Runtime | null;
  secrets: StackSecrets;
  /** Further variables, such as those that the environment's secret references name. */
  env: { [name: string]: string };
};

/** How often Airflow lists the folder, in seconds: low, so that a switch is seen at once. */
const LIST_SECONDS = '2';
/** How often it reads files again that have not changed: seldom, for that is most of what an idle Airflow costs. Changed ones do not wait. */
const READ_AGAIN_SECONDS = '30';

/** The whole environment of the scheduler and the web server: nothing of the caller's but PATH, HOME, TZ and LANG. */
export function airflowEnvironment(place: AirflowPlace): { [name: string]: string } {
  const { folder, airflow, dbt, spark, secrets } = place;
  const path = [join(bridgeFolder, 'bin'), runtimeEnv(airflow, {}).PATH, process.env.PATH ?? ''].join(delimiter);
  const java = spark === null ? undefined : runtimeEnv(spark, {}).JAVA_HOME;
  return {
    ...kept(['HOME', 'TZ', 'LANG', 'USER', 'TMPDIR']),
    ...place.env,
    PATH: path,
    ...(java === undefined ? {} : { JAVA_HOME: java }),
    ...(dbt === null ? {} : { HEADGATE_DBT_PYTHON: dbt.python }),
    ...(spark === null ? {} : { HEADGATE_SPARK_PYTHON: spark.python }),
    HEADGATE_HOME: place.home,
    PYTHONUNBUFFERED: '1',
    AIRFLOW_HOME: folder,
    AIRFLOW__CORE__DAGS_FOLDER: place.dags,
    AIRFLOW__CORE__PLUGINS_FOLDER: join(folder, 'plugins'),
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '6',
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__FERNET_KEY: secrets.fernetKey,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: sqlalchemyUrl(place.database),
    AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE: '4',
    AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: 'False',
    AIRFLOW__API__AUTH_BACKENDS: 'airflow.api.auth.backend.basic_auth,airflow.api.auth.backend.session',
    AIRFLOW__API__MAXIMUM_PAGE_LIMIT: '1000',
    AIRFLOW__WEBSERVER__SECRET_KEY: secrets.webKey,
    AIRFLOW__WEBSERVER__SESSION_BACKEND: 'securecookie',
    AIRFLOW__WEBSERVER__UPDATE_FAB_PERMS: 'False',
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(folder, 'logs', 'airflow'),
    AIRFLOW__LOGGING__DAG_PROCESSOR_MANAGER_LOG_LOCATION: join(folder, 'logs', 'dag-processor.log'),
    AIRFLOW__SCHEDULER__CHILD_PROCESS_LOG_DIRECTORY: join(folder, 'logs', 'parsing'),
    AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL: READ_AGAIN_SECONDS,
    AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL: LIST_SECONDS,
    AIRFLOW__SCHEDULER__PARSING_PROCESSES: '2',
    AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL: '0',
    AIRFLOW__CORE__MIN_SERIALIZED_DAG_FETCH_INTERVAL: '0',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  };
}

function kept(names: string[]): { [name: string]: string } {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
