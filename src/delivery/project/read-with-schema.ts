import { type ZodType, z } from 'zod';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { YamlReading } from '../../base/yaml/yaml-document.ts';
import type { Finding } from '../../model/finding.ts';

/** A YAML file being read, and where in it the value stands. */
export type YamlPlace = { file: string; yaml: YamlReading; at: readonly PropertyKey[] };

/**
 * Reads a value by a schema. Unknown keys are reported and left out; any other fault makes the value null.
 * Each fault is a finding with its line.
 */
export function readWithSchema<T>(
  schema: ZodType<T>,
  value: unknown,
  place: YamlPlace,
): { value: T | null; findings: Finding[] } {
  const findings: Finding[] = [];
  let current = value;
  for (let round = 0; round < 20; round += 1) {
    const parsed = schema.safeParse(current);
    if (parsed.success) return { value: parsed.data, findings };
    const unknownKeys = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    const faults = parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
    for (const issue of unknownKeys) {
      const known = keysAt(schema, issue.path);
      findings.push(...issue.keys.map((key) => unknownKey({ key, known, path: issue.path, place })));
      current = without(current, issue.path, issue.keys);
    }
    findings.push(...faults.map((issue) => faultFinding(issue, current, place)));
    if (faults.length > 0 || unknownKeys.length === 0) return { value: null, findings };
  }
  return { value: null, findings };
}

/** The finding for a key that means nothing at its place. */
export function unknownKey(input: {
  key: string;
  known: readonly string[];
  path: readonly PropertyKey[];
  place: YamlPlace;
}): Finding {
  const { key, known, path, place } = input;
  const meant = didYouMean(key, known);
  return projectFinding({
    check: 'project-unknown-key',
    path: place.file,
    line: place.yaml.lineOf([...place.at, ...path, key]),
    message: `\`${shown([...place.at, ...path, key])}\` means nothing here.`,
    hint: meant !== null ? `Did you mean \`${meant}\`?` : `Known here: ${known.join(', ')}.`,
  });
}

/** A failed finding of severity error about a project file, unless `severity` says otherwise. */
export function projectFinding(input: {
  check: string;
  path: string | null;
  line: number | null;
  message: string;
  hint: string | null;
  severity?: Finding['severity'];
}): Finding {
  return { asset: null, status: 'failed', severity: 'error', ...input };
}

function faultFinding(issue: z.core.$ZodIssue, value: unknown, place: YamlPlace): Finding {
  const found = valueAt(value, issue.path);
  const where = shown([...place.at, ...issue.path]);
  const missing = found === undefined && issue.path.length > 0;
  return projectFinding({
    check: missing ? 'project-missing-key' : 'project-wrong-type',
    path: place.file,
    line: place.yaml.lineOf([...place.at, ...issue.path]),
    message: missing ? `\`${where}\` is missing.` : `\`${where}\` is wrong: ${plain(issue)}.`,
    hint: meantValue(issue, found),
  });
}

function meantValue(issue: z.core.$ZodIssue, found: unknown): string | null {
  if (issue.code !== 'invalid_value') return 'The JSON Schema in schemas/ shows what may stand here.';
  const allowed = issue.values.map(String);
  const meant = typeof found === 'string' ? didYouMean(found, allowed) : null;
  return meant !== null ? `Did you mean \`${meant}\`?` : `Allowed: ${allowed.join(', ')}.`;
}

function plain(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, '').replace(/\.$/, '');
}

/** The keys that the object schema at `path` knows; empty when there is none. */
function keysAt(schema: ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const step of path) at = inside(bare(at), step);
  const object = bare(at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function inside(schema: unknown, step: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

function bare(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodNullable || at instanceof z.ZodDefault) at = at.unwrap();
  return at;
}

function without(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (Array.isArray(value) && step !== undefined) {
    return value.map((item, index) => (index === step ? without(item, rest, keys) : item));
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  return step === undefined
    ? Object.fromEntries(entries.filter(([key]) => !keys.includes(key)))
    : Object.fromEntries(entries.map(([key, item]) => [key, key === step ? without(item, rest, keys) : item]));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      at !== null && typeof at === 'object' ? Object.entries(at).find(([key]) => key === String(step))?.[1] : undefined,
    value,
  );
}

function shown(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`))
    .join('');
}
