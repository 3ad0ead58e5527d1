import type { Target } from '../contract.ts';
import { ContractsPart } from './config.ts';
import { discover } from './discover.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';

export const contracts: Target = {
  id: 'contracts',
  title: 'Data contracts (ODCS)',
  kinds: ['contract'],
  partSettings: ContractsPart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: [],
  inputFolders,
  compare: null,
  columns: null,
  delivery: null,
};
