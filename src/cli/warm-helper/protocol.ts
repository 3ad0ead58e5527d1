import type { Command, Invocation } from '../command.ts';

/** A command as it is handed over. `colours`: whether the asker's terminal shows them. */
export type Request = {
  words: readonly string[];
  arguments: string[];
  options: Invocation['options'];
  cwd: string;
  json: boolean;
  terminal: boolean;
  colours: boolean;
};

/**
 * What a helper says about a request: that it was taken, that it is still at it, what to print, and last either the exit status or that
 * it does not answer (`leaves`: it goes, and another may be started).
 */
export type Reply =
  | { kind: 'taken' }
  | { kind: 'beat' }
  | { kind: 'say'; how: Way; text: string }
  | { kind: 'exit'; exit: Exit }
  | { kind: 'no'; why: string; leaves: boolean };

/** The ways of a printer: `out` is a result. */
export type Way = 'out' | 'progress' | 'moving' | 'warn' | 'stdout' | 'stderr';
export type Exit = Awaited<ReturnType<Command['run']>>;

const ways: readonly string[] = ['out', 'progress', 'moving', 'warn', 'stdout', 'stderr'] satisfies Way[];

/** Null for what is no request. Both ends are one program, so that only the outside is looked at. */
export function requestOf(message: unknown): Request | null {
  return isRecord(message) && Array.isArray(message.words) && Array.isArray(message.arguments) && isText(message.cwd)
    ? (message as Request)
    : null;
}

/** Null for what is no reply. */
export function replyOf(message: unknown): Reply | null {
  if (!isRecord(message)) return null;
  const { kind, how, text, exit, why } = message;
  const isReply =
    kind === 'taken' ||
    kind === 'beat' ||
    (kind === 'say' && isText(how) && ways.includes(how) && isText(text)) ||
    (kind === 'exit' && (typeof exit === 'number' || isRecord(exit))) ||
    (kind === 'no' && isText(why));
  return isReply ? (message as Reply) : null;
}

function isRecord(value: unknown): value is { [name: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
