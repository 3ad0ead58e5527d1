import type { Rule } from './rule.ts';
import { avroRules } from './rules/avro-rules.ts';
import { jsonSchemaRules } from './rules/json-schema-rules.ts';
import { protobufRules } from './rules/protobuf-rules.ts';
import { tableRules } from './rules/table-rules.ts';

/** Every rule there is. Names are permanent; a checker can name no other. */
export const rules = [
  ...avroRules,
  ...protobufRules,
  ...jsonSchemaRules,
  ...tableRules,
] as const satisfies readonly Rule[];

export type RuleName = (typeof rules)[number]['name'];

/** True for a rule that says that nothing could be proven either way. */
export function isUndecided(rule: RuleName): boolean {
  return rule.endsWith('-undecided');
}
