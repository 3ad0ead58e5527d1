import type { Json } from '../model/json.ts';
import type { FormatName } from './rule.ts';
import type { RuleName } from './rules.ts';

/**
 * `backward`: the new schema reads what the old one wrote. `forward`: the old one reads what the new one writes. `full`: both.
 * Plain modes look at the last old version only, transitive ones at every one.
 */
export const modes = [
  'backward',
  'forward',
  'full',
  'backward_transitive',
  'forward_transitive',
  'full_transitive',
] as const;
export type Mode = (typeof modes)[number];

export type Direction = 'backward' | 'forward';

/**
 * How Protobuf is judged: as a schema registry does, or by one of buf's categories: bytes only, bytes and ProtoJSON, or the source
 * that others generate code from as well.
 */
export const levels = ['registry', 'wire', 'wire_json', 'file'] as const;
export type Level = (typeof levels)[number];

export const dialects = ['snowflake', 'postgres', 'duckdb', 'spark'] as const;
export type Dialect = (typeof dialects)[number];

/** One version of a schema. `name` is what people call it (a file, a version); `references` are the schemas that it names. */
export type SchemaSource = { name: string; text: string; references?: readonly SchemaSource[] };

/** What a pair of schemas fails by. `path` is a place in the reader's data, `$` being the whole. */
export type PairProblem = { rule: RuleName; path: string; message: string };

/** `against` is the name of the old version. */
export type Problem = PairProblem & { against: string; direction: Direction };

/**
 * What the writer may write and the reader cannot read, or reads wrongly. `type` is the writer's name of what it is a record of (a
 * Protobuf message, an Avro type), null where the whole schema is meant. `bytes` is hex, null for formats without bytes;
 * `value` is the record as JSON, in the JSON encoding of its format. `confirmedBy` is the library, or the table of types, that
 * was asked; `outcome` is what it said.
 */
export type Witness = { type: string | null; value: Json; bytes: string | null; outcome: string; confirmedBy: string };
export type Counterexample = Witness & { against: string; direction: Direction };

/** A witness, or one sentence why there is none. */
export type WitnessSearch = { witness: Witness } | { because: string };

/**
 * `compatible` is true only when that was proven for every pair. `decided` is false when all that stands against it is that it
 * could not be told. `compared` names the old versions that were looked at. `because` says why there is no counterexample.
 */
export type Compatibility = {
  compatible: boolean;
  decided: boolean;
  mode: Mode;
  compared: string[];
  problems: Problem[];
  counterexample: Counterexample | null;
  because: string | null;
  counterexamples: Counterexample[];
};

export type CompatibilityRequest = {
  format: FormatName;
  /** Oldest first. */
  olds: readonly SchemaSource[];
  new: SchemaSource;
  mode: Mode;
  /** Schemas that every version may name. */
  references?: readonly SchemaSource[];
  level?: Level;
  dialect?: Dialect;
  /** For how many incompatible pairs a counterexample is looked for; 20 when left out. */
  counterexamples?: number;
};

/** What a format can do. `compare` gives no problem only when the reader reads everything that the writer can write. */
export type Checker<Schema extends object> = {
  read(source: SchemaSource): Schema;
  compare(reader: Schema, writer: Schema, direction: Direction): PairProblem[];
  findWitness(
    reader: Schema,
    writer: Schema,
    problems: readonly PairProblem[],
    direction: Direction,
  ): Promise<WitnessSearch>;
};
