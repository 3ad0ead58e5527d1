import { compareVersions } from '../compare-versions.ts';
import type { Compatibility, CompatibilityRequest, PairProblem } from '../verdict.ts';
import { compareProtobuf } from './compare-protobuf.ts';
import { findProtobufWitness } from './confirm-protobuf.ts';
import { readProtobuf } from './read-protobuf.ts';

/** Protobuf, as a schema registry judges it, or at one of the levels of buf. */
export function checkProtobuf(request: CompatibilityRequest): Promise<Compatibility> {
  const level = request.level ?? 'registry';
  return compareVersions(
    {
      read: (source) => readProtobuf(source, request.references ?? []),
      compare: (reader, writer) =>
        compareProtobuf(reader.file, writer.file, level).map(
          ({ rule, path, message }): PairProblem => ({ rule, path, message }),
        ),
      findWitness: async (reader, writer) =>
        findProtobufWitness(reader, writer, compareProtobuf(reader.file, writer.file, level)),
    },
    request,
  );
}
