import { connect, type Socket } from 'node:net';
import { encodeFrame, readFrames } from '../../base/bridge/frames.ts';
import { messageOf } from '../../base/errors.ts';
import type { Printer } from '../print.ts';
import { type Exit, type Reply, type Request, replyOf } from './protocol.ts';

/**
 * `exit` null: it was not answered, for the reason `why`, and nothing of a result was printed but `told`: what was to be printed at once.
 * `mayStart`: no helper is there that could be asked next time.
 */
export type Asked = { exit: Exit } | { exit: null; why: string; mayStart: boolean; told: string[] };

/** A helper that is in the middle of something takes a moment to say so. */
const FIRST_MILLISECONDS = 1500;
/** It beats once a second while it is at work. */
const NEXT_MILLISECONDS = 10_000;

/** Hands a command to the helper and prints what it says, once it has said all of it. Never throws; never waits for one that is silent. */
export async function askHelper(socket: string, request: Request, print: Printer): Promise<Asked> {
  const told: string[] = [];
  const held: Reply[] = [];
  const not = (why: string, mayStart: boolean): Asked => ({ exit: null, why, mayStart, told });
  const connection = await connected(socket);
  if (typeof connection === 'string') return not(connection, true);
  try {
    connection.write(encodeFrame(request));
    const messages = readFrames(connection);
    for (let patience = FIRST_MILLISECONDS; ; patience = NEXT_MILLISECONDS) {
      const next = await within(patience, messages.next());
      if (next === null) return not(`it said nothing for ${patience / 1000} s`, false);
      if (next.done) return not('it ended in the middle', true);
      const reply = replyOf(next.value);
      if (reply === null) return not('it said what is not in the protocol', false);
      if (reply.kind === 'no') return not(reply.why, reply.leaves);
      if (reply.kind === 'say') hear(reply, { print, held, told });
      if (reply.kind !== 'exit') continue;
      print.moving('');
      for (const one of held) if (one.kind === 'say') show(one, print);
      return { exit: reply.exit };
    }
  } catch (error) {
    return not(messageOf(error), true);
  } finally {
    connection.destroy();
  }
}

type Said = Extract<Reply, { kind: 'say' }>;

/** Progress is shown at once, and so is what is passed on as it comes; the rest waits until it is known to be whole. */
function hear(said: Said, to: { print: Printer; held: Reply[]; told: string[] }): void {
  if (said.how === 'stdout') to.told.push(said.text);
  if (said.how === 'stdout' || said.how === 'progress' || said.how === 'moving') show(said, to.print);
  else to.held.push(said);
}

function show({ how, text }: Said, print: Printer): void {
  if (how === 'progress') print.progress(text);
  else if (how === 'moving') print.moving(text);
  else if (how === 'warn') print.warn(text);
  else print.pass(how === 'stderr' ? 'stderr' : 'stdout', text);
}

/** The open connection, or why there is none. */
function connected(address: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => resolve(`none listens (${messageOf(error)})`));
    // Later failures end the stream that is read.
    socket.on('error', () => undefined);
  });
}

async function within<Value>(milliseconds: number, value: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
    value.catch(() => undefined);
  }
}
