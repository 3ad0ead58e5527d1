import { isUtf8 } from 'node:buffer';

/** The text of bytes in UTF-8, without a mark of their order; null for bytes that are no such text. */
export function utf8Text(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
