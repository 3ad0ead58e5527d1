import type { BundleContent, BundlePart, BundleUnit } from '../../model/bundle.ts';
import { type AssetKey, type Digest, digestOf, type UnitKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { settingsDigest, settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { Delivery } from '../../targets/contract.ts';

export type PointerInput = {
  environment: string;
  bundle: Digest;
  content: BundleContent;
  /** The targets that the environment delivers to. Parts of other targets get no pointer. */
  deliveries: { [target: string]: Pick<Delivery, 'settingsInPointer'> };
};

type DeliveredUnit = { part: BundlePart; unit: BundleUnit; settings: Digest | null };

/**
 * The pointer that each unit of the bundle should have in the environment. Its fingerprint is the effective one:
 * a digest over the unit itself, its settings where they reach the code through the pointer, and everything its assets
 * run, directly or through others. So a DAG that runs a changed dbt project changes too, and cycles do no harm.
 */
export function wantedPointers(input: PointerInput): Map<UnitKey, Pointer> {
  const delivered = deliveredUnits(input);
  const runs = unitsRun(input.content, delivered);
  return new Map(
    [...delivered].map(([key, { part }]) => {
      const reached = [...reachable(key, runs)].sort().map((unit) => ownPart(unit, delivered));
      const fingerprint = digestOf(canonicalJson({ self: key, reached }));
      return [key, { bundle: input.bundle, part: part.blob, fingerprint }];
    }),
  );
}

function deliveredUnits(input: PointerInput): Map<UnitKey, DeliveredUnit> {
  const found = new Map<UnitKey, DeliveredUnit>();
  for (const part of input.content.parts) {
    const delivery = input.deliveries[part.target];
    if (delivery === undefined) continue;
    const settings = delivery.settingsInPointer ? settingsOf(input.content, input.environment, part.part) : null;
    for (const unit of part.units) {
      found.set(unit.unit, { part, unit, settings: settings === null ? null : settingsDigest(settings) });
    }
  }
  return found;
}

/** Which units each unit runs directly. A unit that cannot say (`runsUnknown`) is taken to run all units of other targets. */
function unitsRun(content: BundleContent, delivered: Map<UnitKey, DeliveredUnit>): Map<UnitKey, UnitKey[]> {
  const unitOf = new Map<AssetKey, UnitKey>();
  for (const [key, { unit }] of delivered) for (const asset of unit.assets) unitOf.set(asset, key);
  const runs = new Map<UnitKey, UnitKey[]>([...delivered.keys()].map((key) => [key, []]));
  for (const edge of content.edges) {
    const to = unitOf.get(edge.to);
    const from = unitOf.get(edge.from);
    if (edge.kind === 'runs' && from !== undefined && to !== undefined) runs.get(from)?.push(to);
  }
  for (const [key, { part, unit }] of delivered) {
    if (unit.facts.runsUnknown !== true) continue;
    for (const [other, { part: otherPart }] of delivered) {
      if (otherPart.target !== part.target) runs.get(key)?.push(other);
    }
  }
  return runs;
}

function reachable(start: UnitKey, runs: Map<UnitKey, UnitKey[]>): Set<UnitKey> {
  const seen = new Set<UnitKey>([start]);
  for (const unit of seen) for (const next of runs.get(unit) ?? []) seen.add(next);
  return seen;
}

function ownPart(key: UnitKey, delivered: Map<UnitKey, DeliveredUnit>): [UnitKey, Digest, Digest | null] {
  const found = delivered.get(key);
  if (found === undefined) throw new Error(`wantedPointers: ${key} is reached but not delivered`);
  return [key, found.unit.fingerprint, found.settings];
}
