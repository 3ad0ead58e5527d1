import pg from 'pg';
import { type LoggedEntry, readEntry } from '../delivery/audit/entry.ts';
import type { Store } from '../store/open-store.ts';
import { auditChannel, readTexts } from '../store/queries/audit.ts';
import type { Log } from './log.ts';

/**
 * Everything that happens is an entry of the audit log, in the order of commit and without gaps; so the log is the stream,
 * an entry's number is where a listener goes on, and every process can serve every rollout.
 */
export type EventFeed = {
  /** Entries after number `after`, and then each new one, until the signal aborts. `null` at least every 15 s: still there. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<LoggedEntry | null>;
  close(): Promise<void>;
};

const batch = 200;
const heartbeat = 15_000;

/** Listens on a connection of its own, and makes a new one when that breaks; nothing is lost meanwhile. */
export function openEventFeed(store: Store, log: Log): EventFeed {
  const wake = new EventTarget();
  let closing = false;
  let client: pg.Client | null = null;
  const ring = () => wake.dispatchEvent(new Event('entry'));
  const listen = async () => {
    while (!closing) {
      const fresh = new pg.Client({ connectionString: store.url });
      client = fresh;
      try {
        const ended = new Promise<void>((end) => {
          // A broken connection may say so more than once; nobody listening to that would end the process.
          fresh.on('error', () => end());
          fresh.once('end', () => end());
        });
        await fresh.connect();
        fresh.on('notification', ring);
        await fresh.query(`listen ${auditChannel}`);
        ring();
        await ended;
      } catch {
        if (!closing) log('trouble', 'the database cannot be listened to; trying again');
      }
      await fresh.end().catch(() => undefined);
      if (!closing) await new Promise((again) => setTimeout(again, 1000));
    }
  };
  const listening = listen();
  return {
    async *follow(after, signal) {
      let last = after;
      while (!signal.aborted && !closing) {
        const rung = nextRing(wake, signal);
        const texts = await readTexts(store.db, { from: last + 1, limit: batch }).catch(() => null);
        for (const text of texts ?? []) {
          const entry = readEntry(text);
          last += 1;
          if (entry !== null) yield entry;
        }
        if (texts?.length === batch) continue;
        await rung;
        if (texts === null) await new Promise((again) => setTimeout(again, 500));
        yield null;
      }
    },
    async close() {
      closing = true;
      ring();
      await client?.end().catch(() => undefined);
      await listening;
    },
  };
}

function nextRing(wake: EventTarget, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      wake.removeEventListener('entry', end);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, heartbeat);
    wake.addEventListener('entry', end);
    signal.addEventListener('abort', end);
  });
}
