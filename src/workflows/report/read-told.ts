import { readFileSync } from 'node:fs';
import { type ZodType, z } from 'zod';
import { fail, messageOf } from '../../base/errors.ts';
import type { ImpactTold, PlanTold } from '../../delivery/checks/comment/comment-input.ts';
import { type CheckReport, reportOf } from '../../delivery/checks/report.ts';
import { effects } from '../../model/change.ts';
import type { Finding as FindingTold } from '../../model/finding.ts';
import { parseAssetKey } from '../../model/identifiers.ts';

const text = z.string().nullable().default(null);
const Finding: ZodType<FindingTold> = z.object({
  check: z.string(),
  asset: text.transform((key) => (key === null ? null : parseAssetKey(key))),
  path: text,
  line: z.number().int().positive().nullable().default(null),
  status: z.enum(['passed', 'failed', 'errored', 'skipped', 'flaky']),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  hint: text,
});
const findings = z.array(Finding);
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
  steps: z.array(z.object({ target: z.string(), text: z.string() })),
  warnings: z.array(z.object({ unit: text, because: z.string() })),
});
const Planned = z.object({ plan: Plan, gate: z.object({ outcome: z.string(), because: z.string() }) });

/** What `headgate check --json` printed into a file. @throws report-file-unreadable */
export function readCheck(path: string): CheckReport {
  const { findings: found, summary } = readFile(path, 'check', z.object({ findings, summary: Summary }));
  return reportOf(found, summary);
}

/** What `headgate check --write-times` wrote: seconds by check and part. @throws report-file-unreadable */
export function readSeconds(path: string): { [check: string]: number } {
  return readFile(path, 'check --write-times', z.record(z.string(), z.number().nonnegative()));
}

/** What `headgate impact --json` printed into a file. @throws report-file-unreadable */
export function readImpact(path: string): ImpactTold {
  return readFile(path, 'impact', Impact);
}

/** What `headgate plan --json` printed into a file: of a bundle or of a release. @throws report-file-unreadable */
export function readPlan(path: string): PlanTold {
  const read = readFile(path, 'plan', z.union([Planned, Plan]));
  return 'plan' in read ? { ...read.plan, gate: read.gate } : { ...read, gate: null };
}

function readFile<Shape>(path: string, what: string, shape: ZodType<Shape>): Shape {
  const unreadable = (because: string) => fail('report-file-unreadable', { path, what, because });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unreadable(messageOf(error));
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadable(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'it has another shape'}`);
}
