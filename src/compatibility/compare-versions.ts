import { isUndecided } from './rules.ts';
import type {
  Checker,
  Compatibility,
  CompatibilityRequest,
  Counterexample,
  Direction,
  Mode,
  PairProblem,
  Problem,
  SchemaSource,
} from './verdict.ts';

type Pair<Schema> = { reader: Schema; writer: Schema; against: string; direction: Direction };
type Searched = { found: Counterexample[]; because: string | null };

const defaultCounterexamples = 20;

/** Judges every pair that the mode asks for. Each distinct text is read once, each distinct pair of schemas judged once. */
export async function compareVersions<Schema extends { canonical: string }>(
  checker: Checker<Schema>,
  request: CompatibilityRequest,
): Promise<Compatibility> {
  const pairs = pairsOf(checker, request);
  const judge = remembering(checker);
  const judged = pairs.map((pair) => ({ pair, problems: judge(pair) }));
  const problems = judged.flatMap(({ pair, problems: own }) =>
    own.map((problem): Problem => ({ ...problem, against: pair.against, direction: pair.direction })),
  );
  const incompatible = judged.filter((one) => one.problems.length > 0);
  const searched = await findCounterexamples(checker, incompatible, request.counterexamples ?? defaultCounterexamples);
  return {
    compatible: problems.length === 0,
    decided: problems.length === 0 || problems.some((problem) => !isUndecided(problem.rule)),
    mode: request.mode,
    compared: [...new Set(pairs.map((pair) => pair.against))],
    problems,
    counterexample: searched.found[0] ?? null,
    because: searched.found.length > 0 ? null : searched.because,
    counterexamples: searched.found,
  };
}

function pairsOf<Schema extends { canonical: string }>(
  checker: Checker<Schema>,
  request: CompatibilityRequest,
): Pair<Schema>[] {
  const read = readingOnce(checker);
  const fresh = read(request.new);
  const olds = request.mode.endsWith('_transitive') ? request.olds : request.olds.slice(-1);
  return olds.flatMap((source) => {
    const old = read(source);
    return directionsOf(request.mode).map((direction): Pair<Schema> => {
      const sides = direction === 'backward' ? { reader: fresh, writer: old } : { reader: old, writer: fresh };
      return { ...sides, against: source.name, direction };
    });
  });
}

function directionsOf(mode: Mode): Direction[] {
  if (mode.startsWith('full')) return ['backward', 'forward'];
  return [mode.startsWith('backward') ? 'backward' : 'forward'];
}

function readingOnce<Schema extends { canonical: string }>(checker: Checker<Schema>): (source: SchemaSource) => Schema {
  const byText = new Map<string, Schema>();
  const byCanonical = new Map<string, Schema>();
  return (source) => {
    const key = source.references === undefined ? source.text : JSON.stringify([source.text, source.references]);
    const known = byText.get(key);
    if (known !== undefined) return known;
    const read = checker.read(source);
    const same = byCanonical.get(read.canonical) ?? read;
    byText.set(key, same);
    byCanonical.set(read.canonical, same);
    return same;
  };
}

/** `readingOnce` gives one object per canonical text, so identity is equality here. */
function remembering<Schema extends { canonical: string }>(
  checker: Checker<Schema>,
): (pair: Pair<Schema>) => PairProblem[] {
  const known = new Map<Schema, Map<Schema, PairProblem[]>>();
  return ({ reader, writer, direction }) => {
    const ofReader = known.get(reader) ?? new Map<Schema, PairProblem[]>();
    known.set(reader, ofReader);
    const before = ofReader.get(writer);
    if (before !== undefined) return before;
    const problems = checker.compare(reader, writer, direction);
    ofReader.set(writer, problems);
    return problems;
  };
}

async function findCounterexamples<Schema extends { canonical: string }>(
  checker: Checker<Schema>,
  incompatible: readonly { pair: Pair<Schema>; problems: PairProblem[] }[],
  limit: number,
): Promise<Searched> {
  const found: Counterexample[] = [];
  let because: string | null = null;
  for (const { pair, problems } of incompatible.slice(0, limit)) {
    const search = await checker.findWitness(pair.reader, pair.writer, problems, pair.direction);
    if ('witness' in search) found.push({ ...search.witness, against: pair.against, direction: pair.direction });
    else because ??= search.because;
  }
  if (limit === 0 && incompatible.length > 0) because = 'No counterexample was asked for.';
  return { found, because };
}
