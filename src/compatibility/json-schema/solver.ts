import { type Answer, better } from './answer.ts';
import { demandsOf } from './demands.ts';
import type { Node } from './document.ts';
import { anyKind, type Claim, denied, type Formula, type Kind, keyOf, keyOfAll, kinds } from './formula.ts';
import { solveKind } from './solve-kind.ts';

/** One way of fulfilling everything, as far as it has been followed. */
type Branch = { claims: Claim[]; mask: number; seen: Set<string>; choices: Choice[] };

/** Ways of which one must be gone. `given`: they are alternatives as written, not what is left of something denied. */
type Choice = { ways: readonly (readonly Formula[])[]; given: boolean };

const mostSteps = 60_000;
const mostDepth = 120;

/**
 * Finds a value that fulfils formulas, or proves that there is none: everything is taken apart, alternatives are followed one by
 * one, until only claims about one value and its parts are left. A value inside a value of the same wishes is no help for the
 * outer one (a finite value has a smallest such part), so recursion ends in `empty`.
 */
export class Solver {
  private steps = 0;
  private readonly known = new Map<string, Answer>();
  private readonly open = new Map<string, number>();
  private leansOn = Infinity;

  /** Starts a new allowance of work. */
  rest(): void {
    this.steps = 0;
  }

  solve(formulas: readonly Formula[]): Answer {
    const key = keyOfAll(formulas);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const depth = this.open.get(key);
    if (depth !== undefined) {
      this.leansOn = Math.min(this.leansOn, depth);
      return 'empty';
    }
    const own = this.open.size;
    this.open.set(key, own);
    const outer = this.leansOn;
    this.leansOn = Infinity;
    const answer = this.follow({ claims: [], mask: anyKind, seen: new Set(), choices: [] }, formulas);
    this.open.delete(key);
    const final = this.leansOn >= own;
    if (typeof answer === 'object' || (answer === 'empty' && final)) this.known.set(key, answer);
    this.leansOn = Math.min(outer, final ? Infinity : this.leansOn);
    return answer;
  }

  private follow(branch: Branch, formulas: readonly Formula[]): Answer {
    this.steps += 1;
    if (this.steps > mostSteps || this.open.size > mostDepth) return 'unknown';
    const queue = [...formulas];
    for (let formula = queue.shift(); formula !== undefined; formula = queue.shift()) {
      const added = this.take(branch, formula);
      if (added === null) return 'empty';
      queue.push(...added);
    }
    return this.choose(branch);
  }

  /** What follows from a formula; null when it contradicts what is there. */
  private take(branch: Branch, formula: Formula): readonly Formula[] | null {
    const key = keyOf(formula);
    if (branch.seen.has(key)) return [];
    if (contradicts(branch, formula)) return null;
    branch.seen.add(key);
    switch (formula.k) {
      case 'accepted':
        return demandsOf(formula.node).map((demand) => demand.formula);
      case 'rejected': {
        const demands = demandsOf(formula.node).filter((demand) => !branch.seen.has(demand.key));
        branch.choices.push({ ways: demands.flatMap((demand) => denied(demand.formula)), given: false });
        return [];
      }
      case 'some':
        branch.choices.push({ ways: formula.of, given: true });
        return [];
      case 'exactlyOne':
        branch.choices.push({ ways: formula.nodes.map((node) => onlyOne(node, formula.nodes)), given: true });
        return [];
      case 'kind':
        branch.mask &= formula.mask;
        return branch.mask === 0 ? null : [];
      default:
        branch.claims.push(formula);
        return [];
    }
  }

  /** Follows a choice that is forced, else one of the given alternatives: they tell most about the rest. */
  private choose(branch: Branch): Answer {
    const choices = this.pruned(branch, openChoices(branch));
    if (choices.some(({ ways }) => ways.length === 0)) return 'empty';
    choices.sort((a, b) => weightOf(a) - weightOf(b));
    const [first, ...later] = choices;
    if (first === undefined) return this.solveClaims(branch);
    let answer: Answer = 'empty';
    for (const way of first.ways) {
      const own = this.follow(copyOf(branch, later), way);
      if (typeof own === 'object' && own.sure) return own;
      answer = better(answer, own);
    }
    return answer;
  }

  /** Leaves out ways that contradict the claims by themselves, whatever becomes of the other choices. */
  private pruned(branch: Branch, choices: Choice[]): Choice[] {
    const many = choices.length > 1 && choices.every(({ ways }) => ways.length > 1);
    if (!many) return choices;
    const left: Choice[] = [];
    for (const choice of choices) {
      const ways = choice.ways.filter((way) => this.follow(copyOf(branch, []), way) !== 'empty');
      left.push({ ...choice, ways });
      if (ways.length === 0) break;
    }
    return left;
  }

  private solveClaims(branch: Branch): Answer {
    let answer: Answer = 'empty';
    for (const kind of kindsOf(branch.mask)) {
      const own = solveKind(kind, branch.claims, this);
      if (typeof own === 'object' && own.sure) return own;
      answer = better(answer, own);
    }
    return answer;
  }
}

/** The choices that are not made yet, without ways that contradict at sight. */
function openChoices(branch: Branch): Choice[] {
  return branch.choices.flatMap(({ ways, given }) => {
    if (ways.some((all) => all.every((formula) => isSeen(branch, formula)))) return [];
    return [{ ways: ways.filter((all) => !all.some((formula) => contradicts(branch, formula))), given }];
  });
}

function weightOf({ ways, given }: Choice): number {
  return ways.length <= 1 ? 0 : ways.length + (given ? 0 : 1000);
}

function copyOf({ claims, mask, seen }: Branch, choices: Choice[]): Branch {
  return { claims: [...claims], mask, seen: new Set(seen), choices: [...choices] };
}

function onlyOne(node: Node, nodes: readonly Node[]): Formula[] {
  const others = nodes.filter((other) => other !== node).map((other): Formula => ({ k: 'rejected', node: other }));
  return [{ k: 'accepted', node }, ...others];
}

function isSeen(branch: Branch, formula: Formula): boolean {
  if (formula.k === 'kind') return (branch.mask & ~formula.mask) === 0;
  return branch.seen.has(keyOf(formula));
}

/** Contradictions that are seen at once; others come out when values are looked for. */
function contradicts(branch: Branch, formula: Formula): boolean {
  switch (formula.k) {
    case 'kind':
      return (branch.mask & formula.mask) === 0;
    case 'accepted':
      return branch.seen.has(`-${formula.node.id}`) || formula.node.json === false;
    case 'rejected':
      return branch.seen.has(`+${formula.node.id}`) || formula.node.json === true;
    case 'opaque':
      return branch.seen.has(keyOf({ ...formula, holds: !formula.holds }));
    case 'required':
      return branch.seen.has(keyOf({ k: 'absent', name: formula.name }));
    case 'absent':
      return branch.seen.has(keyOf({ k: 'required', name: formula.name }));
    default:
      return false;
  }
}

function kindsOf(mask: number): Kind[] {
  const order: Kind[] = ['integer', 'string', 'boolean', 'null', 'fraction', 'object', 'array'];
  return order.filter((kind) => (mask & kinds[kind]) !== 0);
}
