import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BadFrame, encodeFrame, readFrames } from './frames.ts';

async function* chunks(parts: Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}

async function all(parts: Buffer[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const message of readFrames(chunks(parts))) found.push(message);
  return found;
}

test('messages come back whole however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      async (sent, size) => {
        const whole = Buffer.concat(sent.map(encodeFrame));
        const parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
          whole.subarray(i * size, (i + 1) * size),
        );
        assert.deepEqual(await all(parts), JSON.parse(JSON.stringify(sent)));
      },
    ),
  );
});

test('bytes that are no frame are refused', async () => {
  await assert.rejects(all([Buffer.from('Traceback (most recent call last)')]), BadFrame);
  await assert.rejects(all([Buffer.from([0, 0, 0, 2, 0x7b])]), BadFrame);
  await assert.rejects(all([Buffer.from([0, 0, 0, 1, 0x7b])]), BadFrame);
});
