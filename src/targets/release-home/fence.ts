import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import type { FileStore } from './file-store.ts';

const EPOCH_FILE = 'epoch.json';
const EpochFile = z.object({ version: z.literal(1), epoch: z.number().int().min(0) });

/**
 * Lets `epoch` through and shuts all older ones out from here on. Call it inside `exclusively`.
 * Throws `target-epoch-stale` when a newer one has been here.
 */
export async function raiseFence(store: FileStore, epoch: number, subject: string): Promise<void> {
  for (;;) {
    const held = await readEpoch(store);
    if (epoch < held.epoch)
      throw fail('target-epoch-stale', { target: store.location, unit: subject, held: held.epoch, offered: epoch });
    if (epoch === held.epoch) return;
    const text = JSON.stringify({ version: 1, epoch });
    const expected = held.version === null ? 'absent' : { version: held.version };
    if ((await store.write(EPOCH_FILE, Buffer.from(text), expected)) !== null) return;
  }
}

/** The newest epoch that has been here; 0 when none has. */
export async function epochOf(store: FileStore): Promise<number> {
  return (await readEpoch(store)).epoch;
}

async function readEpoch(store: FileStore): Promise<{ epoch: number; version: string | null }> {
  const file = await store.read(EPOCH_FILE);
  if (file === null) return { epoch: 0, version: null };
  try {
    return { epoch: EpochFile.parse(JSON.parse(Buffer.from(file.bytes).toString())).epoch, version: file.version };
  } catch (error) {
    throw fail(
      'release-home-unreadable',
      { file: `${store.location}/${EPOCH_FILE}`, because: 'it is not what Headgate wrote' },
      error,
    );
  }
}
