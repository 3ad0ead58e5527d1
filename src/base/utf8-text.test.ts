import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8Text } from './utf8-text.ts';

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

test('bytes are read as a strict decoder reads them', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Uint8Array.from(Buffer.from(`\uFEFF${text}`))),
    fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => Uint8Array.from(Buffer.from(text))),
  );
  fc.assert(fc.property(anyBytes, (bytes) => assert.equal(utf8Text(Buffer.from(bytes)), decoded(bytes))));
  assert.equal(utf8Text(Buffer.from([0xef, 0xbb, 0xbf, 0x61])), 'a');
  assert.equal(utf8Text(Buffer.from([0xed, 0xa0, 0x80])), null);
});
