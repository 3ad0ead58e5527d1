import type { Socket } from 'node:net';
import { encodeFrame, readFrames } from '../../base/bridge/frames.ts';
import { type Reply, type Request, requestOf } from './protocol.ts';

/** A connection that asks nothing is closed after this long. */
const SILENT_MILLISECONDS = 5000;

/** The one request of a connection; null when it says nothing, or what is no request. The connection is then of no use. */
export async function readRequest(socket: Socket): Promise<Request | null> {
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), SILENT_MILLISECONDS);
  try {
    return requestOf(await firstMessage(socket));
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Reads on to the end, since only who reads hears that the other end has gone. */
function firstMessage(socket: Socket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const read = async () => {
      for await (const message of readFrames(socket)) resolve(message);
      socket.destroy();
      resolve(null);
    };
    read().catch(reject);
  });
}

/** Sends replies for as long as somebody is there to hear them. */
export function replyTo(socket: Socket): (reply: Reply) => void {
  return (reply) => {
    if (socket.writable) socket.write(encodeFrame(reply));
  };
}
