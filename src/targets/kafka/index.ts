import type { Target } from '../contract.ts';
import { kafkaChecks } from './check.ts';
import { compare } from './compare/compare.ts';
import { KafkaPart } from './config.ts';
import { discover } from './discover.ts';
import { inputFolders } from './input-folders.ts';
import { propose } from './propose.ts';

export const kafka: Target = {
  id: 'kafka',
  title: 'Apache Kafka',
  kinds: ['kafka:topic', 'kafka:schema'],
  partSettings: KafkaPart,
  propose,
  discover,
  exact: null,
  resolveRuns: null,
  checks: kafkaChecks,
  inputFolders,
  compare,
  columns: null,
  delivery: null,
};
