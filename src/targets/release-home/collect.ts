import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import { type Digest, hexOf, parseDigest } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Collected, CollectOrder, Held } from '../contract.ts';
import { epochOf } from './fence.ts';
import type { FileStore } from './file-store.ts';
import { parsePointer } from './live-pointer.ts';

const BundleRecord = z.object({ bundle: z.string(), environment: z.string(), parts: z.record(z.string(), z.string()) });
type BundleRecord = { bundle: Digest; environment: string; parts: Digest[] };

/** Since when each thing has been found unused, without a break. */
const Unused = z.object({
  version: z.literal(1),
  bundles: z.record(z.string(), z.string()),
  parts: z.record(z.string(), z.string()),
});
type Unused = z.infer<typeof Unused>;

const UNUSED_FILE = 'notes/collect/unused.json';

/** What the pointers of a home name, of whichever target. */
export async function heldByPointers(store: FileStore): Promise<Held> {
  const paths = (await store.list('pointers')).filter((path) => path.endsWith('.json'));
  const pointers = await Promise.all(paths.map(async (path) => (await readRecord(store, path, parsePointer))?.pointer));
  const live = pointers.filter((pointer) => pointer !== undefined && pointer !== null);
  return { bundles: live.map(({ bundle }) => bundle), parts: live.map(({ part }) => part) };
}

/**
 * Removes bundles of the order's environment, and parts, that nothing needs and that have been found unused for long enough; what
 * is found unused now is marked with the time. In use are what the order says, what pointers name, bundles of other
 * environments, and the parts of all these. A part's record goes first, so what is left of a killed removal counts for nothing and is
 * removed the next time. Stops when somebody with a newer epoch has begun to write, or a pointer has moved to what was to go.
 */
export async function collectHome(store: FileStore, order: CollectOrder): Promise<Collected> {
  const epoch = await epochOf(store);
  const found = await lookThrough(store, order);
  const before = await readUnused(store);
  const unused = marked(found, before, order.now);
  const due = (since: string | undefined) => since !== undefined && new Date(since) <= order.unusedSince;
  const bundles = found.bundles.filter((bundle) => due(unused.bundles[bundle]));
  const needed = partsOf(found.records.filter(({ bundle }) => !bundles.includes(bundle)));
  const parts = found.parts.filter((part) => due(unused.parts[part]) && !needed.has(part));
  const result = {
    home: store.location,
    kept: found.records.length - bundles.length,
    waiting: found.bundles.length - bundles.length,
  };
  if (order.dryRun) return { ...result, bundles, parts };
  await store.exclusively(() => store.write(UNUSED_FILE, Buffer.from(canonicalJson(unused)), 'any'));
  const gone: { bundles: Digest[]; parts: Digest[] } = { bundles: [], parts: [] };
  for (const bundle of bundles) {
    if (!(await removeUnlessUsed(store, { epoch, bundle, part: null }))) return { ...result, ...gone };
    gone.bundles.push(bundle);
  }
  for (const part of parts) {
    if (!(await removeUnlessUsed(store, { epoch, bundle: null, part }))) return { ...result, ...gone };
    gone.parts.push(part);
  }
  return { ...result, ...gone };
}

type Found = { records: BundleRecord[]; bundles: Digest[]; parts: Digest[] };

/** All records, and the bundles and parts that are not in use. */
async function lookThrough(store: FileStore, order: CollectOrder): Promise<Found> {
  const held = await heldByPointers(store);
  const kept = new Set([...order.keep.bundles, ...held.bundles]);
  const records = await readRecords(store);
  const isUsed = ({ bundle, environment }: BundleRecord) => environment !== order.environment || kept.has(bundle);
  const used = new Set([...partsOf(records.filter(isUsed)), ...order.keep.parts, ...held.parts]);
  const there = new Set((await store.list('parts')).flatMap((path) => partAt(path) ?? []));
  return {
    records,
    bundles: records.filter((record) => !isUsed(record)).map(({ bundle }) => bundle),
    parts: [...there].filter((part) => !used.has(part)).sort(),
  };
}

async function readRecords(store: FileStore): Promise<BundleRecord[]> {
  const paths = (await store.list('bundles')).filter((path) => path.endsWith('.json'));
  const records = await Promise.all(
    paths.map((path) =>
      readRecord(store, path, (json) => {
        const { bundle, environment, parts } = BundleRecord.parse(json);
        return { bundle: digestIn(bundle), environment, parts: Object.values(parts).map(digestIn) };
      }),
    ),
  );
  return records.filter((record) => record !== null);
}

function partsOf(records: readonly BundleRecord[]): Set<Digest> {
  return new Set(records.flatMap(({ parts }) => parts));
}

/** `parts/<hex>.json` and `parts/<hex>/any/file`. */
function partAt(path: string): Digest | null {
  const hex = /^parts\/([0-9a-f]{64})(?:\.json$|\/)/.exec(path)?.[1];
  return hex === undefined ? null : parseDigest(`sha256:${hex}`);
}

/** What was unused before and still is keeps its time; the rest of what is unused gets this one. */
function marked({ bundles, parts }: Found, before: Unused, now: Date): Unused {
  const since = (digests: Digest[], known: { [digest: string]: string }) =>
    Object.fromEntries(digests.map((digest) => [digest, known[digest] ?? now.toISOString()]));
  return { version: 1, bundles: since(bundles, before.bundles), parts: since(parts, before.parts) };
}

async function readUnused(store: FileStore): Promise<Unused> {
  return (await readRecord(store, UNUSED_FILE, (json) => Unused.parse(json))) ?? { version: 1, bundles: {}, parts: {} };
}

type Removal = { epoch: number; bundle: Digest | null; part: Digest | null };

/** False when it may be in use by now; nothing was removed then. */
async function removeUnlessUsed(store: FileStore, { epoch, bundle, part }: Removal): Promise<boolean> {
  return store.exclusively(async () => {
    const held = await heldByPointers(store);
    const isHeld = held.bundles.some((one) => one === bundle) || held.parts.some((one) => one === part);
    if (isHeld || (await epochOf(store)) !== epoch) return false;
    if (bundle !== null) await store.remove(`bundles/${hexOf(bundle)}.json`, 'any');
    if (part !== null) {
      await store.remove(`parts/${hexOf(part)}.json`, 'any');
      await store.removeTree(`parts/${hexOf(part)}`);
    }
    return true;
  });
}

/** Null when there is no such file. What cannot be read might name anything, so it throws and nothing is removed. */
async function readRecord<Value>(
  store: FileStore,
  path: string,
  parse: (json: unknown) => Value,
): Promise<Value | null> {
  const file = await store.read(path);
  if (file === null) return null;
  try {
    return parse(JSON.parse(Buffer.from(file.bytes).toString('utf8')));
  } catch (error) {
    const because = 'it is not what Headgate wrote';
    throw fail('release-home-unreadable', { file: `${store.location}/${path}`, because }, error);
  }
}

function digestIn(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === null) throw new Error(`${text} is no digest`);
  return digest;
}
