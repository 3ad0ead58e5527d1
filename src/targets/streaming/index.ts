import type { Target } from '../contract.ts';
import { columns } from './columns.ts';
import { compare } from './compare.ts';
import { StreamingPart } from './config.ts';
import { discover } from './discover.ts';
import { propose } from './propose.ts';

export const streaming: Target = {
  id: 'streaming',
  title: 'Spark Structured Streaming',
  kinds: ['streaming:query'],
  partSettings: StreamingPart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: [],
  inputFolders: null,
  compare,
  columns,
  delivery: null,
};
