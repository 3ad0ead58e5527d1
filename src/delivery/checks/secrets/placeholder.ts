/** Values that stand for a secret, or that everybody's local set-up has; by whole value, lower case. */
const WELL_KNOWN = new Set(
  `postgres postgresql airflow admin root mysql user username guest test testing tester dbt spark kafka redis minio
  minioadmin minio123 rabbitmq password passwd passw0rd password1 password123 pass pwd secret secrets token key apikey
  hunter2-example changeme changeit default none null nil undefined true false empty string str example sample local
  localhost docker demo dev development mypassword mysecret mytoken metabase superset superadmin elastic grafana trino presto
  hive hadoop mssql sqlserver oracle db database warehouse snowflake redshift bigquery clickhouse mongo mongodb 123456
  12345678 123456789 1234567890 abc123 qwerty letmein keyboard`.split(/\s+/),
);

/** What a template, an environment look-up or a secret store's address looks like, in any of the languages found here. */
const LOOK_UPS =
  /\{\{|\}\}|\$\{|\$\(|\{%|%\(|^%|^\$|^<|>$|^\{[^}]*\}$|\{[a-z_][\w.]*\}|^\[|\]$|^\(|\)$|^(?:env|file|vault|ssm|op|aws-sm|secret|secrets|sops|gcp-sm|kms|data|arn|urn|projects|https?|s3|gs|jdbc):|os\.environ|getenv|env_var|Variable\.get|process\.env|secretsmanager|!(?:vault|env|ENV|Ref|Sub)|ENC\[|^\/(?:run|etc|var|opt|home|usr|mnt|app|tmp|secrets?)\/|^~?\.{0,2}\//;

/** Words that people put where a secret will be. */
const STAND_INS =
  /example|sample|change.?(?:me|it|this)|replace|placeholder|dummy|fake|redact|mask|hidden|not.?(?:a|real|secret|used|needed)|xxx|\*\*\*|\.\.\.|…|todo|fixme|insert|enter.?your|your[-_ ]?|my[-_]|some[-_]|foo|bar(?:$|[^a-z])|mock|lorem|goes.?here|put.?here|test|(?:^|[-_])pass(?:word)?(?:$|[-_])|super.?secret|s3cr3t|p@ss|abcdef|qwerty|0123456|1234567|9876543|deadbeef|cafebabe/i;

/** True for a value that stands for a secret rather than being one. */
export function isPlaceholder(value: string): boolean {
  const bare = value.trim();
  if (WELL_KNOWN.has(bare.toLowerCase())) return true;
  return LOOK_UPS.test(bare) || STAND_INS.test(bare) || hasLittleVariety(bare);
}

/** Four different characters or fewer: `aaaa`, `0000-0000`, `********`. */
function hasLittleVariety(value: string): boolean {
  return new Set(value).size <= Math.min(4, Math.ceil(value.length / 2));
}

/** Shannon entropy in bits a character; 0 for the empty text. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Names, paths and sentences are made of words; a secret is not. Words joined by `_`, `-`, `.`, `/` or camel case count. */
export function isMadeOfWords(value: string): boolean {
  if (!/\d/.test(value) && /^[A-Za-z][a-z]*(?:[A-Z]?[a-z]+)*$/.test(value)) return true;
  const pieces = value.split(/[-_./:@ ]+/).filter((piece) => piece !== '');
  if (pieces.length < 2) return /^[A-Za-z]{0,16}\d{0,2}$/.test(value) && !/[a-z][A-Z].*\d/.test(value);
  return pieces.every((piece) =>
    /^(?:[a-z]{1,16}|[A-Z]{1,16}|[A-Z][a-z]{1,15}|(?:[a-z]{1,12}|[A-Z]{1,12})?\d{1,4}|v\d+)$/.test(piece),
  );
}
