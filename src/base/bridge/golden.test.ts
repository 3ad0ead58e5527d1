import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { bridgeFolder } from '../python/bridge-folder.ts';
import { BadFrame, encodeFrame, readFrames } from './frames.ts';
import { BridgeDagFile } from './shapes.ts';

/** The same files are read by bridge/tests, so that neither side can move alone. */
function golden(name: string): unknown {
  return JSON.parse(readFileSync(join(bridgeFolder, 'golden', name), 'utf8'));
}

const Frames = z.object({
  frames: z.array(z.object({ name: z.string(), message: z.unknown(), hex: z.string() })),
  refused: z.array(z.object({ name: z.string(), hex: z.string() })),
});
const { frames, refused } = Frames.parse(golden('frames.json'));

async function read(hex: string): Promise<unknown[]> {
  const found: unknown[] = [];
  async function* bytes() {
    yield Buffer.from(hex, 'hex');
  }
  for await (const message of readFrames(bytes())) found.push(message);
  return found;
}

for (const { name, message, hex } of frames) {
  test(`golden frame: ${name}`, async () => {
    assert.equal(encodeFrame(message).toString('hex'), hex);
    assert.deepEqual(await read(hex), [message]);
  });
}

for (const { name, hex } of refused) {
  test(`no frame: ${name}`, () => assert.rejects(read(hex), BadFrame));
}

test('the golden DAG file has every field of the protocol and no other', () => {
  const file = golden('dag-file.json');
  assert.deepEqual(BridgeDagFile.parse(file), file);
});
