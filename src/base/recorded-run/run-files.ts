import { join } from 'node:path';
import { z } from 'zod';

/** What is run: a program and its arguments, never a shell line. `key` is whose run it is. */
export const RunOrder = z.object({ key: z.string(), argv: z.array(z.string()).min(1), cwd: z.string() });
export type RunOrder = z.infer<typeof RunOrder>;

/** The process that watches the run, and where. */
export const RunStart = z.object({ pid: z.number().int(), host: z.string(), at: z.number() });

/** How it ended. `code` null: a signal, or it could not be started. */
export const RunEnd = z.object({ code: z.number().int().nullable(), because: z.string(), seconds: z.number() });
export type RunEnd = z.infer<typeof RunEnd>;

export const HEARTBEAT_MILLISECONDS = 2000;

/** The files of one run in its folder. */
export function runFiles(folder: string) {
  return {
    order: join(folder, 'order.json'),
    start: join(folder, 'start.json'),
    alive: join(folder, 'alive'),
    output: join(folder, 'output.log'),
    end: join(folder, 'end.json'),
  };
}
