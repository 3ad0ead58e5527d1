import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import { type Hash, leafHash } from './merkle.ts';

/** One fact as it stands in the log. `seq` counts from 0 without a gap; `at` is ISO 8601 in UTC with milliseconds. */
export type LoggedEntry = {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: JsonObject;
};

/**
 * The bytes of an entry that are hashed and stored: canonical JSON. What Postgres cannot hold in text, NUL and half
 * surrogate pairs, becomes U+FFFD.
 */
export function entryText(entry: LoggedEntry): string {
  const { seq, at, actor, action, subject, detail } = entry;
  return canonicalJson(storable({ version: 1, seq, at, actor, action, subject, detail }));
}

function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]));
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** The leaf of an entry's text. */
export function leafOf(text: string): Hash {
  return leafHash(Buffer.from(text, 'utf8'));
}

/** The entry in a text, or null when the text is not one. */
export function readEntry(text: string): LoggedEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isEntry(value) ? value : null;
}

function isEntry(value: unknown): value is LoggedEntry {
  if (value === null || typeof value !== 'object') return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['at', 'actor', 'action', 'subject'].every((name) => typeof fields.get(name) === 'string');
  const detail = fields.get('detail');
  return texts && Number.isInteger(fields.get('seq')) && typeof detail === 'object' && detail !== null;
}
