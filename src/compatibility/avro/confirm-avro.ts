import { messageOf } from '../../base/errors.ts';
import type { Json } from '../../model/json.ts';
import type { PairProblem, WitnessSearch } from '../verdict.ts';
import { type AvroSchema, type AvroType, labelOf, toAvroJson } from './avro-schema.ts';
import { avroWitness } from './avro-witness.ts';
import { silentRules } from './logical-types.ts';

/**
 * A record that avsc writes with the one schema and cannot read with the other, or reads as another value. avsc goes by
 * unqualified names when told to, which is what Avro 1.11 says, but then of aliases too, so it cannot confirm an alias that lacks
 * its namespace. It resolves whole schemas before the first byte.
 */
export async function findAvroWitness(
  reader: AvroSchema,
  writer: AvroSchema,
  problems: readonly PairProblem[],
): Promise<WitnessSearch> {
  const value = avroWitness(reader.root, writer.root);
  if (value === undefined) return { because: 'The writer’s schema has no finite value at all.' };
  const [wide, wider] = [reader, writer].map(({ root }) => largestUnion(root, new Set()));
  if ((wide ?? 0) * (wider ?? 0) > mostBranchPairs) return { because: 'The unions are too large for avsc to resolve.' };
  const { default: avsc } = await import('avsc');
  // A JSON schema in the library's own type; it validates what it is given.
  const compile = (schema: Json) =>
    avsc.Type.forSchema(schema as Parameters<typeof avsc.Type.forSchema>[0], { wrapUnions: true });
  try {
    const writing = compile(toAvroJson(writer.root));
    const datum = writing.fromString(JSON.stringify(value));
    const bytes = writing.toBuffer(datum);
    const reading = compile(toAvroJson(reader.root));
    const outcome = readingOutcome(() => {
      const resolver = reading.createResolver(writing, { ignoreNamespaces: true } as Parameters<
        typeof reading.createResolver
      >[1]);
      return reading.toString(reading.fromBuffer(bytes, resolver));
    });
    if ('failed' in outcome) return witnessOf(writer, value, bytes, outcome.failed);
    const [first] = problems;
    if (first !== undefined && problems.every((problem) => silentRules.includes(problem.rule)))
      return witnessOf(
        writer,
        value,
        bytes,
        `It is read as ${outcome.read}, which means something else: ${first.message}`,
      );
    return { because: 'avsc reads the record that was built to fail.' };
  } catch (error) {
    return { because: `avsc cannot write with this schema: ${messageOf(error)}.` };
  }
}

/** avsc resolves every branch of the one union against every branch of the other. */
const mostBranchPairs = 250_000;

function largestUnion(type: AvroType, seen: Set<AvroType>): number {
  if (seen.has(type)) return 0;
  seen.add(type);
  const parts =
    type.kind === 'union'
      ? type.branches
      : type.kind === 'record'
        ? type.fields.map((field) => field.type)
        : type.kind === 'array'
          ? [type.items]
          : type.kind === 'map'
            ? [type.values]
            : [];
  const own = type.kind === 'union' ? type.branches.length : 0;
  return parts.reduce((most, part) => Math.max(most, largestUnion(part, seen)), own);
}

function witnessOf(writer: AvroSchema, value: Json, bytes: Buffer, outcome: string): WitnessSearch {
  const type = labelOf(writer.root);
  return { witness: { type, value, bytes: bytes.toString('hex'), outcome, confirmedBy: 'avsc' } };
}

function readingOutcome(read: () => string): { read: string } | { failed: string } {
  try {
    return { read: read() };
  } catch (error) {
    return { failed: messageOf(error) };
  }
}
