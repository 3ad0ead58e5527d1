import { entropyOf, isMadeOfWords, isPlaceholder } from './placeholder.ts';

/** A literal given to something that is called like a secret: `db_password = "..."`, `password: ...`, `TOKEN=...`. */
export type NamedSecret = { name: string; value: string };

/** Whole words only, so that `tokenizer`, `passenger` and `secretary` are not meant. */
const CALLED =
  /(?:^|[^A-Za-z]|[a-z](?=[A-Z]))(?:pass(?:word|wd|phrase)?|passwd|pwd|secrets?|(?:api|access|account|auth|private|signing|encryption|fernet|storage|secret|service)[-_]?key|apikey|fernet_?key|token|credentials?)(?![a-z])/i;

/** What is called after a secret but is not one: its name, its place, how long it lasts. */
const ABOUT =
  /(?:[-_]|(?<=[a-z])(?=[A-Z]))?(?:names?|ids?|paths?|files?|filename|urls?|uris?|hosts?|types?|kinds?|arns?|envs?|env_?vars?|vars?|variables?|fields?|columns?|cols?|headers?|params?|prefix|suffix|version|scopes?|keys?_?names?|refs?|references?|backend|provider|class|manager|store|scanner|policy|length|len|size|count|limit|ttl|expiry|expires(?:_in|_at)?|lifetime|timeout|format|pattern|regex|hint|help|label|title|description|message|error|prompt|placeholder|operator|hook|conn|connection|endpoint|engine|group|rotation|template|mount|volume|audience|issuer|location|bucket|alg(?:orithm)?|hash|md5|sha\d*|checksum|digest|salt_?rounds|last_?changed|usage|tokens|budget|max|min|sep|separator|delimiter|test)$/i;

const QUOTED =
  /(?<name>[A-Za-z_][\w.-]{0,80})(?:["'`]\s{0,4}\])?["'`]?\s{0,8}(?::\s{0,2}(?:str|Optional\[str\]|string)\s{0,4}=|=>|:=|=(?!=)|:(?!:)|,(?=\s{0,4}["'`]))\s{0,8}[rbuf]{0,2}(?<quote>["'`])(?<value>[^"'`\s]{6,256})\k<quote>/g;
const BARE =
  /^\s*(?:export\s+|-\s+|ENV\s+)?["']?(?<name>[A-Za-z_][\w.-]{0,80})["']?\s*[:=]\s*(?<value>[^\s"'`#,;[\]{}()<>|&*!]{6,256})\s*(?:#.*)?$/;

/** Files in which a bare word after `:` or `=` is a literal, not a name. */
const BARE_FILES =
  /(?:\.(?:ya?ml|env|cfg|ini|conf|properties|toml|tfvars)|(?:^|\/)\.env(?:\.[\w-]+)?|(?:^|\/)Dockerfile[^/]*|\.envrc)$/i;

/** The named secrets on one line. `path` decides whether bare words count. Nothing longer than 2,000 characters is read. */
export function namedSecrets(line: string, path: string): NamedSecret[] {
  if (line.length > 2000 || !CALLED.test(line)) return [];
  const found = [...line.matchAll(QUOTED)].map((match) => named(match));
  if (found.length === 0 && BARE_FILES.test(path)) {
    const bare = BARE.exec(line);
    if (bare !== null) found.push(named(bare));
  }
  return found.filter(({ name, value }) => isSecretName(name) && isSecretValue(value));
}

function named(match: RegExpMatchArray): NamedSecret {
  return { name: match.groups?.name ?? '', value: match.groups?.value ?? '' };
}

function isSecretName(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return CALLED.test(last) && !ABOUT.test(last);
}

/** Letters and digits mixed, not words, not a placeholder, and with enough variety for its length. */
function isSecretValue(value: string): boolean {
  if (value.length < 8 || isPlaceholder(value) || isMadeOfWords(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^[\w.]+\(|^[a-z_]+\.[a-z_.]+$|\\[dws]|^\d{4}-\d\d-\d\d/i.test(value)) return false;
  return entropyOf(value) >= Math.min(3.2, Math.log2(value.length) * 0.85);
}
