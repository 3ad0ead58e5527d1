import { lstatSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { join } from 'node:path';
import { withFileLock } from '../../base/file-lock.ts';
import type { HelperPlace } from './helper-place.ts';

/** The socket that a helper made, to know it again. */
export type TakenSocket = { isStillThere(): boolean; remove(): void };

const LOCK_MILLISECONDS = 10_000;

/** Makes `server` listen at the place. Null when another helper does already; what a dead one left is removed. */
export async function takeSocket(place: HelperPlace, server: Server): Promise<TakenSocket | null> {
  const { folder, socket } = place;
  return withFileLock(
    join(folder, 'lock'),
    async () => {
      if (await answers(socket)) return null;
      rmSync(socket, { force: true });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(socket, resolve);
      });
      const own = identityOf(socket);
      const isStillThere = () => own !== null && identityOf(socket) === own;
      return { isStillThere, remove: () => isStillThere() && rmSync(socket, { force: true }) };
    },
    LOCK_MILLISECONDS,
  );
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const tell = (answer: boolean) => {
      connection.destroy();
      resolve(answer);
    };
    connection.once('connect', () => tell(true)).once('error', () => tell(false));
  });
}

function identityOf(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}/${stats.ino}/${stats.ctimeNs}`;
}
