import type { Target } from '../contract.ts';
import { dbtChecks } from './check.ts';
import { columns } from './columns.ts';
import { compare } from './compare/compare.ts';
import { DbtPart } from './config.ts';
import { delivery } from './delivery.ts';
import { discover } from './discover.ts';
import { exact } from './exact.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';
import { dbtIdentity } from './read-manifest.ts';
import { rediscover } from './rediscover.ts';
import { resolveRuns } from './resolve-runs.ts';

export const dbt: Target = {
  id: 'dbt',
  title: 'dbt Core',
  kinds: ['dbt:model', 'dbt:source', 'dbt:seed', 'dbt:snapshot', 'dbt:test', 'dbt:exposure', 'dbt:macro'],
  partSettings: DbtPart,
  propose,
  discover,
  rediscover,
  exact,
  exactIdentity: dbtIdentity,
  resolveRuns,
  checks: dbtChecks,
  inputFolders,
  compare,
  columns,
  delivery,
};
