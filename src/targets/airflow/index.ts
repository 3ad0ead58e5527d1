import type { Target } from '../contract.ts';
import { airflowChecks } from './check.ts';
import { compare } from './compare/compare.ts';
import { AirflowPart } from './config.ts';
import { delivery } from './delivery.ts';
import { discover } from './discover.ts';
import { exact } from './exact.ts';
import { propose } from './propose.ts';
import { dagReadingDigest } from './read-dag-files.ts';
import { resolveRuns } from './resolve-runs.ts';

export const airflow: Target = {
  id: 'airflow',
  title: 'Apache Airflow',
  kinds: ['airflow:dag', 'airflow:dataset'],
  partSettings: AirflowPart,
  propose,
  discover,
  exact,
  exactIdentity: dagReadingDigest,
  resolveRuns,
  checks: airflowChecks,
  inputFolders: null,
  compare,
  columns: null,
  delivery,
};
