/** Characters from `low` to `high`, both included, as code points. */
export type CharacterRange = readonly [low: number, high: number];

/** A step without a character: free, or only at the start or end of the text. */
type FreeStep = { to: number; when: 'always' | 'start' | 'end' };
type CharacterStep = { to: number; ranges: readonly CharacterRange[] };

export const lastCharacter = 0x10ffff;
export const anyCharacter: readonly CharacterRange[] = [
  [0, 0xd7ff],
  [0xe000, lastCharacter],
];

/** A nondeterministic automaton that is built by adding states and steps; state 0 is the start. */
export class Automaton {
  readonly free: FreeStep[][] = [[]];
  readonly steps: CharacterStep[][] = [[]];
  accepting = 0;

  get size(): number {
    return this.free.length;
  }

  addState(): number {
    this.free.push([]);
    this.steps.push([]);
    return this.size - 1;
  }

  addFree(from: number, to: number, when: FreeStep['when'] = 'always'): void {
    this.free[from]?.push({ to, when });
  }

  addStep(from: number, to: number, ranges: readonly CharacterRange[]): void {
    this.steps[from]?.push({ to, ranges });
  }

  /** All states that are reached from these without a character, in order. */
  closure(states: Iterable<number>, at: { start: boolean; end: boolean }): number[] {
    const reached = new Set<number>();
    const open = [...states];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (reached.has(state)) continue;
      reached.add(state);
      for (const { to, when } of this.free[state] ?? []) {
        if (when === 'always' || (when === 'start' && at.start) || (when === 'end' && at.end)) open.push(to);
      }
    }
    return [...reached].sort((a, b) => a - b);
  }

  /** The states after a character, from states that are closed already. */
  after(states: readonly number[], character: number): number[] {
    const next = new Set<number>();
    for (const state of states) {
      for (const { to, ranges } of this.steps[state] ?? []) {
        if (ranges.some(([low, high]) => low <= character && character <= high)) next.add(to);
      }
    }
    return this.closure(next, { start: false, end: false });
  }

  accepts(states: readonly number[], atStart: boolean): boolean {
    return this.closure(states, { start: atStart, end: true }).includes(this.accepting);
  }
}
