import type { Command as Program } from 'commander';
import type { Command, Invocation, Option } from './command.ts';
import { everyOption } from './every-option.ts';

/** Makes a program act on the words of a command, with its arguments and options as commander reads them. */
export function onWords(
  program: Program,
  command: Command,
  act: (read: Pick<Invocation, 'arguments' | 'options'>) => Promise<void>,
): void {
  const parent = command.words.slice(0, -1).reduce<Program>((at, word) => childOf(at, word), program);
  const last = command.words.at(-1) ?? '';
  const leaf = childOf(parent, last).description(command.summary);
  for (const argument of command.arguments) leaf.argument(argument);
  for (const option of [...command.options, ...everyOption(command)]) addOption(leaf, option);
  leaf.action(async (...received: unknown[]) => {
    const options = leaf.opts<Invocation['options']>();
    await act({ arguments: positional(received.slice(0, command.arguments.length)), options });
  });
}

function childOf(parent: Program, word: string): Program {
  return parent.commands.find((child) => child.name() === word) ?? parent.command(word).exitOverride();
}

function addOption(leaf: Program, option: Option): void {
  if (option.repeatable) {
    leaf.option(option.flags, option.description, (value: string, all: string[] = []) => [...all, value]);
  } else if (option.default === null) {
    leaf.option(option.flags, option.description);
  } else {
    leaf.option(option.flags, option.description, option.default);
  }
}

function positional(received: unknown[]): string[] {
  return received.flat().filter((word): word is string => typeof word === 'string');
}
