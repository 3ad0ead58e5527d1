import pc from 'picocolors';
import { beginAnswer } from '../../base/once-per-answer.ts';
import type { Command, Kept } from '../command.ts';
import { check } from '../commands/check/run.ts';
import { impact } from '../commands/impact/tell.ts';
import type { Printer } from '../print.ts';
import type { Exit, Request, Way } from './protocol.ts';

const commands: readonly Command[] = [check, impact];

export type Say = (how: Way, text: string) => void;

/**
 * Carries out a command as its asker would: in its folder, with its colours. Throws what the command throws: whoever asked then does
 * the work itself, and tells of the failure in its own words. Not for two at once.
 */
export async function answerRequest(request: Request, kept: Kept, say: Say): Promise<Exit> {
  const command = commands.find(({ words }) => words.join(' ') === request.words.join(' '));
  if (command?.warm !== true) throw new Error('this is not answered here');
  process.chdir(request.cwd);
  try {
    Object.assign(pc, pc.createColors(request.colours));
    beginAnswer();
    const { options, cwd } = request;
    return await command.run({ arguments: request.arguments, options, cwd, print: sayingPrinter(request, say), kept });
  } finally {
    process.chdir('/');
  }
}

function sayingPrinter({ json, terminal }: Request, say: Say): Printer {
  return {
    ...{ json, terminal },
    result: (value, lines) => say('out', json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`),
    line: (text) => json || say('out', `${text}\n`),
    progress: (text) => say('progress', text),
    moving: (text) => terminal && !json && say('moving', text),
    warn: (text) => say('warn', text),
    pass: (stream, text) => say(stream, text),
  };
}
