import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { fail } from '../../base/errors.ts';
import type { BundleContent } from '../../model/bundle.ts';
import { type AssetKey, type Digest, digestOf, hexOf, type PartKey, type UnitKey } from '../../model/identifiers.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import { settingsDigest, settingsOf } from '../../model/settings.ts';
import type { Pointer } from '../../model/step.ts';
import type { Collected, CollectOrder, Held, Mark } from '../contract.ts';
import { collectHome, heldByPointers } from './collect.ts';
import { raiseFence } from './fence.ts';
import type { FileStore } from './file-store.ts';
import { type LivePointer, parsePointer, pointerJson, pointerPath, samePointer } from './live-pointer.ts';
import { PartRecord, partFolder, recordOf } from './part-record.ts';

/** `unpack` fills an empty folder with the part's verified files; `files` is how many there must be. */
export type PartUpload = {
  part: PartKey;
  digest: Digest;
  files: number;
  mark: Mark;
  unpack(folder: string): Promise<void>;
};
export type BundleWriting = { bundle: Digest; environment: string; content: BundleContent; mark: Mark };
export type Move = { unit: UnitKey; expected: Pointer | null; to: Pointer | null; mark: Mark };
export type Moved = { moved: true } | { moved: false; found: Pointer | null };
/** `stopped`: the whole unit, as `headgate-run` sees it. */
export type Disabling = { unit: UnitKey; disabled: AssetKey[]; stopped: boolean; mark: Mark };

/**
 * The place beside running code where releases are kept and pointed to: immutable parts, what bundles are made of,
 * settings (references to secrets, never their values), and one small pointer a unit.
 * Whoever writes shows a mark: an epoch older than the newest seen is refused with `target-epoch-stale`.
 * Everything may be repeated with the same arguments and then changes nothing.
 */
export type ReleaseHome = {
  readonly location: string;
  hasPart(digest: Digest): Promise<boolean>;
  /** One file of a part, by its path in the project; null when it is not there. */
  readPartFile(digest: Digest, path: string): Promise<Uint8Array | null>;
  /** Unpacked beside, counted, moved into place, its record written last. `part-incomplete` when the count is wrong. */
  uploadPart(upload: PartUpload): Promise<{ uploaded: boolean }>;
  /** Whether `writeBundle` was done for this bundle. */
  hasBundle(bundle: Digest): Promise<boolean>;
  /** Writes the settings of every part for the environment, then the record that names them all. */
  writeBundle(writing: BundleWriting): Promise<void>;
  readPointer(unit: UnitKey): Promise<LivePointer | null>;
  readPointers(target: string): Promise<LivePointer[]>;
  /** Moves the pointer if it stands at `expected` (or at `to` already), else says what was found. */
  movePointer(move: Move): Promise<Moved>;
  /** Survives every later move of the pointer. */
  setDisabled(disabling: Disabling): Promise<void>;
  /** Refuses every older epoch from now on. */
  fence(epoch: number): Promise<void>;
  /** Small JSON files for a target's own memory, under `notes/`. Writing null removes. */
  readNote<Value>(name: string, shape: ZodType<Value>): Promise<Value | null>;
  writeNote(note: { name: string; value: Json; mark: Mark }): Promise<void>;
  listNotes(folder: string): Promise<string[]>;
  /** What was noted as done under a step's key; null when nothing was. */
  readJournal(key: string): Promise<JsonObject | null>;
  writeJournal(mark: Mark, entry: JsonObject): Promise<void>;
  /** Does `work` as the only writer and after the fence; for a target that keeps files of its own beside the home. */
  guarded<Result>(mark: Mark, subject: string, work: () => Promise<Result>): Promise<Result>;
  /** What the pointers name, whosever they are. */
  held(): Promise<Held>;
  /** Removes what nothing needs any more; see `collectHome`. */
  collect(order: CollectOrder): Promise<Collected>;
  close(): Promise<void>;
};

/** A home over any file store. */
export function releaseHomeOn(store: FileStore): ReleaseHome {
  function guarded<Result>(mark: Mark, subject: string, work: () => Promise<Result>): Promise<Result> {
    return store.exclusively(async () => {
      await raiseFence(store, mark.epoch, subject);
      return work();
    });
  }
  const files = { store, guarded };
  return {
    location: store.location,
    hasPart: async (digest) => (await readPartRecord(store, digest)) !== null,
    hasBundle: async (bundle) => (await store.read(`bundles/${hexOf(bundle)}.json`)) !== null,
    readPartFile: async (digest, path) => (await store.read(`${partFolder(digest)}/${path}`))?.bytes ?? null,
    uploadPart: (upload) => uploadPart(files, upload),
    writeBundle: (writing) => writeBundle(files, writing),
    readPointer: (unit) => readPointer(store, unit),
    readPointers: (target) => readPointers(store, target),
    movePointer: (move) => guarded(move.mark, move.unit, () => movePointer(store, move)),
    setDisabled: (disabling) => guarded(disabling.mark, disabling.unit, () => setDisabled(store, disabling)),
    fence: (epoch) => guarded({ key: 'fence', epoch }, 'the whole home', async () => undefined),
    readNote: (name, shape) => readNote(store, name, shape),
    writeNote: ({ name, value, mark }) => guarded(mark, name, () => writeNote(store, name, value)),
    listNotes: async (folder) => (await store.list(`notes/${folder}`)).map((path) => path.slice('notes/'.length, -5)),
    readJournal: async (key) => (await readJson(store, journalPath(key))) as JsonObject | null,
    writeJournal: (mark, entry) =>
      guarded(mark, mark.key, async () => {
        await writeJson(store, journalPath(mark.key), { ...entry, key: mark.key, epoch: mark.epoch });
      }),
    guarded,
    held: () => heldByPointers(store),
    collect: (order) => collectHome(store, order),
    close: () => store.close(),
  };
}

type Guarded = { store: FileStore; guarded: ReleaseHome['guarded'] };

async function uploadPart({ store, guarded }: Guarded, upload: PartUpload): Promise<{ uploaded: boolean }> {
  const { part, digest, mark } = upload;
  if ((await readPartRecord(store, digest)) !== null) return { uploaded: false };
  const folder = await mkdtemp(join(tmpdir(), 'headgate-part-'));
  try {
    await upload.unpack(folder);
    const record = await recordOf(part, digest, folder);
    const because = `${record.files} files were unpacked, ${upload.files} were packed`;
    if (record.files !== upload.files) throw fail('part-incomplete', { part, home: store.location, because });
    return await guarded(mark, part, async () => {
      if ((await readPartRecord(store, digest)) !== null) return { uploaded: false };
      await store.putTree(folder, partFolder(digest));
      await countArrived(store, record, digest);
      await writeJson(store, `${partFolder(digest)}.json`, record);
      return { uploaded: true };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function countArrived(store: FileStore, record: PartRecord, digest: Digest): Promise<void> {
  const arrived = (await store.list(partFolder(digest))).length;
  if (arrived === record.files) return;
  const because = `${arrived} of ${record.files} files arrived`;
  throw fail('part-incomplete', { part: record.part, home: store.location, because });
}

async function readPartRecord(store: FileStore, digest: Digest): Promise<PartRecord | null> {
  const parsed = PartRecord.safeParse(await readJson(store, `${partFolder(digest)}.json`));
  return parsed.success && parsed.data.digest === digest ? parsed.data : null;
}

async function writeBundle({ store, guarded }: Guarded, writing: BundleWriting): Promise<void> {
  const { bundle, environment, content } = writing;
  const settings = content.parts.flatMap(({ part }) => {
    const found = settingsOf(content, environment, part);
    return found === null ? [] : [{ part, found, digest: settingsDigest(found) }];
  });
  await guarded(writing.mark, bundle, async () => {
    for (const { found, digest } of settings) await writeOnce(store, `settings/${hexOf(digest)}.json`, found);
    await writeOnce(store, `bundles/${hexOf(bundle)}.json`, {
      version: 1,
      bundle,
      environment,
      parts: Object.fromEntries(content.parts.map(({ part, blob }) => [part, blob])),
      settings: Object.fromEntries(settings.map(({ part, digest }) => [part, digest])),
    });
  });
}

async function readPointer(store: FileStore, unit: UnitKey): Promise<LivePointer | null> {
  return readPointerFile(store, pointerPath(unit));
}

async function readPointers(store: FileStore, target: string): Promise<LivePointer[]> {
  const paths = (await store.list(`pointers/${target}`)).filter((path) => path.endsWith('.json'));
  const found = await Promise.all(paths.map((path) => readPointerFile(store, path)));
  return found.filter((pointer) => pointer !== null);
}

async function readPointerFile(store: FileStore, path: string): Promise<LivePointer | null> {
  const json = await readJson(store, path);
  return json === null ? null : parsedOr(store, path, () => parsePointer(json));
}

async function movePointer(store: FileStore, move: Move): Promise<Moved> {
  const path = pointerPath(move.unit);
  const file = await store.read(path);
  const now = await readPointerFile(store, path);
  const at = now?.pointer ?? null;
  if (now !== null && samePointer(at, move.to) && now.key === move.mark.key) return { moved: true };
  if (!samePointer(at, move.expected) && !samePointer(at, move.to)) return { moved: false, found: at };
  const { disabled, stopped } = now ?? { disabled: [], stopped: false };
  const { key, epoch } = move.mark;
  const wanted = pointerJson({ unit: move.unit, pointer: move.to, disabled, stopped, epoch, key });
  const expected = file === null ? 'absent' : { version: file.version };
  const written = await store.write(path, Buffer.from(canonicalJson(wanted)), expected);
  return written === null ? movePointer(store, move) : { moved: true };
}

async function setDisabled(store: FileStore, { unit, disabled, stopped, mark }: Disabling): Promise<void> {
  const now = await readPointer(store, unit);
  const pointer = now?.pointer ?? null;
  await writeJson(store, pointerPath(unit), pointerJson({ unit, pointer, disabled, stopped, ...mark }));
}

async function readNote<Value>(store: FileStore, name: string, shape: ZodType<Value>): Promise<Value | null> {
  const path = `notes/${name}.json`;
  const json = await readJson(store, path);
  return json === null ? null : parsedOr(store, path, () => shape.parse(json));
}

async function writeNote(store: FileStore, name: string, value: Json): Promise<void> {
  const path = `notes/${name}.json`;
  if (value === null) await store.remove(path, 'any');
  else await writeJson(store, path, value);
}

/** A key is any text, so its digest names the file. */
function journalPath(key: string): string {
  return `journal/${hexOf(digestOf(key))}.json`;
}

async function readJson(store: FileStore, path: string): Promise<unknown> {
  const file = await store.read(path);
  return file === null ? null : parsedOr(store, path, () => JSON.parse(Buffer.from(file.bytes).toString()) as unknown);
}

function parsedOr<Value>(store: FileStore, path: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    const because = 'it is not what Headgate wrote';
    throw fail('release-home-unreadable', { file: `${store.location}/${path}`, because }, error);
  }
}

async function writeJson(store: FileStore, path: string, value: unknown): Promise<void> {
  await store.write(path, Buffer.from(canonicalJson(value)), 'any');
}

/** Named by its content's digest, so it is written once and never changed. */
async function writeOnce(store: FileStore, path: string, value: unknown): Promise<void> {
  if ((await store.read(path)) === null) await writeJson(store, path, value);
}
