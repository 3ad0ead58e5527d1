import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { EntryFolder } from './entry-folder.ts';
import { ownDigest } from './own-digest.ts';

/** Characters of text whose readings are held; the ones not asked for longest go first. */
const MOST_CHARACTERS = 96 * 1024 * 1024;

type Slot = { value: unknown; size: number };

/** By the text itself first, as the same text is mostly the same string; then by its digest, as the folder gives it. */
const byText = new Map<string, Map<string, Slot>>();
const byDigest = new Map<string, Map<string, Slot>>();
let held = 0;
let fresh = 0;

/**
 * What `make` reads out of a text, made once for equal texts under one `kind`. It must depend on the text and the kind alone, be
 * plain values (maps and sets too), and be changed by nobody.
 */
export function readOnce<T>(kind: string, text: string, make: () => T): T {
  const known = shelf(byText, kind);
  const slot = known.get(text) ?? fromDigest(kind, text) ?? { value: make(), size: text.length };
  if (known.get(text) === undefined) {
    known.set(text, slot);
    held += slot.size;
    if (held > MOST_CHARACTERS) dropOldest();
  }
  // The kind names what makes the value, so it is of that type.
  return slot.value as T;
}

/** Takes up what an earlier process put down under this name. What is damaged or by another Headgate counts as not there. */
export async function takeUp(folder: EntryFolder, name: string): Promise<void> {
  const bytes = await folder.read(keyOf(name));
  const kinds = bytes === null ? null : opened(bytes);
  for (const [kind, slots] of kinds ?? []) for (const [digest, slot] of slots) shelf(byDigest, kind).set(digest, slot);
}

/** What is put down is written as a whole, which a few new readings among so many old ones are not worth. */
const OLD_FOR_EACH_NEW = 100;

/**
 * Puts down what was read in this process, where enough of it is new; of kinds that nobody asked for, what was taken up. What is not
 * put down is read again by the next process.
 */
export async function putDown(folder: EntryFolder, name: string): Promise<void> {
  const taken = [...byDigest.values()].reduce((sum, slots) => sum + slots.size, 0);
  if (fresh === 0 || fresh * OLD_FOR_EACH_NEW < taken) return;
  fresh = 0;
  const kinds = new Map(byDigest);
  for (const [kind, slots] of byText)
    kinds.set(kind, new Map([...slots].map(([text, slot]) => [digestOf(text), slot])));
  await folder.write(keyOf(name), closed(kinds));
}

function fromDigest(kind: string, text: string): Slot | null {
  const stored = byDigest.get(kind);
  const slot = stored === undefined || stored.size === 0 ? undefined : stored.get(digestOf(text));
  if (slot === undefined) fresh += 1;
  return slot ?? null;
}

function shelf(all: Map<string, Map<string, Slot>>, kind: string): Map<string, Slot> {
  const known = all.get(kind) ?? new Map<string, Slot>();
  all.set(kind, known);
  return known;
}

function dropOldest(): void {
  for (const slots of byText.values()) {
    for (const [text, slot] of slots) {
      if (held <= MOST_CHARACTERS / 2) return;
      slots.delete(text);
      held -= slot.size;
    }
  }
}

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

function keyOf(name: string): string {
  return createHash('sha256').update(`texts\0${ownDigest()}\0${name}`).digest('hex');
}

type Kinds = Map<string, Map<string, Slot>>;

function closed(kinds: Kinds): Buffer {
  const bytes = serialize(kinds);
  return Buffer.concat([createHash('sha256').update(bytes).digest(), bytes]);
}

function opened(bytes: Uint8Array): Kinds | null {
  const [seal, content] = [bytes.subarray(0, 32), bytes.subarray(32)];
  if (!createHash('sha256').update(content).digest().equals(seal)) return null;
  try {
    const kinds: unknown = deserialize(content);
    return kinds instanceof Map ? kinds : null;
  } catch {
    return null;
  }
}
