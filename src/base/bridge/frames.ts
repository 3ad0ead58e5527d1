/** A frame is a 4-byte big-endian length and that many bytes of UTF-8 JSON. Longer than this is a broken peer. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Thrown (as a plain error of the stream) when what arrives is no frame; nothing after it can be trusted. */
export class BadFrame extends Error {}

export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** The messages of a byte stream, in order. Ends with the stream; throws `BadFrame` for what is no frame. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = 4;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let rest = Buffer.concat(held, size);
    wanted = frameLength(rest);
    while (rest.length >= wanted) {
      yield parseBody(rest.subarray(4, wanted));
      rest = rest.subarray(wanted);
      wanted = frameLength(rest);
    }
    held = [rest];
    size = rest.length;
  }
  if (size > 0) throw new BadFrame('the stream ended inside a frame');
}

/** Length and body together, of the frame that begins here; more than is there while its length is not known. */
function frameLength(rest: Buffer): number {
  if (rest.length < 4) return 5;
  const length = rest.readUInt32BE(0);
  if (length > MAX_FRAME_BYTES) throw new BadFrame(`a frame of ${length} bytes`);
  return 4 + length;
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new BadFrame('not JSON', { cause: error });
  }
}
