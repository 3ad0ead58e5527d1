import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import type { BundleUnit } from '../../model/bundle.ts';
import { partOf, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { BundleReader } from '../contract.ts';
import type { Stub } from './stub.ts';

/**
 * What the bundle says of one DAG file. `source` is its path in the project, `place` the one inside the DAGs folder.
 * `paths` are folders of the part that go on sys.path. `graphDigests` null: the shape of that DAG is not known.
 */
export const UnitFacts = z.object({
  source: z.string(),
  place: z.string(),
  legacy: z.boolean(),
  dagIds: z.array(z.string()),
  paths: z.array(z.string()),
  graphDigests: z.record(z.string(), z.string().nullable()),
  runsUnknown: z.boolean(),
});
export type UnitFacts = z.infer<typeof UnitFacts>;

/** Where in the DAGs folder the release home is. The scheduler is told to ignore it. */
export const HOME_FOLDER = '_headgate';

export function factsOf(unit: BundleUnit): UnitFacts {
  return UnitFacts.parse(unit.facts);
}

/** The facts of a unit in the bundle that a pointer names. Throws `airflow-unit-unknown`. */
export async function factsAt(
  world: { bundles: Pick<BundleReader, 'part'> },
  unit: UnitKey,
  pointer: Pointer,
): Promise<UnitFacts> {
  const { units } = await world.bundles.part(pointer.bundle, partOf(unit));
  const found = units.find((candidate) => candidate.unit === unit);
  if (found === undefined) throw fail('airflow-unit-unknown', { unit, bundle: pointer.bundle });
  return factsOf(found);
}

/** The stub that makes a pointer live, with nothing pinned. */
export function plainStub(unit: UnitKey, live: Pointer, facts: UnitFacts): Stub {
  const up = '../'.repeat(facts.place.split('/').length - 1);
  const { source, dagIds, paths } = facts;
  const home = `${up}${HOME_FOLDER}`;
  return { unit, live, source, home, paths: { [live.bundle]: paths }, dagIds, draining: false, pins: {}, serial: 0 };
}
