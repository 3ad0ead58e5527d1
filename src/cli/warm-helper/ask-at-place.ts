import { resolve } from 'node:path';
import pc from 'picocolors';
import { projectRoot } from '../../workflows/project/project-root.ts';
import type { Command, Invocation } from '../command.ts';
import { type Asked, askHelper } from './ask-helper.ts';
import { type HelperPlace, helperPlace, isOwnFolder } from './helper-place.ts';

/** Null where no helper is wanted: in CI, where it is switched off, and under options of Node's own. */
export function placeFor(invocation: Pick<Invocation, 'arguments' | 'options' | 'cwd'>): HelperPlace | null {
  const { CI, HEADGATE_HELPER } = process.env;
  if (invocation.options.helper === false || HEADGATE_HELPER === 'off' || process.execArgv.length > 0) return null;
  if (CI !== undefined && CI !== '' && CI !== 'false' && HEADGATE_HELPER !== 'on') return null;
  try {
    return helperPlace(projectRoot(resolve(invocation.cwd, invocation.arguments[0] ?? '.')));
  } catch {
    return null;
  }
}

/** Asks the helper at the place, if there is one. */
export async function askAtPlace(place: HelperPlace, { words }: Command, invocation: Invocation): Promise<Asked> {
  if (!isOwnFolder(place.folder)) return { exit: null, why: 'none was started', mayStart: true, told: [] };
  const { arguments: given, options, cwd, print } = invocation;
  const { json, terminal } = print;
  const request = { words, arguments: given, options, cwd, json, terminal, colours: pc.isColorSupported };
  return askHelper(place.socket, request, print);
}
