import type { Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { PairProblem } from '../verdict.ts';
import type { Answer } from './answer.ts';
import { demandsOf } from './demands.ts';
import type { Node } from './document.ts';
import { isAdditional } from './evaluate.ts';
import { type Claim, type Demand, denied, type Formula, keyOf, keyOfAll } from './formula.ts';
import { messageFor } from './messages.ts';
import { matches } from './patterns/matches.ts';
import type { Solver } from './solver.ts';

/** What the writer fulfils in any case: claims, and keys of everything that was taken apart to get them. */
type Given = { formulas: readonly Formula[]; claims: readonly Claim[]; keys: ReadonlySet<string> };

/** A part of a value that a demand speaks of: what the writer says of it, and what the reader asks. */
type Part = { step: string; given: readonly Formula[]; node: Node; open: boolean };

/** `examples` are values for which the reader seemed to fail, best ones first. */
export type Explained = { problems: PairProblem[]; examples: Json[] };

export type ExplainTools = { solver: Solver; confirm(value: Json): boolean };

/**
 * Every demand of the reader that the writer may leave unfulfilled. Each is denied in turn; a value that fulfils the writer and
 * the denial is an example, the proof that there is none clears the demand.
 */
export function explain(writer: Node, reader: Node, tools: ExplainTools): Explained {
  const given = takenApart([{ k: 'accepted', node: writer }]);
  const examples: Json[] = [];
  const problems = new Explanation(tools, examples).demands(given, reader, '$', false);
  const distinct = new Map(problems.map((problem) => [`${problem.rule} ${problem.path} ${problem.message}`, problem]));
  return { problems: [...distinct.values()], examples };
}

const enoughExamples = 5;

class Explanation {
  private readonly tools: ExplainTools;
  private readonly examples: Json[];
  private readonly visited = new Set<string>();

  constructor(tools: ExplainTools, examples: Json[]) {
    this.tools = tools;
    this.examples = examples;
  }

  /** `told`: a value that the reader refuses is known for the place around this one, so nothing here is undecided. */
  demands(given: Given, reader: Node, path: string, told: boolean): PairProblem[] {
    return this.fresh(given, reader, path, told) ?? [];
  }

  /** Null where the same question has been answered at another place. */
  private fresh(given: Given, reader: Node, path: string, told: boolean): PairProblem[] | null {
    const key = `${reader.id}|${keyOfAll(given.formulas)}`;
    if (this.visited.has(key)) return null;
    if (given.keys.has(`+${reader.id}`)) return [];
    this.visited.add(key);
    const found = demandsOf(reader).map((demand) => this.demand(given, demand, path, told));
    const problems = found.flatMap((own) => own ?? []);
    return problems.length === 0 && found.includes(null) ? null : problems;
  }

  private demand(given: Given, demand: Demand, path: string, told: boolean): PairProblem[] | null {
    if (given.keys.has(demand.key)) return [];
    if (demand.formula.k === 'accepted') return this.fresh(given, demand.formula.node, path, told);
    const part = partOf(given, demand.formula);
    const { k } = demand.formula;
    // Of one property or item all is known that the writer says; of several only what it says of some.
    const isWhole = part !== null && !part.open && (k === 'property' || k === 'item');
    const inside = isWhole ? this.inPart(part) : 'unknown';
    if (inside === 'empty') return [];
    // Where much is shown already, a part that can fail needs no whole value around it.
    const isPlain = this.examples.length >= enoughExamples && typeof inside === 'object' && inside.sure;
    const answers = isPlain ? [inside] : this.answers(given, demand);
    if (answers.length === 0) return [];
    if (!isPlain && !told && !this.isShown(answers)) return [undecided(demand, path)];
    if (part?.open === false) {
      const inner = this.fresh(takenApart(part.given), part.node, path + part.step, true);
      if (inner === null || inner.length > 0) return inner;
    }
    return [problemOf(demand, path + (part?.step ?? ''), part?.open ?? false)];
  }

  /** A part that the writer may write and the reader refuses; `empty` where every one fits, whatever stands around it. */
  private inPart(part: Part): Answer {
    this.tools.solver.rest();
    return this.tools.solver.solve([...part.given, { k: 'rejected', node: part.node }]);
  }

  /** What came of denying a demand, without the proofs that it holds. */
  private answers(given: Given, demand: Demand): Exclude<Answer, 'empty'>[] {
    this.tools.solver.rest();
    return denied(demand.formula).flatMap((way) => {
      const answer = this.tools.solver.solve([...given.formulas, ...way]);
      return answer === 'empty' ? [] : [answer];
    });
  }

  private isShown(answers: readonly Exclude<Answer, 'empty'>[]): boolean {
    let shown = false;
    for (const answer of answers) {
      if (typeof answer !== 'object') continue;
      const good = answer.sure || this.tools.confirm(answer.found);
      if (good) this.examples.push(answer.found);
      shown ||= good;
    }
    return shown;
  }
}

function undecided({ formula }: Demand, path: string): PairProblem {
  const message = `It could not be told whether this holds for all that the writer may write: ${messageFor(formula)}`;
  return { rule: 'json-schema-undecided', path, message };
}

function problemOf({ rule, formula }: Demand, path: string, open: boolean): PairProblem {
  const message = `${messageFor(formula)} The writer may write something else.`;
  return { rule: open ? 'json-schema-property-added-to-open-content' : narrowed(rule, formula), path, message };
}

function narrowed(rule: RuleName, formula: Formula): RuleName {
  const [inner] = 'inner' in formula ? formula.inner : [];
  const closed = inner?.k === 'accepted' && inner.node.json === false;
  return formula.k === 'additional' && !closed ? 'json-schema-property-narrowed' : rule;
}

/** Takes apart what holds in any case; alternatives stay as they are. */
function takenApart(formulas: readonly Formula[]): Given {
  const keys = new Set<string>();
  const claims: Claim[] = [];
  const open: Pick<Demand, 'formula' | 'key'>[] = formulas.map((formula) => ({ formula, key: keyOf(formula) }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { formula, key } = next;
    if (keys.has(key)) continue;
    keys.add(key);
    if (formula.k === 'accepted') for (const demand of demandsOf(formula.node)) open.push(demand);
    else if (formula.k !== 'rejected' && formula.k !== 'some' && formula.k !== 'exactlyOne') claims.push(formula);
  }
  return { formulas, claims, keys };
}

/** The part that a demand speaks of, where it speaks of one. */
function partOf(given: Given, formula: Formula): Part | null {
  const [inner] = 'inner' in formula ? formula.inner : [];
  if (inner?.k !== 'accepted' || (inner.node.json === false && formula.k !== 'property')) return null;
  const { node } = inner;
  switch (formula.k) {
    case 'property': {
      const own = given.claims.flatMap((claim) => innerForName(claim, formula.name));
      return { step: `.${formula.name}`, given: own, node, open: own.every(isOpen) };
    }
    case 'item':
    case 'rest': {
      const index = formula.k === 'item' ? formula.index : formula.from;
      const own = given.claims.flatMap((claim) => innerForIndex(claim, index));
      return { step: formula.k === 'item' ? `[${index}]` : '[]', given: own, node, open: false };
    }
    case 'additional':
    case 'patternProperty': {
      const own = given.claims.flatMap((claim) => (isAlike(claim, formula) ? innerOf(claim) : []));
      return own.length === 0 ? null : { step: '.*', given: own, node, open: false };
    }
    default:
      return null;
  }
}

function isOpen(formula: Formula): boolean {
  return formula.k === 'accepted' && formula.node.json === true;
}

/** What a writer says of a property by its name. */
function innerForName(claim: Claim, name: string): readonly Formula[] {
  if (claim.k === 'property') return claim.name === name ? claim.inner : [];
  if (claim.k === 'patternProperty') return matches(claim.pattern, name) ? claim.inner : [];
  return claim.k === 'additional' && isAdditional(claim, name) ? claim.inner : [];
}

function innerForIndex(claim: Claim, index: number): readonly Formula[] {
  if (claim.k === 'item') return claim.index === index ? claim.inner : [];
  return claim.k === 'rest' && index >= claim.from ? claim.inner : [];
}

function isAlike(claim: Claim, formula: Claim | Formula): boolean {
  if (claim.k === 'additional') return formula.k === 'additional';
  return claim.k === 'patternProperty' && formula.k === 'patternProperty' && claim.pattern === formula.pattern;
}

function innerOf(claim: Claim): readonly Formula[] {
  return 'inner' in claim ? claim.inner : [];
}
