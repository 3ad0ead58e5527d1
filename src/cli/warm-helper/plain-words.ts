import type { Command, Invocation, Option } from '../command.ts';
import { everyOption } from '../every-option.ts';

export type PlainWords = Pick<Invocation, 'arguments' | 'options'>;

/**
 * What commander makes of the words after the name of a command, for the plain forms alone: known long options, values that cannot be
 * taken for options, no more arguments than there are. Null for all others, which commander then reads itself.
 */
export function plainWords(command: Command, words: readonly string[]): PlainWords | null {
  const known = new Map([...command.options, ...everyOption(command)].map((option) => [nameOf(option), option]));
  const options: Invocation['options'] = {};
  for (const option of known.values()) {
    if (option.default !== null) options[keyOf(option)] = option.default;
    else if (isNegative(option)) options[keyOf(option)] = true;
  }
  const given: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      given.push(word);
      continue;
    }
    const [name = '', ...rest] = word.split('=');
    const option = known.get(name);
    if (option === undefined || (rest.length > 0 && !takesValue(option))) return null;
    if (!takesValue(option)) {
      options[keyOf(option)] = !isNegative(option);
      continue;
    }
    const value = rest.length > 0 ? rest.join('=') : words[++at];
    if (value === undefined || value.startsWith('-')) return null;
    enter(options, option, value);
  }
  const least = command.arguments.filter((argument) => argument.startsWith('<')).length;
  const isPlain = given.length >= least && given.length <= command.arguments.length && !given.includes('');
  return isPlain ? { arguments: given, options } : null;
}

function enter(options: Invocation['options'], option: Option, value: string): void {
  const before = options[keyOf(option)];
  options[keyOf(option)] = option.repeatable ? [...(Array.isArray(before) ? before : []), value] : value;
}

function nameOf({ flags }: Option): string {
  return flags.split(' ')[0] ?? '';
}

function isNegative(option: Option): boolean {
  return nameOf(option).startsWith('--no-');
}

function takesValue({ flags }: Option): boolean {
  return flags.includes('<');
}

/** `--write-times` is `writeTimes`; `--no-cache` is `cache`. */
function keyOf(option: Option): string {
  return nameOf(option)
    .replace(/^--(?:no-)?/, '')
    .replace(/-(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}
