import type { EventShape, ReleaseShape, ToggleShape } from '../server/contract.ts';
import type { Client } from './client.ts';
import type { Printer } from './print.ts';

/** Until when a release is followed: its `end`, or (`hold`) also a gate that makes it wait. */
export type Until = 'end' | 'hold';

const atRest = new Set(['refused', 'live', 'superseded', 'failed', 'undone', 'stuck']);

/**
 * Follows a release with its progress until it has come to rest, or cannot be told about. Events only wake; what is told
 * is read anew each time, so that a lost event loses nothing.
 */
export async function followRelease(
  client: Client,
  { release, cursor, until }: { release: ReleaseShape; cursor: number; until: Until },
  print: Printer,
): Promise<ReleaseShape> {
  const rests = (row: ReleaseShape) =>
    atRest.has(row.state) ||
    row.trouble !== null ||
    (until === 'hold' && row.state === 'waiting' && !waitsForTurn(row));
  if (rests(release)) return release;
  const stop = new AbortController();
  try {
    for await (const event of client.events({ after: cursor, release: release.id }, stop.signal)) {
      tell(event, print);
      if (!event.action.startsWith('release.')) continue;
      const now = await client.release(release.id);
      if (rests(now)) return now;
    }
  } finally {
    stop.abort();
  }
  return client.release(release.id);
}

/** A release whose gate is open and that waits for another rollout goes on by itself. */
export function waitsForTurn({ because }: Pick<ReleaseShape, 'because'>): boolean {
  return because.includes('which is being rolled out');
}

/** The same for a toggle. */
export async function followToggle(
  client: Client,
  { toggle, cursor }: { toggle: ToggleShape; cursor: number },
  print: Printer,
): Promise<ToggleShape> {
  const stop = new AbortController();
  try {
    for await (const event of client.events({ after: cursor, release: toggle.id }, stop.signal)) {
      tell(event, print);
      if (!event.action.startsWith('toggle.')) continue;
      const now = await client.toggleState(toggle.id);
      if (['done', 'failed', 'stuck'].includes(now.state)) return now;
    }
  } finally {
    stop.abort();
  }
  return client.toggleState(toggle.id);
}

function tell({ at, action, subject, detail }: EventShape, print: Printer): void {
  const what = ['detail', 'because', 'kind']
    .map((name) => detail[name])
    .find((value) => typeof value === 'string' && value !== '');
  print.progress(
    `${at.slice(11, 19)}  ${action.padEnd(22)} ${subject}${what === undefined ? '' : `  ${String(what)}`}`,
  );
}
