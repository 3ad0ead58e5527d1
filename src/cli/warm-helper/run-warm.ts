import { resolve } from 'node:path';
import pc from 'picocolors';
import { projectRoot } from '../../workflows/project/project-root.ts';
import { type Command, flagOption, type Invocation } from '../command.ts';
import type { Printer } from '../print.ts';
import { askHelper } from './ask-helper.ts';
import { type HelperPlace, helperPlace, isOwnFolder } from './helper-place.ts';
import type { Exit } from './protocol.ts';
import { startHelper } from './start-helper.ts';

/**
 * Runs a command in the helper of its project where one is there, else here, and then starts one for the next time where a person
 * is likely to ask again. What is printed is the same.
 */
export async function runWarm(command: Command, invocation: Invocation): Promise<Exit> {
  const place = placeFor(invocation);
  if (place === null) return command.run(invocation);
  const asked = isOwnFolder(place.folder)
    ? await askHelper(place.socket, handedOver(command, invocation), invocation.print)
    : { exit: null, why: 'none was started', mayStart: true, told: [] };
  if (asked.exit !== null) return asked.exit;
  if (flagOption(invocation, 'verbose')) invocation.print.warn(`No answer from a warm helper: ${asked.why}.`);
  const exit = await command.run({ ...invocation, print: printerAfter(invocation.print, asked.told) });
  if (asked.mayStart && mayStart(process.env)) startHelper(place);
  return exit;
}

/** Null where no helper is wanted: in CI, where it is switched off, and under options of Node's own. */
function placeFor(invocation: Invocation): HelperPlace | null {
  const { CI, HEADGATE_HELPER } = process.env;
  if (invocation.options.helper === false || HEADGATE_HELPER === 'off' || process.execArgv.length > 0) return null;
  if (CI !== undefined && CI !== '' && CI !== 'false' && HEADGATE_HELPER !== 'on') return null;
  try {
    return helperPlace(projectRoot(resolve(invocation.cwd, invocation.arguments[0] ?? '.')));
  } catch {
    return null;
  }
}

/** Programs that start Headgate, such as tests, are left with nothing that goes on. */
function mayStart({ HEADGATE_HELPER }: NodeJS.ProcessEnv): boolean {
  return HEADGATE_HELPER === 'on' || process.stderr.isTTY === true || process.stdout.isTTY === true;
}

function handedOver({ words }: Command, { arguments: given, options, cwd, print }: Invocation) {
  const { json, terminal } = print;
  return { words, arguments: given, options, cwd, json, terminal, colours: pc.isColorSupported };
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
