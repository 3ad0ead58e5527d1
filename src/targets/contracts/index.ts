import type { Target } from '../contract.ts';
import { contractChecks } from './check.ts';
import { compare } from './compare/compare.ts';
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
  checks: contractChecks,
  inputFolders,
  compare,
  columns: null,
  delivery: null,
};
