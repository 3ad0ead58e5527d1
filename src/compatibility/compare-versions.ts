import { fail } from '../base/errors.ts';
import { isUndecided } from './rules.ts';
import type {
  Checker,
  Compatibility,
  CompatibilityRequest,
  Counterexample,
  Direction,
  Mode,
  PairProblem,
  SchemaSource,
  WitnessSearch,
} from './verdict.ts';

/** What came of one old text: the problems of each direction. `pair` is kept only while a counterexample may be wanted. */
type Judged<Schema> = {
  direction: Direction;
  problems: PairProblem[];
  pair: { reader: Schema; writer: Schema } | null;
};
type Incompatible<Schema> = Judged<Schema> & { against: string };

const defaultCounterexamples = 20;

/** Judges every pair that the mode asks for. Each distinct text is read and judged once, and then forgotten. */
export async function compareVersions<Schema extends object>(
  checker: Checker<Schema>,
  request: CompatibilityRequest,
): Promise<Compatibility> {
  const limit = request.counterexamples ?? defaultCounterexamples;
  const olds = request.mode.endsWith('_transitive') ? request.olds : request.olds.slice(-1);
  const judge = judging(checker, request, limit);
  const incompatible = olds.flatMap((source): Incompatible<Schema>[] =>
    judge(source).flatMap((judged) => (judged.problems.length === 0 ? [] : [{ ...judged, against: source.name }])),
  );
  const problems = incompatible.flatMap(({ against, direction, problems: own }) =>
    own.map((problem) => ({ ...problem, against, direction })),
  );
  const searched = await findCounterexamples(checker, incompatible.slice(0, limit));
  const because = limit === 0 && problems.length > 0 ? 'No counterexample was asked for.' : searched.because;
  return {
    compatible: problems.length === 0,
    decided: problems.length === 0 || problems.some((problem) => !isUndecided(problem.rule)),
    mode: request.mode,
    compared: olds.map((source) => source.name),
    problems,
    counterexample: searched.found[0] ?? null,
    because: searched.found.length > 0 ? null : because,
    counterexamples: searched.found,
  };
}

function judging<Schema extends object>(
  checker: Checker<Schema>,
  request: CompatibilityRequest,
  limit: number,
): (source: SchemaSource) => Judged<Schema>[] {
  const fresh = shallow(request.new, () => checker.read(request.new));
  const freshKey = keyOf(request.new);
  const known = new Map<string, Judged<Schema>[]>();
  let kept = 0;
  return (source) => {
    const key = keyOf(source);
    const before = known.get(key);
    if (before !== undefined) return before;
    const old = key === freshKey ? fresh : shallow(source, () => checker.read(source));
    const judged = directionsOf(request.mode).map((direction): Judged<Schema> => {
      const pair = direction === 'backward' ? { reader: fresh, writer: old } : { reader: old, writer: fresh };
      const problems = shallow(source, () => checker.compare(pair.reader, pair.writer, direction));
      if (problems.length > 0) kept += 1;
      return { direction, problems, pair: problems.length > 0 && kept <= limit ? pair : null };
    });
    known.set(key, judged);
    return judged;
  };
}

type Failing<Schema> = { reader: Schema; writer: Schema; problems: PairProblem[]; direction: Direction };

/** A library may give up on what could be compared. */
async function findWitness<Schema extends object>(
  checker: Checker<Schema>,
  failing: Failing<Schema>,
): Promise<WitnessSearch> {
  const { reader, writer, problems, direction } = failing;
  try {
    return await checker.findWitness(reader, writer, problems, direction);
  } catch (error) {
    if (error instanceof RangeError)
      return { because: 'The schemas are too large or nested too deeply to build a record.' };
    throw error;
  }
}

/** Schemas are walked by functions that call themselves, so what is nested without end is told by the end of the stack. */
function shallow<Result>(source: SchemaSource, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof RangeError) throw fail('schema-too-deep', { file: source.name });
    throw error;
  }
}

/** Texts with the same references mean the same. */
function keyOf(source: SchemaSource): string {
  return source.references === undefined ? source.text : JSON.stringify([source.text, source.references]);
}

function directionsOf(mode: Mode): Direction[] {
  if (mode.startsWith('full')) return ['backward', 'forward'];
  return [mode.startsWith('backward') ? 'backward' : 'forward'];
}

async function findCounterexamples<Schema extends object>(
  checker: Checker<Schema>,
  incompatible: readonly Incompatible<Schema>[],
): Promise<{ found: Counterexample[]; because: string | null }> {
  const found: Counterexample[] = [];
  let because: string | null = null;
  for (const { pair, problems, against, direction } of incompatible) {
    if (pair === null) continue;
    const search = await findWitness(checker, { ...pair, problems, direction });
    if ('witness' in search) found.push({ ...search.witness, against, direction });
    else because ??= search.because;
  }
  return { found, because };
}
