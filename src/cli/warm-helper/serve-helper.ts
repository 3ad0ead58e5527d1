import { statSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { sealOf } from '../../base/cache/own-digest.ts';
import { messageOf } from '../../base/errors.ts';
import type { Kept } from '../command.ts';
import { answerRequest } from './answer-request.ts';
import { endFamily } from './end-family.ts';
import { type HelperPlace, makeOwnFolder } from './helper-place.ts';
import { removeRecord, writeRecord } from './helper-record.ts';
import { inTurn } from './in-turn.ts';
import { readRequest, replyTo } from './one-request.ts';
import type { Reply, Request } from './protocol.ts';
import { takeSocket } from './take-socket.ts';

/** When a helper stops: after `idleSeconds` without a question, and after the answer at which it holds more than `mostMegabytes`. */
export type HelperLimits = { idleSeconds: number; mostMegabytes: number };

const WATCH_MILLISECONDS = 2000;
const BEAT_MILLISECONDS = 1000;
/** Whoever has to wait longer than this for others is quicker alone. */
const PATIENCE_MILLISECONDS = 2000;
/** Work for somebody who has gone may end by itself for this long. */
const GRACE_MILLISECONDS = 300;

export type ServeInput = {
  place: HelperPlace;
  limits: HelperLimits;
  /** The seal of Headgate's own files before any of what answers was loaded. */
  seal: string;
  kept: Kept;
  /** Reads what the first question will need. */
  warmUp(): Promise<void>;
};

/**
 * Answers the commands that are handed over at the place until it is to stop: see docs/decisions/0016-warm-helper.md. Gives the reason.
 * Whatever is under way when it stops is ended with all that it started; its askers then do the work themselves.
 */
export async function serveHelper({ place, limits, seal, kept, warmUp }: ServeInput): Promise<string> {
  if (!makeOwnFolder(place.folder)) return 'its folder is not this user’s alone';
  const turns = inTurn(PATIENCE_MILLISECONDS);
  const server = createServer((socket) => void answer(socket).catch(() => socket.destroy()));
  const taken = await takeSocket(place, server);
  if (taken === null) return 'another helper is there';
  const root = identityOf(place.root);
  let stop: (why: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => (stop = resolve));
  await writeRecord(place);

  let idle = setTimeout(() => stop('nobody asked'), limits.idleSeconds * 1000);
  const watch = setInterval(() => {
    if (!taken.isStillThere()) stop('its socket is gone');
    else if (root === null || identityOf(place.root) !== root) stop('the project is gone');
  }, WATCH_MILLISECONDS);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop(`it got ${signal}`));

  async function answer(socket: Socket): Promise<void> {
    const request = await readRequest(socket);
    const reply = replyTo(socket);
    if (request === null) return socket.destroySoon();
    if (!taken?.isStillThere()) return reply({ kind: 'no', why: 'its socket was taken away', leaves: true });
    if (sealOf() !== seal) {
      reply({ kind: 'no', why: 'it is of another Headgate', leaves: true });
      return stop('Headgate has changed');
    }
    clearTimeout(idle);
    reply({ kind: 'taken' });
    const beat = setInterval(() => reply({ kind: 'beat' }), BEAT_MILLISECONDS);
    const turn = await turns.take(() => carryOut(request, socket, reply));
    clearInterval(beat);
    if ('result' in turn) reply({ kind: 'exit', exit: turn.result });
    else reply({ kind: 'no', why: 'late' in turn ? 'it is busy' : messageOf(turn.error), leaves: false });
    socket.end();
    void turns.take(async () => {
      for (const act of kept.later.splice(0)) await act();
    });
    idle = rearmed(idle);
    if (process.memoryUsage.rss() > limits.mostMegabytes * 1024 ** 2) stop('it holds too much memory');
  }

  function rearmed(old: NodeJS.Timeout): NodeJS.Timeout {
    clearTimeout(old);
    return setTimeout(() => stop('nobody asked'), limits.idleSeconds * 1000);
  }

  async function carryOut(request: Request, socket: Socket, reply: (one: Reply) => void) {
    if (socket.destroyed) throw new Error('nobody waits for it');
    const gone = () => setTimeout(() => stop('its asker has gone'), GRACE_MILLISECONDS);
    let leaving: NodeJS.Timeout | undefined;
    const onClose = () => (leaving = gone());
    socket.once('close', onClose);
    try {
      return await answerRequest(request, kept, (how, text) => reply({ kind: 'say', how, text }));
    } finally {
      socket.off('close', onClose);
      clearTimeout(leaving);
    }
  }

  void turns.take(warmUp);
  const why = await stopped;
  clearTimeout(idle);
  clearInterval(watch);
  taken.remove();
  removeRecord(place);
  server.close();
  await endFamily(process.pid);
  return why;
}

function identityOf(folder: string): string | null {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}/${stats.ino}`;
}
