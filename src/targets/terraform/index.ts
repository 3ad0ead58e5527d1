import type { Target } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { discover } from './discover.ts';
import { propose } from './propose.ts';

export const terraform: Target = {
  id: 'terraform',
  title: 'Terraform',
  kinds: ['terraform:stack'],
  partSettings: TerraformPart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: [],
  compare: null,
  delivery: null,
};
