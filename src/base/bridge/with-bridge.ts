import type { Runtime } from '../python/runtime.ts';
import { runtimeIdentity } from '../python/runtime-identity.ts';
import { type Bridge, openBridge } from './open-bridge.ts';

/** `identity`: of the runtime as it was when the bridge was opened. */
type Shared = {
  bridge: Bridge;
  identity: string;
  queue: Promise<unknown>;
  users: number;
  closing: NodeJS.Timeout | null;
};

/** Long enough for the next part to be asked for, short enough that nobody waits for the program to end. */
let idleMilliseconds = 250;

/** For a process that stays: keeps bridges open for so long after their last user. */
export function keepBridges(milliseconds: number): void {
  idleMilliseconds = milliseconds;
}

const shared = new Map<string, Shared>();

/**
 * Lends the one warm bridge of a runtime to `use`, one user at a time in the order of asking, so that several parts of
 * a project pay for one start. It is closed a moment after its last user. Throws what `use` throws. Once `signal` is aborted, its
 * process ends with all that it started if it is this user's turn; those after it get another.
 */
export async function withBridge<Answer>(
  runtime: Runtime,
  use: (bridge: Bridge) => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const entry = openEntry(runtime);
  if (entry.closing !== null) clearTimeout(entry.closing);
  entry.users += 1;
  const turn = entry.queue.then(() => untilStopped(entry.bridge, use, signal));
  entry.queue = turn.catch(() => undefined);
  try {
    return await turn;
  } finally {
    entry.users -= 1;
    if (entry.users === 0) entry.closing = setTimeout(() => close(runtime.home, entry), idleMilliseconds);
  }
}

async function untilStopped<Answer>(
  bridge: Bridge,
  use: (bridge: Bridge) => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted();
  const stop = () => void bridge.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await use(bridge);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** The one that is open, unless something was installed in its runtime since: what it has loaded may be gone. */
function openEntry(runtime: Runtime): Shared {
  const identity = runtimeIdentity(runtime);
  const known = shared.get(runtime.home);
  if (known !== undefined && known.identity === identity) return known;
  if (known !== undefined && known.users === 0) {
    if (known.closing !== null) clearTimeout(known.closing);
    close(runtime.home, known);
  }
  const entry = { bridge: openBridge({ runtime }), identity, queue: Promise.resolve(), users: 0, closing: null };
  shared.set(runtime.home, entry);
  return entry;
}

function close(home: string, entry: Shared): void {
  if (entry.users > 0) return;
  if (shared.get(home) === entry) shared.delete(home);
  void entry.bridge.close();
}
