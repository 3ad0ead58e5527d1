import { z } from '@hono/zod-openapi';
import type { Json } from '../model/json.ts';

/** The shapes that the API takes and gives: all that the web page and the command line may see of the control plane. */

export const roles = ['author', 'approver', 'operator', 'auditor'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

const time = z.iso.datetime().openapi({ description: 'UTC, ISO 8601' });
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hex digits');
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'a name has letters, digits, dots, dashes');
const person = z.string().trim().min(1).max(200);
const reason = z.string().max(2000);
// What arrives was parsed from JSON, and what leaves is written as JSON; there is nothing more to check.
const json: z.ZodType<Json> = z.any().openapi({ description: 'Any JSON' });

export const Problem = z
  .object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string(), exit: z.number().int() }) })
  .openapi('Problem');

export const Health = z
  .object({ status: z.enum(['ok', 'database-unreachable']), version: z.string() })
  .openapi('Health');
export type Health = z.infer<typeof Health>;

export const Whoami = z
  .object({
    person: z.string(),
    token: z.string(),
    roles: z.array(Role),
    environments: z.array(z.string()).nullable().openapi({ description: 'null: every environment' }),
    expires: time.nullable(),
  })
  .openapi('Whoami');
export type Whoami = z.infer<typeof Whoami>;

export const TokenWish = z
  .object({
    person,
    label: z.string().max(200).default(''),
    roles: z.array(Role).min(1),
    environments: z.array(name).nullable().default(null),
    days: z.number().int().min(1).max(3650).nullable().default(90),
  })
  .openapi('TokenWish');
export type TokenWish = z.input<typeof TokenWish>;

export const Token = z
  .object({
    id: z.string(),
    person: z.string(),
    label: z.string(),
    roles: z.array(Role),
    environments: z.array(z.string()).nullable(),
    createdBy: z.string(),
    created: time,
    expires: time.nullable(),
    revoked: time.nullable(),
    lastUsed: time.nullable(),
  })
  .openapi('Token');
export type Token = z.infer<typeof Token>;
export const NewToken = z
  .object({ token: Token, secret: z.string().openapi({ description: 'Shown this once' }) })
  .openapi('NewToken');
export type NewToken = z.infer<typeof NewToken>;

export const TrustedKeyWish = z.object({ name: z.string().min(1).max(200), publicPem: z.string().max(4000) });
export const TrustedKeyShape = z
  .object({ keyId: z.string(), name: z.string(), publicPem: z.string(), addedBy: z.string(), added: time })
  .openapi('TrustedKey');
export type TrustedKeyShape = z.infer<typeof TrustedKeyShape>;

const Gates = z.object({
  approvals: z.number().int().min(0).max(20),
  approverRoles: z.array(z.string()),
  separateAuthor: z.boolean(),
  requiredChecks: z.array(z.string()),
  requireLockedRuntime: z.boolean().default(false),
  approvalValidSeconds: z.number().positive(),
});
export const EnvironmentWish = z
  .object({
    name,
    after: name.nullable(),
    promote: z.enum(['automatic', 'manual']),
    gates: Gates,
    targets: z.record(z.string(), z.record(z.string(), json)),
    secrets: z.record(z.string(), z.string()),
  })
  .openapi('EnvironmentWish');
export type EnvironmentWish = z.infer<typeof EnvironmentWish>;
export const EnvironmentShape = EnvironmentWish.extend({ registeredBy: z.string(), registered: time }).openapi(
  'Environment',
);
export type EnvironmentShape = z.infer<typeof EnvironmentShape>;

export const CollectionWish = z
  .object({
    keep: z.number().int().min(1).max(9999),
    unusedSeconds: z.number().int().min(0),
    dryRun: z.boolean(),
  })
  .openapi('CollectionWish');
export type CollectionWish = z.infer<typeof CollectionWish>;
export const CollectionShape = z
  .object({
    environment: z.string(),
    dryRun: z.boolean(),
    places: z.array(
      z.object({
        home: z.string(),
        bundles: z.array(z.string()),
        parts: z.array(z.string()),
        kept: z.number().int(),
        waiting: z.number().int(),
      }),
    ),
  })
  .openapi('Collection');
export type CollectionShape = z.infer<typeof CollectionShape>;

export const BundleShape = z
  .object({ digest, project: z.string(), bytes: z.number(), uploadedBy: z.string(), uploaded: time })
  .openapi('Bundle');
export type BundleShape = z.infer<typeof BundleShape>;

const StepShape = z
  .object({
    index: z.number().int(),
    kind: z.string(),
    target: z.string(),
    text: z.string(),
    state: z.string(),
    detail: z.string(),
    attempts: z.number().int(),
    notBefore: time.nullable(),
  })
  .openapi('Step');
export type StepShape = z.infer<typeof StepShape>;

export const RolloutShape = z
  .object({
    id: z.string(),
    release: z.string(),
    environment: z.string(),
    plan: digest,
    state: z.enum(['running', 'undoing', 'done', 'undone', 'stuck', 'abandoned']),
    epoch: z.number().int(),
    steps: z.array(StepShape),
  })
  .openapi('Rollout');
export type RolloutShape = z.infer<typeof RolloutShape>;

export const PlanShape = z
  .object({
    digest,
    project: z.string(),
    environment: z.string(),
    bundle: digest,
    start: digest,
    steps: z.array(z.object({ kind: z.string(), target: z.string(), text: z.string() })),
    warnings: z.array(
      z.object({
        unit: z.string().nullable(),
        because: z.string(),
        breaks: z.string().nullable().openapi({ description: 'The rule of the gate that it breaks where one is set' }),
      }),
    ),
    lines: z.array(z.string()).openapi({ description: 'The plan as people read it' }),
  })
  .openapi('Plan');
export type PlanShape = z.infer<typeof PlanShape>;

const findings = z.object({
  digest: z.string().nullable(),
  signedBy: z.string().nullable(),
  passed: z.number(),
  failed: z.number(),
  errored: z.number(),
  skipped: z.number(),
  cleanChecks: z.array(z.string()),
  blocking: z.number(),
});
const releaseState = z.enum([
  'asked',
  'waiting',
  'refused',
  'rolling-out',
  'live',
  'superseded',
  'failed',
  'undone',
  'stuck',
]);

export const ReleaseBrief = z
  .object({
    id: z.string(),
    number: z.number().int(),
    project: z.string(),
    bundle: digest,
    environment: z.string(),
    kind: z.enum(['promotion', 'rollback', 'hotfix']),
    state: releaseState,
    because: z.string(),
    trouble: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    requestedBy: z.string(),
    requested: time,
    changed: time,
    liveSince: time.nullable(),
    before: digest.nullable(),
    following: z.string().nullable(),
    plan: digest.nullable(),
  })
  .openapi('ReleaseBrief');
export type ReleaseBrief = z.infer<typeof ReleaseBrief>;

export const ApprovalShape = z
  .object({
    approver: z.string(),
    decision: z.enum(['approve', 'reject']),
    comment: z.string(),
    plan: digest,
    policy: digest,
    at: time,
    expires: time,
    counts: z.boolean().openapi({ description: 'Whether it counts at this moment' }),
    signature: z.string(),
  })
  .openapi('Approval');
export type ApprovalShape = z.infer<typeof ApprovalShape>;

export const ReleaseShape = ReleaseBrief.omit({ plan: true })
  .extend({
    authors: z.array(z.string()),
    findings,
    plan: PlanShape.nullable(),
    rollout: RolloutShape.nullable(),
    approvals: z.array(ApprovalShape),
    differences: z.array(z.string()).openapi({
      description:
        "Where the bundle's own copy of the environment differs from the registered one, which is what counts",
    }),
  })
  .openapi('Release');
export type ReleaseShape = z.infer<typeof ReleaseShape>;

export const ReleaseWish = z.object({ bundle: digest, environment: name }).openapi('ReleaseWish');
/** `cursor`: events after it are about what was asked. */
export const AskedRelease = z.object({ release: ReleaseShape, cursor: z.number().int() }).openapi('AskedRelease');
export type AskedRelease = z.infer<typeof AskedRelease>;

export const PlanWish = z.object({ bundle: digest, environment: name }).openapi('PlanWish');
export const PlannedShape = z
  .object({
    plan: PlanShape,
    gate: z.object({ outcome: z.enum(['allowed', 'refused', 'waiting']), because: z.string() }),
    differences: z.array(z.string()),
  })
  .openapi('Planned');
export type PlannedShape = z.infer<typeof PlannedShape>;

export const ApprovalWish = z
  .object({ plan: digest, decision: z.enum(['approve', 'reject']), comment: reason.default('') })
  .openapi('ApprovalWish');

export const RollbackWish = z
  .object({ environment: name, project: name.nullable().default(null), to: digest.nullable().default(null) })
  .openapi('RollbackWish');

export const ToggleWish = z
  .object({ environment: name, asset: z.string().max(500), way: z.enum(['disable', 'enable']), reason })
  .openapi('ToggleWish');
export const ToggleShape = z
  .object({
    id: z.string(),
    environment: z.string(),
    asset: z.string(),
    way: z.enum(['disable', 'enable']),
    reason: z.string(),
    requestedBy: z.string(),
    requested: time,
    state: z.enum(['asked', 'rolling-out', 'done', 'failed', 'stuck']),
    because: z.string(),
  })
  .openapi('Toggle');
export type ToggleShape = z.infer<typeof ToggleShape>;
export const AskedToggle = z
  .object({ toggle: ToggleShape.nullable(), unchanged: z.string().nullable(), cursor: z.number().int() })
  .openapi('AskedToggle');
export type AskedToggle = z.infer<typeof AskedToggle>;

export const ResumeWish = z
  .object({ way: z.enum(['forward', 'backward', 'abandon']), because: reason.min(1) })
  .openapi('ResumeWish');

export const EnvironmentStatus = z
  .object({
    environment: z.string(),
    after: z.string().nullable(),
    promote: z.enum(['automatic', 'manual']),
    live: z.array(ReleaseBrief),
    open: z.array(ReleaseBrief),
    rollouts: z.array(RolloutShape),
    disabled: z.array(z.object({ asset: z.string(), by: z.string(), at: time, reason: z.string() })),
    toggles: z.array(ToggleShape),
  })
  .openapi('EnvironmentStatus');
export type EnvironmentStatus = z.infer<typeof EnvironmentStatus>;
export const Status = z.object({ environments: z.array(EnvironmentStatus) }).openapi('Status');
export type Status = z.infer<typeof Status>;

export const EnvironmentHealth = z
  .object({
    environment: z.string(),
    state: z.enum(['healthy', 'unhealthy', 'unknown']),
    reasons: z.array(z.string()),
  })
  .openapi('EnvironmentHealth');
export type EnvironmentHealth = z.infer<typeof EnvironmentHealth>;

export const AuditEntryShape = z
  .object({
    seq: z.number().int(),
    at: time,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), json),
  })
  .openapi('AuditEntry');
export type AuditEntryShape = z.infer<typeof AuditEntryShape>;
export const SignedHeadShape = z
  .object({
    log: z.string(),
    size: z.number().int(),
    root: z.string(),
    at: time,
    keyId: z.string(),
    signature: z.string(),
  })
  .openapi('SignedHead');
export const AuditKeys = z.object({ keys: z.array(z.object({ keyId: z.string(), publicPem: z.string() })) });
export const AuditTexts = z.object({ from: z.number().int(), texts: z.array(z.string()) });
export const InclusionProof = z
  .object({ entry: z.string(), index: z.number().int(), path: z.array(z.string()), head: SignedHeadShape })
  .openapi('InclusionProof');
export type InclusionProof = z.infer<typeof InclusionProof>;

/** One event of the stream. `environment` and `release` are null when it is about neither. */
export const EventShape = AuditEntryShape.extend({
  environment: z.string().nullable(),
  release: z.string().nullable(),
}).openapi('Event');
export type EventShape = z.infer<typeof EventShape>;
