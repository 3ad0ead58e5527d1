import { CommanderError, Command as Program } from 'commander';
import type { Command, Invocation } from './command.ts';
import { nouns } from './command-table.ts';
import { onWords } from './on-words.ts';
import { createPrinter } from './print.ts';
import { wantsJson } from './wants-json.ts';
import type { Asked } from './warm-helper/ask-helper.ts';

/**
 * Parses the arguments, loads only the noun that is used, runs it, and gives the exit status. `asked`: what came of it where the warm
 * helper was asked already.
 */
export async function buildProgram(argv: string[], asked: Asked | null = null): Promise<number> {
  const program = new Program('headgate')
    .description('Release data pipelines safely: checked, proven, carried from dev to prod, watched and taken back.')
    .showSuggestionAfterError(true)
    .exitOverride();
  let status = 0;
  const wanted = argv.find((word) => !word.startsWith('-'));
  for (const noun of nouns) {
    if (noun.noun === wanted) {
      for (const command of await noun.load()) attach(program, command, { asked, done: (exit) => (status = exit) });
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

type Running = { asked: Asked | null; done(exit: number): void };

function attach(program: Program, command: Command, { asked, done }: Running): void {
  onWords(program, command, async ({ arguments: given, options }) => {
    const print = createPrinter(wantsJson(options));
    const invocation = { arguments: given, options, cwd: process.cwd(), print, kept: null };
    const exit = await (command.warm === true ? warmly(command, invocation, asked) : command.run(invocation));
    done(typeof exit === 'number' ? exit : exit.child);
  });
}

async function warmly(command: Command, invocation: Invocation, asked: Asked | null) {
  const { runWarm } = await import('./warm-helper/run-warm.ts');
  return runWarm(command, invocation, asked);
}
