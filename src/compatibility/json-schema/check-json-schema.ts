import type { Json } from '../../model/json.ts';
import { compareVersions } from '../compare-versions.ts';
import type { Compatibility, CompatibilityRequest, PairProblem, SchemaSource, WitnessSearch } from '../verdict.ts';
import { compileForAjv, refusalOf, type Validator } from './confirm-json-schema.ts';
import { Interner, type Node, SchemaDocument } from './document.ts';
import { type Explained, explain } from './explain.ts';
import { checkGrounded } from './grounded.ts';
import { inexactNumbers } from './multiples.ts';
import { Solver } from './solver.ts';

type JsonSchema = { root: Node; document: SchemaDocument; references: SchemaSource[] };

/** JSON Schema, drafts 04 to 2020-12: compatible means that the reader accepts every value that the writer accepts. */
export function checkJsonSchema(request: CompatibilityRequest): Promise<Compatibility> {
  const comparison = new JsonSchemaComparison(request.references ?? []);
  return compareVersions(
    {
      read: (source) => comparison.read(source),
      compare: (reader, writer) => comparison.explained(reader, writer).problems,
      findWitness: async (reader, writer) => comparison.witness(reader, writer),
    },
    request,
  );
}

const inexact: PairProblem = {
  rule: 'json-schema-undecided',
  path: '$',
  message: 'The schemas hold different numbers with more digits than validators tell apart.',
};

/** Numbers that no double holds are rounded when they are read, so that different ones may look alike. */
function isToldApart(reader: JsonSchema, writer: JsonSchema): boolean {
  const [to, from] = [reader, writer].map(({ document }) => inexactNumbers(document.source.text));
  return String(to) === String(from);
}

class JsonSchemaComparison {
  private readonly shared: readonly SchemaSource[];
  private readonly interner = new Interner();
  private readonly solver = new Solver();
  private readonly validators = new WeakMap<JsonSchema, Validator>();
  private readonly known = new WeakMap<JsonSchema, WeakMap<JsonSchema, Explained>>();

  constructor(shared: readonly SchemaSource[]) {
    this.shared = shared;
  }

  read(source: SchemaSource): JsonSchema {
    const document = new SchemaDocument(source, this.shared, this.interner);
    const references = [...this.shared, ...(source.references ?? [])];
    const root = document.root();
    if (document.mayRefer) checkGrounded(root);
    return { root, document, references };
  }

  explained(reader: JsonSchema, writer: JsonSchema): Explained {
    const before = this.known.get(reader)?.get(writer);
    if (before !== undefined) return before;
    // ajv takes the nearest of several dynamic anchors, not the outermost one.
    const dynamic = reader.document.isDynamic || writer.document.isDynamic;
    const confirm = (value: Json) => !dynamic && typeof this.refusal(reader, writer, value) === 'string';
    const explained = explain(writer.root, reader.root, { solver: this.solver, confirm });
    if (explained.problems.length === 0 && reader.root.id !== writer.root.id && !isToldApart(reader, writer))
      explained.problems.push(inexact);
    if (explained.problems.length > 0)
      this.known.set(reader, (this.known.get(reader) ?? new WeakMap<JsonSchema, Explained>()).set(writer, explained));
    return explained;
  }

  witness(reader: JsonSchema, writer: JsonSchema): WitnessSearch {
    const { examples } = this.explained(reader, writer);
    for (const value of examples.slice(0, 20)) {
      const outcome = this.refusal(reader, writer, value);
      if (outcome !== null) return { witness: { type: null, value, bytes: null, outcome, confirmedBy: 'ajv' } };
    }
    const failed = [this.validator(reader), this.validator(writer)].find((validator) => 'because' in validator);
    if (failed !== undefined && 'because' in failed) return failed;
    if (examples.length > 0) return { because: 'ajv did not confirm the values that were built.' };
    return { because: 'No value was found that the writer’s schema accepts and the reader’s refuses.' };
  }

  /** Why the reader refuses a value that the writer accepts; null when it is no such value, or that could not be told. */
  private refusal(reader: JsonSchema, writer: JsonSchema, value: Json): string | null {
    const [reading, writing] = [this.validator(reader), this.validator(writer)];
    if ('because' in reading || 'because' in writing || refusalOf(writing.validate, value) !== null) return null;
    const refusal = refusalOf(reading.validate, value);
    return refusal === 'unknown' ? null : refusal;
  }

  private validator(schema: JsonSchema): Validator {
    const known = this.validators.get(schema);
    if (known !== undefined) return known;
    const made = compileForAjv(schema.document.json, schema.document.draft, schema.references);
    this.validators.set(schema, made);
    return made;
  }
}
