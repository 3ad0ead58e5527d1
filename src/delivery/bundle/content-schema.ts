import { type ZodType, z } from 'zod';
import { fail } from '../../base/errors.ts';
import { type Asset, type Edge, edgeKinds } from '../../model/asset.ts';
import type { BundleContent, BundleUnit } from '../../model/bundle.ts';
import {
  type AssetKey,
  type Digest,
  type PartKey,
  parseAssetKey,
  parseDigest,
  type UnitKey,
} from '../../model/identifiers.ts';
import type { Json, JsonObject } from '../../model/json.ts';

const json: ZodType<Json> = z.json();
const jsonObject: ZodType<JsonObject> = z.record(z.string(), json);
const count = z.number().int().nonnegative();
const digest = branded<Digest>((text) => parseDigest(text));
const assetKey = branded<AssetKey>((text) => parseAssetKey(text));
const partKey = branded<PartKey>((text) =>
  /^[a-z][a-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) ? (text as PartKey) : null,
);
const unitKey = branded<UnitKey>((text) =>
  /^[a-z][a-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9._-]*(#.+)?$/s.test(text) ? (text as UnitKey) : null,
);

const serviceLevel = z.object({
  every: z.string().nullable(),
  within: z.string().nullable(),
  by: z.string().nullable(),
});

export const assetSchema: ZodType<Asset> = z.object({
  key: assetKey,
  kind: z.string(),
  name: z.string(),
  part: partKey.nullable(),
  path: z.string().nullable(),
  line: z.number().int().nullable(),
  owner: z.string().nullable(),
  serviceLevel: serviceLevel.nullable(),
  sensitivity: z.array(z.string()),
  exactness: z.enum(['static', 'exact', 'assumed']),
  facts: jsonObject,
});

export const edgeSchema: ZodType<Edge> = z.object({
  from: assetKey,
  to: assetKey,
  kind: z.enum(edgeKinds),
});

export const unitSchema: ZodType<BundleUnit> = z.object({
  unit: unitKey,
  fingerprint: digest,
  assets: z.array(assetKey),
  facts: jsonObject,
});

const part = z.object({
  part: partKey,
  target: z.string(),
  name: z.string(),
  blob: digest,
  bytes: count,
  files: count,
  settings: jsonObject,
  units: z.array(unitSchema),
});

const environment = z.object({
  name: z.string(),
  after: z.string().nullable(),
  promote: z.enum(['automatic', 'manual']),
  gates: z.object({
    approvals: count,
    approverRoles: z.array(z.string()),
    separateAuthor: z.boolean(),
    requiredChecks: z.array(z.string()),
    requireLockedRuntime: z.boolean().default(false),
    approvalValidSeconds: z.number().nonnegative(),
  }),
  targets: z.record(z.string(), jsonObject),
  values: jsonObject,
  secrets: z.record(z.string(), z.string()),
});

const content: ZodType<BundleContent> = z.object({
  version: z.literal(1),
  project: z.string(),
  parts: z.array(part),
  environments: z.array(environment),
  assets: z.array(assetSchema),
  edges: z.array(edgeSchema),
  lock: digest.nullable(),
});

/** The content in a bundle's config blob. Throws `bundle-too-new`, `bundle-damaged`. */
export function parseContent(text: string, bundle: string): BundleContent {
  const value = parsed(text, bundle);
  const version = versionOf(value);
  if (version > 1) throw fail('bundle-too-new', { found: String(version), known: '1' });
  const result = content.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  throw fail('bundle-damaged', { digest: bundle, because: `its content cannot be read (${where})` }, result.error);
}

function parsed(text: string, bundle: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail('bundle-damaged', { digest: bundle, because: 'its content is no JSON' }, error);
  }
}

function versionOf(value: unknown): number {
  if (value === null || typeof value !== 'object' || !('version' in value)) return 0;
  return typeof value.version === 'number' ? value.version : 0;
}

/** Text that `read` turns into an identifier, or refuses with null. */
function branded<Identifier extends string>(read: (text: string) => Identifier | null): ZodType<Identifier> {
  return z.string().transform((text, context) => {
    const identifier = read(text);
    if (identifier !== null) return identifier;
    context.addIssue({ code: 'custom', message: `not an identifier: ${text.slice(0, 80)}` });
    return z.NEVER;
  });
}
