import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import type { BundleContent } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/json.ts';
import { assetSchema, edgeSchema, unitSchema } from './content-schema.ts';

const BundleReading = z.object({
  version: z.literal(1),
  units: z.record(z.string(), z.array(unitSchema)),
  assets: z.array(assetSchema),
  edges: z.array(edgeSchema),
});

/**
 * What the real Airflow and dbt say of a bundle's parts. It lies beside the bundle and is no part of its digest,
 * so that a machine without those tools makes the same bundle. It can always be made again from the bundle.
 */
export type BundleReading = z.infer<typeof BundleReading>;

/** What `exact` says more than `identity`, or null when they say the same. The parts and blobs of both must be the same. */
export function readingOf(identity: BundleContent, exact: BundleContent): BundleReading | null {
  const units = Object.fromEntries(exact.parts.map(({ part, units: found }) => [part, found]));
  const reading: BundleReading = { version: 1, units, assets: exact.assets, edges: exact.edges };
  return canonicalJson(withReading(identity, reading)) === canonicalJson(identity) ? null : reading;
}

/** The content with what the real tools say in place of what the text alone says. */
export function withReading(content: BundleContent, reading: BundleReading): BundleContent {
  const parts = content.parts.map((part) => ({ ...part, units: reading.units[part.part] ?? part.units }));
  return { ...content, parts, assets: reading.assets, edges: reading.edges };
}

/** The reading that knows most: most assets read by the real tool, then the oldest. */
export function bestReading(readings: readonly BundleReading[]): BundleReading | null {
  const exactness = (reading: BundleReading) => reading.assets.filter((asset) => asset.exactness === 'exact').length;
  return readings.reduce<BundleReading | null>(
    (best, next) => (best === null || exactness(next) > exactness(best) ? next : best),
    null,
  );
}

/** Throws `bundle-damaged` when the text is no reading. */
export function parseReading(text: string, bundle: string): BundleReading {
  try {
    return BundleReading.parse(JSON.parse(text));
  } catch (error) {
    throw fail('bundle-damaged', { digest: bundle, because: 'the reading attached to it cannot be read' }, error);
  }
}
