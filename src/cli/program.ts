import { CommanderError, Command as Program } from 'commander';
import type { Command, Option } from './command.ts';
import { nouns } from './command-table.ts';
import { createPrinter } from './print.ts';
import { runWarm } from './warm-helper/run-warm.ts';

/** Parses the arguments, loads only the noun that is used, runs it, and gives the exit status. */
export async function buildProgram(argv: string[]): Promise<number> {
  const program = new Program('headgate')
    .description('Release data pipelines safely: checked, proven, carried from dev to prod, watched and taken back.')
    .showSuggestionAfterError(true)
    .exitOverride();
  let status = 0;
  const wanted = argv.find((word) => !word.startsWith('-'));
  for (const noun of nouns) {
    if (noun.noun === wanted) {
      for (const command of await noun.load()) attach(program, command, (exit) => (status = exit));
    } else {
      program.command(noun.noun, { hidden: noun.hidden === true }).description(noun.summary);
    }
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 2;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return status;
}

function attach(program: Program, command: Command, done: (exit: number) => void): void {
  const parent = command.words.slice(0, -1).reduce<Program>((at, word) => childOf(at, word), program);
  const last = command.words.at(-1) ?? '';
  const leaf = childOf(parent, last).description(command.summary);
  for (const argument of command.arguments) leaf.argument(argument);
  for (const option of command.options) addOption(leaf, option);
  leaf.option('--json', 'print the documented JSON shape');
  leaf.option('--verbose', 'print the cause of an error as well');
  if (command.warm === true) leaf.option('--no-helper', 'do the work in this process, without the warm helper');
  leaf.action(async (...received: unknown[]) => {
    const options = leaf.opts<{ [name: string]: string | boolean | string[] | undefined }>();
    const print = createPrinter(
      options.json === true || (process.stdout.isTTY !== true && process.env.HEADGATE_JSON === '1'),
    );
    const invocation = {
      arguments: positional(received.slice(0, command.arguments.length)),
      ...{ options, cwd: process.cwd(), print, kept: null },
    };
    const exit = await (command.warm === true ? runWarm(command, invocation) : command.run(invocation));
    done(typeof exit === 'number' ? exit : exit.child);
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
