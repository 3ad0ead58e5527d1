import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** First bytes of every entry; the number changes with the form. */
const MARK = Buffer.from('hgc1');
const HEAD = MARK.length + 32;

/** Speed counts here, not size: entries are read far more often than they are sent. */
const LEVEL = 1;

/** A text in the form that it is kept in: a mark, the digest of what follows, the text packed. */
export function sealed(text: string): Buffer {
  const packed = deflateRawSync(text, { level: LEVEL });
  return Buffer.concat([MARK, createHash('sha256').update(packed).digest(), packed]);
}

/** The text of an entry; null when a single bit of it is not as it was written. */
export function unsealed(bytes: Uint8Array): string | null {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.length < HEAD || !entry.subarray(0, MARK.length).equals(MARK)) return null;
  const packed = entry.subarray(HEAD);
  if (!createHash('sha256').update(packed).digest().equals(entry.subarray(MARK.length, HEAD))) return null;
  try {
    return inflateRawSync(packed).toString('utf8');
  } catch {
    return null;
  }
}
