import { Automaton, anyCharacter, type CharacterRange, lastCharacter } from './automaton.ts';
import { flagsOf } from './pattern-flags.ts';

/** Thrown where a pattern uses what automata cannot say (look-around, back references) or is no pattern. */
class NotRegular extends Error {}

const mostStates = 4000;
const digits: CharacterRange[] = [[48, 57]];
const wordCharacters: CharacterRange[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const spaces: CharacterRange[] = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: CharacterRange[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const controls: { [letter: string]: number } = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

const known = new Map<string, Automaton | null>();

/** The automaton of all texts in which a pattern is found somewhere; null where it is not a regular one. */
export function automatonOf(pattern: string): Automaton | null {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const made = build(pattern);
  known.set(pattern, made);
  return made;
}

/** The automaton of exactly these texts. */
export function automatonOfTexts(texts: readonly string[]): Automaton {
  const automaton = new Automaton();
  automaton.accepting = automaton.addState();
  for (const text of texts) {
    let at = 0;
    for (const character of text) {
      const next = automaton.addState();
      const code = character.codePointAt(0) ?? 0;
      automaton.addStep(at, next, [[code, code]]);
      at = next;
    }
    automaton.addFree(at, automaton.accepting);
  }
  return automaton;
}

function build(pattern: string): Automaton | null {
  const flags = flagsOf(pattern);
  if (flags === null) return null;
  try {
    const automaton = new Automaton();
    automaton.addStep(0, 0, anyCharacter);
    const start = automaton.addState();
    automaton.addFree(0, start);
    automaton.accepting = new PatternReader(pattern, automaton, flags === 'u').read(start);
    automaton.addStep(automaton.accepting, automaton.accepting, anyCharacter);
    return automaton;
  } catch (error) {
    if (error instanceof NotRegular) return null;
    throw error;
  }
}

class PatternReader {
  private readonly text: string[];
  private at = 0;
  private readonly automaton: Automaton;
  private readonly unicode: boolean;

  constructor(pattern: string, automaton: Automaton, unicode: boolean) {
    this.text = [...pattern];
    this.automaton = automaton;
    this.unicode = unicode;
  }

  read(start: number): number {
    const end = this.alternatives(start);
    if (this.at < this.text.length) throw new NotRegular();
    return end;
  }

  private get next(): string | undefined {
    return this.text[this.at];
  }

  private take(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new NotRegular();
    this.at += 1;
    return character;
  }

  private skip(wanted: string): boolean {
    if (this.text.slice(this.at, this.at + wanted.length).join('') !== wanted) return false;
    this.at += wanted.length;
    return true;
  }

  private state(): number {
    if (this.automaton.size > mostStates) throw new NotRegular();
    return this.automaton.addState();
  }

  private alternatives(start: number): number {
    const end = this.state();
    do {
      const own = this.state();
      this.automaton.addFree(start, own);
      this.automaton.addFree(this.sequence(own), end);
    } while (this.skip('|'));
    return end;
  }

  private sequence(start: number): number {
    let at = start;
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') at = this.repeated(at);
    return at;
  }

  /** A part is read once for each time it may stand there. */
  private repeated(start: number): number {
    const begin = this.at;
    let end = this.part(start);
    const after = this.at;
    const times = this.quantifier();
    if (times === null) return end;
    const rest = this.at;
    const again = (from: number): number => {
      this.at = begin;
      const to = this.part(from);
      if (this.at !== after) throw new NotRegular();
      return to;
    };
    const [least, most] = times;
    const exits: number[] = least === 0 ? [start] : [];
    let count = 1;
    for (; count < least; count += 1) end = again(end);
    if (most === Infinity) {
      const loop = this.state();
      this.automaton.addFree(end, loop);
      this.automaton.addFree(again(loop), loop);
      end = loop;
    }
    for (; most !== Infinity && count < most; count += 1) {
      exits.push(end);
      end = again(end);
    }
    this.at = rest;
    const out = this.state();
    if (most > 0) this.automaton.addFree(end, out);
    for (const exit of exits) this.automaton.addFree(exit, out);
    return out;
  }

  private quantifier(): [number, number] | null {
    const rest = this.text.slice(this.at).join('');
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest);
    const found: [number, number] | null = this.skip('*')
      ? [0, Infinity]
      : this.skip('+')
        ? [1, Infinity]
        : this.skip('?')
          ? [0, 1]
          : null;
    if (found === null && counted === null) return null;
    if (counted !== null) this.at += counted[0].length;
    this.skip('?');
    if (found !== null) return found;
    const least = Number(counted?.[1]);
    return [least, counted?.[2] === undefined ? least : counted[3] ? Number(counted[3]) : Infinity];
  }

  private part(start: number): number {
    const end = this.state();
    const character = this.take();
    if (character === '^') this.automaton.addFree(start, end, 'start');
    else if (character === '$') this.automaton.addFree(start, end, 'end');
    else if (character === '(') this.automaton.addFree(this.group(start), end);
    else this.automaton.addStep(start, end, this.ranges(character));
    return end;
  }

  private group(start: number): number {
    if (this.next === '?' && !this.skip('?:')) throw new NotRegular();
    const end = this.alternatives(start);
    if (!this.skip(')')) throw new NotRegular();
    return end;
  }

  private ranges(character: string): readonly CharacterRange[] {
    if (character === '.') return except(lineEnds);
    if (character === '[') return this.characterClass();
    return character === '\\' ? this.escaped() : only(character);
  }

  private escaped(): readonly CharacterRange[] {
    const letter = this.take();
    const classes: { [letter: string]: readonly CharacterRange[] } = { d: digits, w: wordCharacters, s: spaces };
    const own = classes[letter];
    if (own !== undefined) return own;
    const opposite = classes[letter.toLowerCase()];
    if (opposite !== undefined) return except(opposite);
    const control = controls[letter];
    if (control !== undefined) return [[control, control]];
    if (letter === 'x' || letter === 'u') return this.numbered(letter === 'x' ? 2 : 4);
    if (this.unicode && (letter === 'p' || letter === 'P')) return this.property(letter);
    if (/[a-zA-Z0-9]/.test(letter)) throw new NotRegular();
    return only(letter);
  }

  /** `p{Letter}`, or with a capital all characters but those. */
  private property(letter: string): readonly CharacterRange[] {
    const rest = this.text.slice(this.at).join('');
    const name = /^\{[\w=]+\}/.exec(rest)?.[0];
    if (name === undefined) throw new NotRegular();
    this.at += name.length;
    const ranges = rangesOfProperty(name);
    return letter === 'p' ? ranges : except(ranges);
  }

  private numbered(width: number): readonly CharacterRange[] {
    const rest = this.text.slice(this.at).join('');
    const found = new RegExp(`^(?:([0-9a-fA-F]{${width}})|\\{([0-9a-fA-F]+)\\})`).exec(rest);
    if (found === null || (found[2] !== undefined && !this.unicode)) throw new NotRegular();
    this.at += found[0].length;
    const code = Number.parseInt(found[1] ?? found[2] ?? '0', 16);
    if (code >= 0xd800 && code <= 0xdfff) throw new NotRegular();
    return [[code, code]];
  }

  private characterClass(): readonly CharacterRange[] {
    const negated = this.skip('^');
    const ranges: CharacterRange[] = [];
    while (!this.skip(']')) {
      const low = this.classPart();
      const [first] = low;
      if (this.next === '-' && this.text[this.at + 1] !== ']' && low.length === 1 && first?.[0] === first?.[1]) {
        this.take();
        const high = this.classPart();
        ranges.push([first?.[0] ?? 0, high[0]?.[1] ?? 0]);
      } else {
        ranges.push(...low);
      }
    }
    return negated ? except(ranges) : ranges;
  }

  private classPart(): readonly CharacterRange[] {
    const character = this.take();
    if (character !== '\\') return only(character);
    if (this.skip('b')) return [[8, 8]];
    if (this.skip('-')) return only('-');
    return this.escaped();
  }
}

const properties = new Map<string, readonly CharacterRange[]>();

/** Asks the regular expressions of the language itself, character by character; once a property. */
function rangesOfProperty(name: string): readonly CharacterRange[] {
  const before = properties.get(name);
  if (before !== undefined) return before;
  const has = new RegExp(`^\\p${name}$`, 'u');
  const ranges: CharacterRange[] = [];
  for (let code = 0, from = -1; code <= lastCharacter + 1; code += 1) {
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    const inside = code <= lastCharacter && !isSurrogate && has.test(String.fromCodePoint(code));
    if (inside && from < 0) from = code;
    if (!inside && from >= 0) {
      ranges.push([from, code - 1]);
      from = -1;
    }
  }
  properties.set(name, ranges);
  return ranges;
}

function only(character: string): CharacterRange[] {
  const code = character.codePointAt(0) ?? 0;
  return [[code, code]];
}

/** All characters but these; halves of surrogate pairs are no characters. */
function except(ranges: readonly CharacterRange[]): CharacterRange[] {
  const taken = [...ranges, [0xd800, 0xdfff] as const].sort(([a], [b]) => a - b);
  const left: CharacterRange[] = [];
  let from = 0;
  for (const [low, high] of taken) {
    if (low > from) left.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= lastCharacter) left.push([from, lastCharacter]);
  return left;
}
