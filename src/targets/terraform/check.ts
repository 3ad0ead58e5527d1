import type { TargetCheck } from '../contract.ts';
import { format } from './check-format.ts';
import { policy } from './check-policy.ts';
import { scan } from './check-scan.ts';
import { validate } from './check-validate.ts';
import { judgeVariables } from './check-variables.ts';

const values: TargetCheck = {
  name: 'environment-values',
  title: 'Terraform takes what it is given as variables, and gets each that it needs',
  dependsOn: ['part-files', 'settings', 'values'],
  run: async (input) => judgeVariables(input),
};

export const checks: readonly TargetCheck[] = [values, format, policy, validate, scan];
