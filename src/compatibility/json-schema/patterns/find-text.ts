import { type Automaton, lastCharacter } from './automaton.ts';
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
type Place = { text: string; length: number; states: readonly (readonly number[])[] };

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
  try {
    return (
      length >= wish.least &&
      length <= wish.most &&
      !wish.notTexts.includes(text) &&
      wish.patterns.every((pattern) => new RegExp(pattern, 'u').test(text)) &&
      !wish.notPatterns.some((pattern) => new RegExp(pattern, 'u').test(text))
    );
  } catch {
    return false;
  }
}

function walk(machines: readonly Machine[], wish: TextWish): TextSearch {
  const characters = representatives(machines);
  const begin = machines.map(({ automaton }) => automaton.closure([0], { start: true, end: false }));
  const open: Place[] = [{ text: '', length: 0, states: begin }];
  const seen = new Set<string>();
  for (let index = 0; index < open.length; index += 1) {
    const place = open[index];
    if (place === undefined || open.length > mostPlaces) return 'unknown';
    if (place.length >= wish.least && isWanted(machines, place)) return { found: place.text };
    if (place.length >= wish.most) continue;
    for (const character of characters) {
      const next = stepped(machines, place, character);
      const key = `${Math.min(next.length, wish.least)}:${next.states.map((states) => states.join()).join(';')}`;
      const dead = machines.some(({ wanted }, at) => wanted && next.states[at]?.length === 0);
      if (dead || seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return 'empty';
}

function isWanted(machines: readonly Machine[], place: Place): boolean {
  return machines.every(
    ({ automaton, wanted }, at) => automaton.accepts(place.states[at] ?? [], place.length === 0) === wanted,
  );
}

function stepped(machines: readonly Machine[], place: Place, character: number): Place {
  return {
    text: place.text + String.fromCodePoint(character),
    length: place.length + 1,
    states: machines.map(({ automaton }, at) => automaton.after(place.states[at] ?? [], character)),
  };
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
