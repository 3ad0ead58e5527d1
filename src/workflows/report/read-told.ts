import { readFileSync } from 'node:fs';
import { type ZodType, z } from 'zod';
import { fail, messageOf } from '../../base/errors.ts';
import type { ImpactTold, PlanTold } from '../../delivery/checks/comment/comment-input.ts';
import { type CheckReport, reportOf } from '../../delivery/checks/report.ts';
import { effects } from '../../model/change.ts';
import { errored } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { parseAssetKey } from '../../model/identifiers.ts';

const text = z.string().nullable().default(null);
const FindingTold: ZodType<Finding> = z.object({
  check: z.string(),
  asset: text.transform((key) => (key === null ? null : parseAssetKey(key))),
  path: text,
  line: z.number().int().positive().nullable().default(null),
  status: z.enum(['passed', 'failed', 'errored', 'skipped', 'flaky']),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  hint: text,
});
const findings = z.array(FindingTold);
/** What a command prints in place of its answer when it fails. */
const Failure = z.object({ error: z.object({ message: z.string(), hint: text }) });
const Shard = z.object({ index: z.number().int(), of: z.number().int().positive().max(10_000), cut: z.string() });
const Summary = z
  .object({ reused: z.number().int().nonnegative().default(0), shard: Shard.optional() })
  .transform(({ reused, shard }) => (shard === undefined ? { reused } : { reused, shard }));

const ServiceLevel = z.object({ every: text, within: text, by: text });
const Effect = z.enum(effects);
const ColumnChange = z.object({ name: z.string(), change: z.enum(['added', 'removed', 'changed']) });
const Impact: ZodType<ImpactTold> = z.object({
  base: z.string(),
  head: text,
  changed: z.array(
    z.object({
      key: z.string(),
      effect: Effect,
      because: z.string(),
      columns: z.array(ColumnChange).nullable().default(null),
    }),
  ),
  reached: z.array(
    z.object({
      key: z.string(),
      effect: Effect,
      because: text,
      via: z.array(z.string()),
      owner: text,
      serviceLevel: ServiceLevel.nullable().default(null),
    }),
  ),
  findings: findings.default([]),
});

const Plan = z.object({
  environment: z.string(),
  steps: z.array(z.object({ kind: z.string(), target: z.string(), text: z.string() })),
  warnings: z.array(z.object({ unit: text, because: z.string() })),
});
const Planned = z.object({ plan: Plan, gate: z.object({ outcome: z.string(), because: z.string() }) });

/** What a file tells; null, and the finding that says why, where the command that was to write it failed. */
type Told<Shape> = { told: Shape; trouble: null } | { told: null; trouble: Finding };

/** What `headgate check --json` printed into a file; where it failed, that finding alone. @throws report-file-unreadable */
export function readCheck(path: string): CheckReport {
  const { told, trouble } = readTold(path, 'check', z.object({ findings, summary: Summary }));
  return told === null ? reportOf([trouble]) : reportOf(told.findings, told.summary);
}

/** What `headgate impact --json` printed into a file. @throws report-file-unreadable */
export function readImpact(path: string): Told<ImpactTold> {
  return readTold(path, 'impact', Impact);
}

/** What `headgate plan --json` printed into a file: of a bundle or of a release. @throws report-file-unreadable */
export function readPlan(path: string): Told<PlanTold> {
  const { told, trouble } = readTold(path, 'plan', z.union([Planned, Plan]));
  if (told === null) return { told, trouble };
  return { told: 'plan' in told ? { ...told.plan, gate: told.gate } : { ...told, gate: null }, trouble: null };
}

/** What `headgate check --write-times` wrote: seconds by check and part. @throws report-file-unreadable */
export function readSeconds(path: string): { [check: string]: number } {
  const shape = z.record(z.string(), z.number().nonnegative());
  return shapeOf(path, 'check --write-times', { shape, value: readJson(path, 'check --write-times') });
}

const subjects = {
  check: 'Whether the project is sound',
  impact: 'What this change does',
  plan: 'What will be deployed',
};

function readTold<Shape>(path: string, what: keyof typeof subjects, shape: ZodType<Shape>): Told<Shape> {
  const value = readJson(path, what);
  const failure = Failure.safeParse(value).data;
  if (failure === undefined) return { told: shapeOf(path, what, { shape, value }), trouble: null };
  const { message, hint } = failure.error;
  const severity = what === 'plan' ? 'warning' : 'error';
  const said = { message: `${subjects[what]} could not be told. ${message}`, hint, severity } as const;
  return { told: null, trouble: errored(what, said) };
}

function readJson(path: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fail('report-file-unreadable', { path, what, because: messageOf(error) });
  }
}

function shapeOf<Shape>(
  path: string,
  what: string,
  { shape, value }: { shape: ZodType<Shape>; value: unknown },
): Shape {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const because = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'it has another shape'}`;
  throw fail('report-file-unreadable', { path, what, because });
}
