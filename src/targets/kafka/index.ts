import type { Target } from '../contract.ts';
import { KafkaPart } from './config.ts';
import { discover } from './discover.ts';
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
  checks: [],
  compare: null,
  delivery: null,
};
