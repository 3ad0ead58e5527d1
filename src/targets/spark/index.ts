import type { Target } from '../contract.ts';
import { sparkChecks } from './check.ts';
import { columns } from './columns.ts';
import { compare } from './compare.ts';
import { SparkPart } from './config.ts';
import { delivery } from './delivery.ts';
import { discover } from './discover.ts';
import { propose } from './propose.ts';
import { resolveRuns } from './resolve-runs.ts';

export const spark: Target = {
  id: 'spark',
  title: 'Spark batch',
  kinds: ['spark:job'],
  partSettings: SparkPart,
  propose,
  discover,
  exact: null,
  resolveRuns,
  checks: sparkChecks,
  inputFolders: null,
  compare,
  columns,
  delivery,
};
