import type { Runtime } from '../python/runtime.ts';
import { type Bridge, openBridge } from './open-bridge.ts';

type Shared = { bridge: Bridge; queue: Promise<unknown>; users: number; closing: NodeJS.Timeout | null };

/** Long enough for the next part to be asked for, short enough that nobody waits for the program to end. */
const IDLE_MILLISECONDS = 250;

const shared = new Map<string, Shared>();

/**
 * Lends the one warm bridge of a runtime to `use`, one user at a time in the order of asking, so that several parts of
 * a project pay for one start. It is closed a moment after its last user. Throws what `use` throws.
 */
export async function withBridge<Answer>(runtime: Runtime, use: (bridge: Bridge) => Promise<Answer>): Promise<Answer> {
  const entry = shared.get(runtime.home) ?? {
    bridge: openBridge({ runtime }),
    queue: Promise.resolve(),
    users: 0,
    closing: null,
  };
  shared.set(runtime.home, entry);
  if (entry.closing !== null) clearTimeout(entry.closing);
  entry.users += 1;
  const turn = entry.queue.then(() => use(entry.bridge));
  entry.queue = turn.catch(() => undefined);
  try {
    return await turn;
  } finally {
    entry.users -= 1;
    if (entry.users === 0) entry.closing = setTimeout(() => close(runtime.home, entry), IDLE_MILLISECONDS);
  }
}

function close(home: string, entry: Shared): void {
  if (entry.users > 0) return;
  if (shared.get(home) === entry) shared.delete(home);
  void entry.bridge.close();
}
