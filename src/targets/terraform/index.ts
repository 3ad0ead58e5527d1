import type { Target } from '../contract.ts';
import { checks } from './check.ts';
import { compare } from './compare/compare.ts';
import { TerraformPart } from './config.ts';
import { discover } from './discover.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';
import { toolVariables } from './tool-variables.ts';

export const terraform: Target = {
  id: 'terraform',
  title: 'Terraform',
  kinds: ['terraform:stack', 'terraform:resource'],
  partSettings: TerraformPart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks,
  inputFolders,
  compare,
  columns: null,
  toolVariables,
  delivery: null,
};
