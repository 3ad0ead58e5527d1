import { fail } from '../base/errors.ts';
import { airflow } from './airflow/index.ts';
import type { Target } from './contract.ts';
import { contracts } from './contracts/index.ts';
import { dbt } from './dbt/index.ts';
import { kafka } from './kafka/index.ts';
import { openlineage } from './openlineage/index.ts';
import { snowflake } from './snowflake/index.ts';
import { spark } from './spark/index.ts';
import { streaming } from './streaming/index.ts';
import { terraform } from './terraform/index.ts';

/** Every technology Headgate knows. The one place that names them all. */
export const targets: readonly Target[] = [
  airflow,
  dbt,
  spark,
  streaming,
  kafka,
  contracts,
  terraform,
  snowflake,
  openlineage,
];

/** The target of this id. Throws `target-unknown`. */
export function targetById(id: string): Target {
  const found = targets.find((target) => target.id === id);
  if (found === undefined)
    throw fail('target-unknown', { target: id, known: targets.map((target) => target.id).join(', ') });
  return found;
}
