import { type Automaton, lastCharacter } from './automaton.ts';
import { matches } from './matches.ts';
import { automatonOf, automatonOfTexts } from './parse-pattern.ts';

/** What a text must be like: found by all `patterns`, by none of `notPatterns`, none of `notTexts`, so many characters long. */
export type TextWish = {
  patterns: readonly string[];
  notPatterns: readonly string[];
  notTexts: readonly string[];
  least: number;
  most: number;
};

/** `empty`: there is no such text, proven. `unknown`: a pattern is not regular, or the search grew too large. */
export type TextSearch = { found: string } | 'empty' | 'unknown';

type Machine = { automaton: Automaton; wanted: boolean };

/** Where all machines are after some text. `next` leads on, one character for each place that is reached. */
type Place = {
  states: readonly (readonly number[])[];
  isEnd: boolean;
  next: { place: Place; character: number }[] | null;
};

/** A text by its last character and what stands before it. */
type Step = { place: Place; length: number; before: Step | null; character: number };

const mostSteps = 200_000;
const mostPlaces = 4000;
const known = new Map<string, TextSearch>();

/** The shortest text of that kind, by walking all automata at once. */
export function findText(wish: TextWish): TextSearch {
  const key = JSON.stringify(wish);
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = search(wish);
  known.set(key, found);
  return found;
}

function search(wish: TextWish): TextSearch {
  if (wish.least > wish.most) return 'empty';
  const machines: Machine[] = [];
  let regular = true;
  for (const [patterns, wanted] of [
    [wish.patterns, true],
    [wish.notPatterns, false],
  ] as const) {
    for (const pattern of new Set(patterns)) {
      const automaton = automatonOf(pattern);
      if (automaton === null) regular = false;
      else machines.push({ automaton, wanted });
    }
  }
  if (wish.notTexts.length > 0) machines.push({ automaton: automatonOfTexts(wish.notTexts), wanted: false });
  const walked = walk(machines, wish);
  if (walked === 'empty' || regular) return walked;
  return guess(wish, walked);
}

/** With patterns that no automaton stands for, what is found must still be tried on them. */
function guess(wish: TextWish, walked: TextSearch): TextSearch {
  if (typeof walked === 'string') return walked;
  const tries = [walked.found, 'a', 'A', '0', 'text', ' ', '-', '', 'a1B2', '12345'];
  const fitting = tries.find((text) => fits(text, wish));
  return fitting === undefined ? 'unknown' : { found: fitting };
}

function fits(text: string, wish: TextWish): boolean {
  const length = [...text].length;
  return (
    length >= wish.least &&
    length <= wish.most &&
    !wish.notTexts.includes(text) &&
    wish.patterns.every((pattern) => matches(pattern, text)) &&
    !wish.notPatterns.some((pattern) => matches(pattern, text))
  );
}

/** Texts of one length after the other, each place once a length; from the least length on once at all. */
function walk(machines: readonly Machine[], wish: TextWish): TextSearch {
  if (machines.length === 0) return wish.least > mostSteps ? 'unknown' : { found: 'a'.repeat(wish.least) };
  const map = new PlaceMap(machines);
  const seen = new Set<Place>();
  let steps = 0;
  let open: Step[] = [{ place: map.begin, length: 0, before: null, character: 0 }];
  for (let length = 0; open.length > 0 && length <= wish.most; length += 1) {
    const end = length < wish.least ? undefined : open.find((step) => step.place.isEnd);
    if (end !== undefined) return { found: textOf(end) };
    if (length < wish.least) seen.clear();
    const longer: Step[] = [];
    for (const step of open) {
      for (const { place, character } of map.after(step.place)) {
        if (seen.has(place)) continue;
        seen.add(place);
        longer.push({ place, length: length + 1, before: step, character });
      }
    }
    steps += longer.length;
    if (steps > mostSteps || map.size > mostPlaces) return 'unknown';
    open = longer;
  }
  return 'empty';
}

function textOf(step: Step): string {
  const characters: string[] = [];
  for (let at: Step | null = step; at?.before; at = at.before) characters.push(String.fromCodePoint(at.character));
  return characters.reverse().join('');
}

/** The places of some machines walked at once; those from which no wanted machine can end are left out. */
class PlaceMap {
  readonly begin: Place;
  private readonly machines: readonly Machine[];
  private readonly characters: readonly number[];
  private readonly places = new Map<string, Place>();

  constructor(machines: readonly Machine[]) {
    this.machines = machines;
    this.characters = representatives(machines);
    const states = machines.map(({ automaton }) => automaton.closure([0], { start: true, end: false }));
    this.begin = this.make(states, true);
  }

  get size(): number {
    return this.places.size;
  }

  after(place: Place): { place: Place; character: number }[] {
    place.next ??= this.step(place);
    return place.next;
  }

  private step({ states }: Place): { place: Place; character: number }[] {
    const found = new Map<Place, number>();
    for (const character of this.characters) {
      const next = this.machines.map(({ automaton }, at) => automaton.after(states[at] ?? [], character));
      if (this.machines.some(({ wanted }, at) => wanted && next[at]?.length === 0)) continue;
      const key = next.map((own) => own.join()).join(';');
      const place = this.places.get(key) ?? this.make(next, false);
      this.places.set(key, place);
      if (!found.has(place)) found.set(place, character);
    }
    return [...found].map(([place, character]) => ({ place, character }));
  }

  private make(states: readonly (readonly number[])[], atStart: boolean): Place {
    const isEnd = this.machines.every(
      ({ automaton, wanted }, at) => automaton.accepts(states[at] ?? [], atStart) === wanted,
    );
    return { states, isEnd, next: null };
  }
}

/** One character for each set of characters that no machine tells apart; letters and digits where there is a choice. */
function representatives(machines: readonly Machine[]): number[] {
  const cuts = new Set([0, 48, 58, 65, 91, 97, 123, 0xd800, 0xe000]);
  for (const { automaton } of machines) {
    for (const steps of automaton.steps) {
      for (const { ranges } of steps) {
        for (const [low, high] of ranges) {
          cuts.add(low);
          cuts.add(high + 1);
        }
      }
    }
  }
  const sorted = [...cuts].filter((cut) => cut <= lastCharacter).sort((a, b) => a - b);
  const found = sorted.filter((low) => low !== 0xd800).map((low) => (low === 0 && (sorted[1] ?? 0) > 32 ? 32 : low));
  return found.sort((a, b) => Number(isPlain(b)) - Number(isPlain(a)));
}

function isPlain(character: number): boolean {
  return /[a-z0-9]/i.test(String.fromCodePoint(character));
}
