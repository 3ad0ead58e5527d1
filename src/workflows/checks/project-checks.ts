import { contractColumns } from './contract-columns.ts';
import { environmentValues } from './environment-values.ts';
import { greatExpectations } from './great-expectations.ts';
import { lineageFresh } from './lineage-fresh.ts';
import { noSecrets } from './no-secrets.ts';
import type { ProjectCheck } from './project-check.ts';
import { pythonLint } from './python-lint.ts';
import { runtimeLock } from './runtime-lock.ts';
import { secretsInChange } from './secrets-in-change.ts';

/** The checks over a whole project; those of one technology are in its target's folder. */
export const projectChecks: readonly ProjectCheck[] = [
  contractColumns,
  environmentValues,
  greatExpectations,
  lineageFresh,
  noSecrets,
  pythonLint,
  runtimeLock,
  secretsInChange,
];
