import type { Resource } from './resources.ts';

/** `finds` gives one sentence for each thing that is wrong with a resource. */
export type PolicyRule = {
  name: string;
  severity: 'error' | 'warning' | 'note';
  asks: string;
  hint: string;
  finds(resource: Resource): string[];
};
