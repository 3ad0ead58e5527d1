import type { Target } from '../contract.ts';
import { sqlLint } from './check-sql.ts';
import { compare } from './compare/compare.ts';
import { SnowflakePart } from './config.ts';
import { discover } from './discover.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';

export const snowflake: Target = {
  id: 'snowflake',
  title: 'Snowflake',
  kinds: ['warehouse:table'],
  partSettings: SnowflakePart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: [sqlLint],
  inputFolders,
  compare,
  columns: null,
  delivery: null,
};
