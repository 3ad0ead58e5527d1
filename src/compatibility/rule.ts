export const formats = ['avro', 'protobuf', 'json-schema', 'dbt', 'odcs', 'ddl', 'snowflake'] as const;
export type FormatName = (typeof formats)[number];

/**
 * A rule that a reader breaks by. `catches` and `because` are one sentence each. `backward` and `forward` say which change of
 * the new version breaks it in that direction; null where no change can.
 */
export type Rule = {
  name: string;
  format: FormatName;
  catches: string;
  because: string;
  backward: string | null;
  forward: string | null;
};
