import type { ExitStatus } from '../base/errors.ts';
import type { WarmImpact } from '../workflows/impact/warm-impact.ts';
import type { Printer } from './print.ts';

/** One option as commander reads it: `--environment <name>`, what it means, and its default (null: absent). */
export type Option = { flags: string; description: string; default: string | boolean | null; repeatable: boolean };

/** What a command is called with. `options` are keyed by camel-cased long flag; repeatable ones are arrays. */
export type Invocation = {
  arguments: string[];
  options: { [name: string]: string | boolean | string[] | undefined };
  cwd: string;
  print: Printer;
  /** What a process that stays has kept from earlier answers; null in one that ends with this command. */
  kept: Kept | null;
};

/** Gives the answers of this moment, quicker the second time. `later`: what an answer need not wait for, done before the next. */
export type Kept = { impact: WarmImpact; later: (() => Promise<void>)[] };

/** A command is a value: what it is called, what it takes, and what it does. `words` is `['audit', 'verify']`. */
export type Command = {
  words: readonly string[];
  summary: string;
  /** Positional arguments as commander writes them: `<digest>`, `[folder]`, `[more...]`. */
  arguments: readonly string[];
  options: readonly Option[];
  /** The helper of the project may carry it out: all that it does is print, and write files that its options name. */
  warm?: true;
  /** `child`: a command was started for the user, and this is its own exit status. */
  run(invocation: Invocation): Promise<ExitStatus | { child: number }>;
};

export function option(flags: string, description: string, fallback: string | boolean | null = null): Option {
  return { flags, description, default: fallback, repeatable: false };
}

export function repeatable(flags: string, description: string): Option {
  return { flags, description, default: null, repeatable: true };
}

/** The text of an option, or null when it was not given. */
export function textOption(invocation: Invocation, name: string): string | null {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : null;
}

export function flagOption(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}

export function listOption(invocation: Invocation, name: string): string[] {
  const value = invocation.options[name];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}
