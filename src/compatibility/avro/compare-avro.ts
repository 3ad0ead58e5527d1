import type { PairProblem } from '../verdict.ts';
import {
  type AvroField,
  type AvroNamed,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
  isNamed,
  labelOf,
  unqualified,
} from './avro-schema.ts';
import { logicalProblems, silentRules } from './logical-types.ts';
import { isPlain } from './plain-types.ts';

/** Which types a reader's type takes besides its own. */
const promotions: { [reader: string]: readonly string[] } = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** A field of the reader with the one of the writer that fills it: null when there is none, `ambiguous` when there are several. */
export type FieldMatch = { field: AvroField; from: AvroField | null | 'ambiguous' };

/**
 * Judges pairs of types by schema resolution. Recursive types are judged by the greatest fixed point: a pair is readable until
 * something proves it is not, and what leaned on a pair that then failed is judged again.
 */
export class AvroResolution {
  private readonly judgesMeaning: boolean;
  private readonly failed = new Map<AvroType, Set<AvroType>>();
  private judged = new Map<AvroType, Map<AvroType, boolean>>();

  /** `judgesMeaning`: whether a value that is read, but as another one, counts as not readable. */
  constructor(judgesMeaning = true) {
    this.judgesMeaning = judgesMeaning;
  }

  /** Whether every value of the writer's type can be read. */
  reads(reader: AvroType, writer: AvroType): boolean {
    for (;;) {
      const before = this.failures;
      this.judged = new Map();
      const answer = this.judge(reader, writer);
      if (this.failures === before || !answer) return answer;
    }
  }

  private failures = 0;

  /** Only records can lead back to themselves, so only pairs with one are remembered. */
  private judge(reader: AvroType, writer: AvroType): boolean {
    if (reader === writer && isPlain(reader)) return true;
    if (reader.kind !== 'record' || writer.kind !== 'record') return this.resolves(reader, writer);
    if (this.failed.get(reader)?.has(writer)) return false;
    const known = this.judged.get(reader)?.get(writer);
    if (known !== undefined) return known;
    const ofReader = this.judged.get(reader) ?? new Map<AvroType, boolean>();
    this.judged.set(reader, ofReader.set(writer, true));
    const answer = this.resolves(reader, writer);
    ofReader.set(writer, answer);
    if (!answer) {
      this.failed.set(reader, (this.failed.get(reader) ?? new Set()).add(writer));
      this.failures += 1;
    }
    return answer;
  }

  private resolves(reader: AvroType, writer: AvroType): boolean {
    if (writer.kind === 'union') return writer.branches.every((branch) => this.judge(reader, branch));
    if (reader.kind === 'union') return nearBranches(reader, writer).some((branch) => this.judge(branch, writer));
    const problems = ownProblems(reader, writer, '$');
    if (problems.some(({ rule }) => this.judgesMeaning || !silentRules.includes(rule))) return false;
    return partsOf(reader, writer).every(([part, from]) => this.judge(part, from));
  }
}

/** Everything that the reader cannot read, each once, at the place where a value meets it first. */
export function compareAvro(reader: AvroType, writer: AvroType): PairProblem[] {
  const resolution = new AvroResolution();
  if (resolution.reads(reader, writer)) return [];
  const problems: PairProblem[] = [];
  const seen = new Map<AvroType, Set<AvroType>>();
  const explain = (to: AvroType, from: AvroType, path: string): void => {
    if (resolution.reads(to, from)) return;
    // Types without a name stand in one place each, or are shared between places that each have to be told.
    if (isNamed(to) && isNamed(from)) {
      if (seen.get(to)?.has(from)) return;
      seen.set(to, (seen.get(to) ?? new Set()).add(from));
    }
    if (from.kind === 'union') {
      for (const branch of from.branches) explainBranch(to, branch, path);
    } else if (to.kind === 'union') {
      explainBranch(to, from, path);
    } else {
      problems.push(...ownProblems(to, from, path));
      for (const [part, source, step] of partsOf(to, from)) explain(part, source, path + step);
    }
  };
  const explainBranch = (to: AvroType, branch: AvroType, path: string): void => {
    if (resolution.reads(to, branch)) return;
    const near = to.kind === 'union' ? nearest(nearBranches(to, branch), branch) : null;
    if (near !== null) explain(near, branch, path);
    else problems.push(branchProblem(to, branch, path));
  };
  explain(reader, writer, '$');
  return problems;
}

/** The only branch that a value of the type can be meant for: same kind, and same name or structure. */
function nearest(branches: readonly AvroType[], type: AvroType): AvroType | null {
  const alike = branches.filter((branch) => branch.kind === type.kind && (!isNamed(branch) || sameName(branch, type)));
  const [only] = alike;
  return alike.length === 1 && only !== undefined && only.kind !== 'enum' ? only : null;
}

function branchProblem(reader: AvroType, branch: AvroType, path: string): PairProblem {
  if (reader.kind !== 'union') {
    const message = `The writer’s union holds ${labelOf(branch)}, which the reader’s ${labelOf(reader)} cannot read.`;
    return { rule: 'avro-union-narrowed', path, message };
  }
  const message = `The reader’s union [${listed(reader.branches.map(labelOf))}] has no branch that can read ${labelOf(branch)}.`;
  return { rule: 'avro-union-branch-missing', path, message };
}

/** The pairs of types inside two types of one kind that must resolve as well, with the step to each. */
export function partsOf(reader: AvroType, writer: AvroType): [reader: AvroType, writer: AvroType, step: string][] {
  if (reader.kind === 'array' && writer.kind === 'array') return [[reader.items, writer.items, '[]']];
  if (reader.kind === 'map' && writer.kind === 'map') return [[reader.values, writer.values, '{}']];
  if (reader.kind !== 'record' || writer.kind !== 'record') return [];
  return matchFields(reader, writer).flatMap(({ field, from }): [AvroType, AvroType, string][] =>
    from === null || from === 'ambiguous' ? [] : [[field.type, from.type, `.${field.name}`]],
  );
}

export function matchFields(reader: AvroRecord, writer: AvroRecord): FieldMatch[] {
  const written = fieldsByName(writer);
  return reader.fields.map((field) => {
    if (field.aliases.length === 0) return { field, from: written.get(field.name) ?? null };
    const names = new Set([field.name, ...field.aliases]);
    const matching = [...names].flatMap((name) => written.get(name) ?? []);
    return { field, from: matching.length > 1 ? 'ambiguous' : (matching[0] ?? null) };
  });
}

const named = new WeakMap<AvroRecord, Map<string, AvroField>>();

function fieldsByName(record: AvroRecord): Map<string, AvroField> {
  const known = named.get(record);
  if (known !== undefined) return known;
  const made = new Map(record.fields.map((field) => [field.name, field]));
  named.set(record, made);
  return made;
}

/** What is wrong between two types that are no unions, leaving out what lies inside them. */
function ownProblems(reader: AvroType, writer: AvroType, path: string): PairProblem[] {
  if (reader.kind !== writer.kind) {
    if (promotions[reader.kind]?.includes(writer.kind)) return logicalProblems(reader, writer, path);
    const message = `${labelOf(writer)} cannot be read as ${labelOf(reader)}.`;
    return [{ rule: 'avro-type-changed', path, message }];
  }
  if (isNamed(reader) && isNamed(writer) && !sameName(reader, writer)) {
    const message = `${writer.name} is read as ${reader.name}, which has no alias ${writer.name}.`;
    return [{ rule: 'avro-name-changed', path, message }];
  }
  if (reader.kind === 'record' && writer.kind === 'record') return fieldProblems(reader, writer, path);
  if (reader.kind === 'enum' && writer.kind === 'enum') return symbolProblems(reader, writer, path);
  if (reader.kind === 'fixed' && writer.kind === 'fixed' && reader.size !== writer.size) {
    const message = `${writer.name} has ${writer.size} bytes, the reader expects ${reader.size}.`;
    return [{ rule: 'avro-fixed-size-changed', path, message }];
  }
  return logicalProblems(reader, writer, path);
}

function sameName(reader: AvroNamed, writer: AvroType): boolean {
  if (!isNamed(writer)) return false;
  return unqualified(reader.name) === unqualified(writer.name) || reader.aliases.includes(writer.name);
}

/** The first of many names. */
function listed(names: readonly string[]): string {
  return names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} and ${names.length - 20} more`;
}

type Branches = { named: Map<string, AvroType[]>; others: AvroType[] };
const branchesOf = new WeakMap<AvroUnion, Branches>();

/** The branches that can read a type at all: by name or alias, or by kind. */
function nearBranches(union: AvroUnion, writer: AvroType): readonly AvroType[] {
  let known = branchesOf.get(union);
  if (known === undefined) {
    known = { named: new Map(), others: [] };
    for (const branch of union.branches) addBranch(known, branch);
    branchesOf.set(union, known);
  }
  if (!isNamed(writer)) return known.others;
  return [...(known.named.get(unqualified(writer.name)) ?? []), ...(known.named.get(`alias ${writer.name}`) ?? [])];
}

function addBranch({ named, others }: Branches, branch: AvroType): void {
  if (!isNamed(branch)) others.push(branch);
  else
    for (const name of [unqualified(branch.name), ...branch.aliases.map((alias) => `alias ${alias}`)])
      named.set(name, [...(named.get(name) ?? []), branch]);
}

type EnumType = Extract<AvroType, { kind: 'enum' }>;

function symbolProblems(reader: EnumType, writer: EnumType, path: string): PairProblem[] {
  if (reader.fallback !== null) return [];
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return [];
  const message = `The writer may write ${listed(missing)}, which the reader’s enum ${reader.name} lacks, and it has no default.`;
  return [{ rule: 'avro-enum-symbol-missing', path, message }];
}

function fieldProblems(reader: AvroRecord, writer: AvroRecord, path: string): PairProblem[] {
  return matchFields(reader, writer).flatMap(({ field, from }): PairProblem[] => {
    const at = `${path}.${field.name}`;
    if (from === 'ambiguous') {
      const message = `${field.name} and its aliases name more than one field of the writer’s ${writer.name}.`;
      return [{ rule: 'avro-field-alias-ambiguous', path: at, message }];
    }
    if (from !== null || field.fallback?.valid) return [];
    if (field.fallback === null) {
      const message = `The writer’s ${writer.name} has no field ${field.name}, and the reader has no default for it.`;
      return [{ rule: 'avro-field-without-default', path: at, message }];
    }
    const message = `The writer has no field ${field.name}, and the reader’s default ${JSON.stringify(field.fallback.value)} is no value of its type.`;
    return [{ rule: 'avro-default-invalid', path: at, message }];
  });
}
