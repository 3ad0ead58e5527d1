import { type Command, type Option, option } from './command.ts';

/** The options that a command has besides its own. */
export function everyOption(command: Command): Option[] {
  const all = [
    option('--json', 'print the documented JSON shape'),
    option('--verbose', 'print the cause of an error as well'),
  ];
  if (command.warm !== true) return all;
  return [...all, option('--no-helper', 'do the work in this process, without the warm helper')];
}
