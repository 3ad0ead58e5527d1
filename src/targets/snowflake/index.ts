import type { Target } from '../contract.ts';
import { SnowflakePart } from './config.ts';
import { discover } from './discover.ts';
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
  checks: [],
  compare: null,
  delivery: null,
};
