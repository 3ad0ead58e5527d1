import type { Finding, Severity } from '../../../model/finding.ts';
import { namedSecrets } from './named-secret.ts';
import { entropyOf, isPlaceholder } from './placeholder.ts';
import { type SecretRule, secretRules } from './secret-rules.ts';

/** A secret seen in a file. Where it is, never what it is. */
type Sighting = { line: number; title: string; rule: string; severity: Severity };

/** Lines longer than this hold data, not what somebody wrote. */
const LONGEST_LINE = 20_000;

const ALLOWED = /headgate:\s*allow[- ]secret|pragma:\s*allowlist[- ]secret|gitleaks:\s*allow/i;
const CALLED_LIKE_A_SECRET = /pass|pwd|secret|token|key|credential/i;

/** Paths whose secrets are most likely made up: tests and documentation. */
const OUTSIDE =
  /(?:^|\/)(?:tests?|testing|__tests__|specs?|fixtures?|testdata|mocks?|docs?|documentation|examples?|samples?|tutorials?)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|[^/]*\.(?:test|spec))\.\w+$|\.(?:md|mdx|rst|adoc|ipynb|example|sample|template|dist|tmpl|j2)$/i;
/** What starts a stack on a laptop: its passwords are most likely for that alone. */
const LOCAL_SETUP = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|\/)\.devcontainer\//;
/** Made by programs; what looks random there is a checksum. */
const GENERATED =
  /(?:^|\/)(?:[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|[^/]*\.min\.\w+|go\.sum|[^/]*\.(?:svg|csv|tsv|parquet|map|css|snap))$/i;

/**
 * Secrets written in a file's text, as findings of the check `no-secrets`. The findings never hold a secret or part of one.
 * Placeholders, look-ups and well-known local passwords are no secrets. A line that says `headgate: allow secret`, or follows such a comment, is left out.
 */
export function findSecrets(path: string, text: string): Finding[] {
  const lowered = text.toLowerCase();
  const rules = secretRules.filter((rule) => rule.hints.some((hint) => lowered.includes(hint)));
  const named = !GENERATED.test(path) && !OUTSIDE.test(path) && CALLED_LIKE_A_SECRET.test(text);
  if (rules.length === 0 && !named) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.length > LONGEST_LINE || isAllowed(lines, index)) return [];
    const first = [...sightings(lines, index, rules), ...(named ? namedSightings(line, path, index) : [])][0];
    return first === undefined ? [] : [asFinding(path, first)];
  });
}

function isAllowed(lines: string[], index: number): boolean {
  if (ALLOWED.test(lines[index] ?? '')) return true;
  const before = lines[index - 1] ?? '';
  return /^\s*(?:#|\/\/|--|;|<!--|\/\*|\{#)/.test(before) && ALLOWED.test(before);
}

function sightings(lines: string[], index: number, rules: SecretRule[]): Sighting[] {
  const line = lines[index] ?? '';
  return rules.flatMap((rule) =>
    [...line.matchAll(rule.pattern)].flatMap((match) => {
      const severity = judge(rule, match, lines.slice(index, index + 4).join('\n'));
      return severity === null ? [] : [{ line: index + 1, title: rule.title, rule: rule.id, severity }];
    }),
  );
}

/** `error` in `judge` means "as the place says"; see `asFinding`. Null: no secret after all. */
function judge(rule: SecretRule, match: RegExpMatchArray, following: string): Severity | null {
  const secret = match.groups?.secret ?? '';
  if (rule.id === 'private-key')
    return hasKeyBody(following.slice(following.indexOf(match[0]) + match[0].length)) ? 'error' : null;
  if (rule.id === 'url-password') return judgeAddress(match);
  if (isPlaceholder(secret.replace(/^(?:AKIA|ASIA|AIza)/, '')) || entropyOf(secret) < rule.entropy) return null;
  return 'error';
}

/** A begin line alone is a pattern or an example; a key has its text behind it. */
function hasKeyBody(after: string): boolean {
  const body = after.replace(/\\n|\\r|["'+\s]/g, '').replace(/^(?:Proc-Type|DEK-Info|Version|Comment):.*?(?=MI)/, '');
  const start = /^[A-Za-z0-9/=]{40,}/.exec(body)?.[0] ?? '';
  return start !== '' && entropyOf(start) > 3.5 && !/example|xxxx|\.\.\./i.test(start);
}

/** Schemes under which `name:secret@host` is a login. Others (`git+ssh`, `arn`) are not judged. */
const LOGIN_SCHEMES =
  /^(?:postgres(?:ql)?|mysql|mariadb|snowflake|redshift|mssql|oracle|mongodb|rediss?|amqps?|clickhouse\w*|databricks|trino|presto|hive|vertica|db2|cockroachdb|kafka|ftp|sftp|ssh|https?|smtps?|ldaps?|elasticsearch|jdbc|bigquery|teradata|athena)(?:\+\w+)?$/i;

function judgeAddress(match: RegExpMatchArray): Severity | null {
  const { scheme = '', user = '', secret = '', host = '' } = match.groups ?? {};
  if (!LOGIN_SCHEMES.test(scheme) || isPlaceholder(secret) || secret.toLowerCase() === user.toLowerCase()) return null;
  if (isPlaceholder(user) && /^[a-z]+$/i.test(secret)) return null;
  if (/[{}$%<>\\()|^]/.test(secret) || /^\d{2,5}$/.test(secret) || /example\.|example$/i.test(host)) return null;
  const isLocal = /^(?:localhost|127\.|0\.0\.0\.0|host\.docker\.internal)/.test(host);
  return isLocal ? 'warning' : 'error';
}

function namedSightings(line: string, path: string, index: number): Sighting[] {
  return namedSecrets(line, path).map(({ name }) => ({
    line: index + 1,
    title: `What looks like a secret is given to "${name}" and`,
    rule: 'named-secret',
    severity: 'error' as const,
  }));
}

function asFinding(path: string, seen: Sighting): Finding {
  const outside = OUTSIDE.test(path) || LOCAL_SETUP.test(path);
  const least = secretRules.find((rule) => rule.id === seen.rule)?.outside ?? 'warning';
  return {
    check: 'no-secrets',
    asset: null,
    path,
    line: seen.line,
    status: 'failed',
    severity: outside && least !== 'error' ? least : seen.severity,
    message: `${seen.title} is written in this line.`,
    hint: 'Revoke it, because it stays in the history; put the new one in a secret store and name it under `secrets:`. If it is none, end the line with the comment `headgate: allow secret`.',
  };
}
