import type { ProjectSources } from '../python-source/machine-types.ts';
import type { SyntaxNode } from '../python-source/syntax.ts';
import type { Traffic } from './frame-sources.ts';
import { type FrameFunction, type FrameScope, type FrameValue, holdsData, NotSimple, plain } from './frame-values.ts';

/** Which way a program goes where its text does not tell; the same place may be come to several times. */
export type Choices = ReadonlyMap<string, boolean>;
/** A condition that the choices say nothing of. */
export class NeedsChoice extends Error {
  readonly condition: string;
  constructor(condition: string) {
    super(condition);
    this.name = 'NeedsChoice';
    this.condition = condition;
  }
}

/** One reading of a program, with one way through it. */
export type Run = {
  sources: ProjectSources;
  traffic: Traffic;
  /** Options that argparse reads. */
  options: ReadonlyMap<string, string>;
  choices: Choices;
  /** How often each condition was come to. */
  met: Map<string, number>;
  modules: Map<string, FrameScope>;
  steps: number;
  depth: number;
  /** Above 0 where data may not be touched, because it cannot be told whether and how often this is done. */
  closed: number;
  evaluate(node: SyntaxNode | null, scope: FrameScope): FrameValue;
  /** Reads the body of a function of the project. */
  callFunction(callee: FrameFunction, given: GivenValues): FrameValue;
  /** Reads a file of the project from its top. */
  load(file: string, name: string): FrameScope;
};
export type GivenValues = { positional: readonly FrameValue[]; named: ReadonlyMap<string, FrameValue> };

/** Words by which code can move data, wherever it gets them from. */
const dataWords =
  /\bspark\b|SparkSession|\.(?:read|readStream|write|writeTo|writeStream|sql|table|select|selectExpr|withColumn|createOrReplaceTempView|groupBy)\b/;

export function touchesData(text: string): boolean {
  return dataWords.test(text);
}

/** Reads something of which it is not known how often it is done. */
export function closed<T>(run: Run, act: () => T): T {
  run.closed += 1;
  try {
    return act();
  } finally {
    run.closed -= 1;
  }
}

/** Which way a condition goes: told by its value, else by the choices. */
export function holds(run: Run, node: SyntaxNode | null, scope: FrameScope): boolean {
  const value = run.evaluate(node, scope);
  const told = truth(value);
  if (told !== null) return told;
  const place = `${scope.file}:${node?.line ?? 0}:${node?.text ?? ''}`;
  const count = (run.met.get(place) ?? 0) + 1;
  run.met.set(place, count);
  const chosen = run.choices.get(`${place}:${count}`);
  if (chosen === undefined) throw new NeedsChoice(`${place}:${count}`);
  return chosen;
}

function truth(value: FrameValue): boolean | null {
  if (value.is === 'none') return false;
  if (value.is === 'bool') return value.value;
  if (value.is === 'number') return value.value !== 0;
  if (value.is === 'list') return value.items.length > 0;
  return value.is === 'frame' || value.is === 'function' ? true : null;
}

/** Binds a name, or names to the items of a list. Anything else may not take data. */
export function assign(run: Run, target: SyntaxNode | null, value: FrameValue, scope: FrameScope): void {
  if (target === null) return;
  if (target.type === 'identifier') {
    if (run.closed > 0 && (holdsData(value) || holdsData(scope.names.get(target.text) ?? plain)))
      throw new NotSimple('data are named where it is not known whether that is done');
    scope.names.set(target.text, value);
    return;
  }
  if (['pattern_list', 'tuple_pattern', 'list_pattern'].includes(target.type)) {
    target.children.forEach((child, at) => {
      assign(run, child, value.is === 'list' ? (value.items[at] ?? plain) : holdsData(value) ? refuse() : plain, scope);
    });
    return;
  }
  if (holdsData(value)) refuse();
  for (const child of target.children) run.evaluate(child, scope);
}

function refuse(): never {
  throw new NotSimple('data are put where they are not followed');
}
