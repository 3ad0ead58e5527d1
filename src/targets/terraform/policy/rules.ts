import { accessRules } from './access-rules.ts';
import { careRules } from './care-rules.ts';
import type { PolicyRule } from './policy-rule.ts';

/** Headgate's own rules for what a stack declares; docs/checks.md lists them. */
export const policyRules: readonly PolicyRule[] = [...accessRules, ...careRules];
