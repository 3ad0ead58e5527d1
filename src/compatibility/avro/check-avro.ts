import { compareVersions } from '../compare-versions.ts';
import type { Compatibility, CompatibilityRequest } from '../verdict.ts';
import { compareAvro } from './compare-avro.ts';
import { findAvroWitness } from './confirm-avro.ts';
import { readAvro } from './read-avro.ts';

/** Avro by the schema resolution of its specification, 1.11. */
export function checkAvro(request: CompatibilityRequest): Promise<Compatibility> {
  return compareVersions(
    {
      read: (source) => readAvro(source, request.references ?? []),
      compare: (reader, writer) => compareAvro(reader.root, writer.root),
      findWitness: findAvroWitness,
    },
    request,
  );
}
