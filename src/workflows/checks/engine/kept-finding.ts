import { z } from 'zod';
import type { Finding } from '../../../model/finding.ts';
import { type AssetKey, parseAssetKey } from '../../../model/identifiers.ts';

/** A finding that may be kept. What could not be told, and what came out now one way and now another, has no such shape. */
export const KeptFinding: z.ZodType<Finding> = z.object({
  check: z.string(),
  asset: z
    .string()
    .transform((text): AssetKey | null => parseAssetKey(text))
    .nullable(),
  path: z.string().nullable(),
  line: z.number().nullable(),
  status: z.enum(['passed', 'failed', 'skipped']),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  hint: z.string().nullable(),
});
