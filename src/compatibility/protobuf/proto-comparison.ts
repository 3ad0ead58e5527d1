import type { Level, PairProblem } from '../verdict.ts';
import type { ProtoEnum, ProtoMessage } from './proto-schema.ts';

/**
 * What shows a problem: a record of the message `writer` with values under these numbers, read as the message `reader`. With
 * `json` the record goes through ProtoJSON instead of bytes, with `named` the field of that name is compared on both sides,
 * with `absent` what a field means that was left out.
 */
export type Probe = {
  writer: string;
  reader: string;
  numbers: readonly number[];
  json: boolean;
  named?: string;
  absent?: number;
};
export type ProtoFinding = PairProblem & { probe: Probe | null };

/** How a comparison goes on into the messages and enums that fields have. */
export type Visits = {
  message(comparison: ProtoComparison, reader: ProtoMessage, writer: ProtoMessage): void;
  enum(comparison: ProtoComparison, reader: ProtoEnum, writer: ProtoEnum, probe: Omit<Probe, 'json'> | null): void;
};

/** One comparison: which pairs of messages and enums have been looked at, and what was found. */
export class ProtoComparison {
  readonly level: Level;
  readonly findings: ProtoFinding[] = [];
  readonly visit: Visits;
  private readonly pairs = new Map<object, Set<object>>();

  constructor(level: Level, visit: Visits) {
    this.level = level;
    this.visit = visit;
  }

  /** True for the levels at which buf asks, and true of all of them for those that hold `levels`. */
  asks(...levels: Level[]): boolean {
    return levels.includes(this.level);
  }

  add(finding: ProtoFinding): void {
    this.findings.push(finding);
  }

  isNew(reader: object, writer: object): boolean {
    const known = this.pairs.get(reader) ?? new Set();
    this.pairs.set(reader, known);
    if (known.has(writer)) return false;
    known.add(writer);
    return true;
  }
}
