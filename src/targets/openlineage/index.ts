import type { Target } from '../contract.ts';
import { columns } from './columns.ts';
import { compare } from './compare.ts';
import { OpenLineagePart } from './config.ts';
import { discover } from './discover.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';

export const openlineage: Target = {
  id: 'openlineage',
  title: 'OpenLineage events',
  kinds: ['openlineage:job'],
  partSettings: OpenLineagePart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: [],
  inputFolders,
  compare,
  columns,
  delivery: null,
};
