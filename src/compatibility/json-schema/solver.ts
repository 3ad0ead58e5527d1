import { type Answer, better } from './answer.ts';
import { demandsOf } from './demands.ts';
import type { Node } from './document.ts';
import { anyKind, type Claim, denied, type Formula, type Kind, keyOf, keyOfAll, kinds } from './formula.ts';
import { solveKind } from './solve-kind.ts';

/** One way of fulfilling everything, as far as it has been followed. */
type Branch = { claims: Claim[]; mask: number; seen: Set<string>; choices: (readonly (readonly Formula[])[])[] };

const mostSteps = 60_000;

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
    if (this.steps > mostSteps || this.open.size > 400) return 'unknown';
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
        branch.choices.push(demands.flatMap((demand) => denied(demand.formula)));
        return [];
      }
      case 'some':
        branch.choices.push(formula.of);
        return [];
      case 'exactlyOne':
        branch.choices.push(formula.nodes.map((node) => onlyOne(node, formula.nodes)));
        return [];
      case 'kind':
        branch.mask &= formula.mask;
        return branch.mask === 0 ? null : [];
      default:
        branch.claims.push(formula);
        return [];
    }
  }

  /** Follows the choice with the fewest ways that are still open. */
  private choose(branch: Branch): Answer {
    const choices = branch.choices.flatMap((ways) => {
      if (ways.some((all) => all.every((formula) => isSeen(branch, formula)))) return [];
      return [ways.filter((all) => !all.some((formula) => contradicts(branch, formula)))];
    });
    choices.sort((a, b) => a.length - b.length);
    const [ways, ...later] = choices;
    if (ways === undefined) return this.solveClaims(branch);
    let answer: Answer = 'empty';
    for (const way of ways) {
      const { claims, mask, seen } = branch;
      const own = this.follow({ claims: [...claims], mask, seen: new Set(seen), choices: [...later] }, way);
      if (typeof own === 'object' && own.sure) return own;
      answer = better(answer, own);
    }
    return answer;
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
