import { type Command, flagOption, type Invocation } from '../command.ts';
import type { Printer } from '../print.ts';
import { askAtPlace, placeFor } from './ask-at-place.ts';
import type { Asked } from './ask-helper.ts';
import type { Exit } from './protocol.ts';
import { startHelper } from './start-helper.ts';

/**
 * Runs a command in the helper of its project where one is there, else here, and then starts one for the next time where a person
 * is likely to ask again. What is printed is the same. `before`: what came of asking it already.
 */
export async function runWarm(command: Command, invocation: Invocation, before: Asked | null = null): Promise<Exit> {
  const place = placeFor(invocation);
  if (place === null) return command.run(invocation);
  const asked = before ?? (await askAtPlace(place, command, invocation));
  if (asked.exit !== null) return asked.exit;
  if (flagOption(invocation, 'verbose')) invocation.print.warn(`No answer from a warm helper: ${asked.why}.`);
  const exit = await command.run({ ...invocation, print: printerAfter(invocation.print, asked.told) });
  if (asked.mayStart && mayStart(process.env)) startHelper(place);
  return exit;
}

/** Programs that start Headgate, such as tests, are left with nothing that goes on. */
function mayStart({ HEADGATE_HELPER }: NodeJS.ProcessEnv): boolean {
  return HEADGATE_HELPER === 'on' || process.stderr.isTTY === true || process.stdout.isTTY === true;
}

/** Leaves out the lines that were printed already. */
function printerAfter(print: Printer, told: readonly string[]): Printer {
  const left = [...told];
  return {
    ...print,
    pass(stream, text) {
      const at = stream === 'stdout' ? left.indexOf(text) : -1;
      if (at === -1) print.pass(stream, text);
      else left.splice(at, 1);
    },
  };
}
