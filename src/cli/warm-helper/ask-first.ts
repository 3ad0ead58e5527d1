import type { Command } from '../command.ts';
import { createPrinter } from '../print.ts';
import { wantsJson } from '../wants-json.ts';
import { askAtPlace, placeFor } from './ask-at-place.ts';
import type { Asked } from './ask-helper.ts';
import { plainWords } from './plain-words.ts';

/** The commands that a helper answers, by their first word. */
const warmCommands: { [word: string]: (() => Promise<Command>) | undefined } = {
  check: async () => (await import('../commands/check/run.ts')).check,
  impact: async () => (await import('../commands/impact/tell.ts')).impact,
};

/**
 * Asks the helper before anything is loaded that only the answer would need. Null where there is none to ask, and for command lines
 * that are not plain: nothing was printed then.
 */
export async function askFirst([word = '', ...words]: readonly string[]): Promise<Asked | null> {
  const command = Object.hasOwn(warmCommands, word) ? await warmCommands[word]?.() : undefined;
  const plain = command === undefined ? null : plainWords(command, words);
  if (command === undefined || plain === null) return null;
  const invocation = { ...plain, cwd: process.cwd(), print: createPrinter(wantsJson(plain.options)), kept: null };
  const place = placeFor(invocation);
  return place === null ? null : askAtPlace(place, command, invocation);
}
