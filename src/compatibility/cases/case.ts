import type { RuleName } from '../rules.ts';
import type { CompatibilityRequest } from '../verdict.ts';

/**
 * One pair of schemas and what it fails by; no rules: compatible. `unconfirmed` marks a pair for which no library can show a
 * counterexample.
 */
export type Case = {
  name: string;
  reader: string;
  writer: string;
  rules: readonly RuleName[];
  unconfirmed?: true;
  options?: Partial<CompatibilityRequest>;
};
