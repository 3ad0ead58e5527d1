import { z } from 'zod';
import { isFailure, messageOf } from '../errors.ts';
import type { Send } from './connection.ts';
import { type AirflowParseParams, BridgeDagFile } from './shapes.ts';

/** Beyond a file's own limit: the first request also loads Airflow. */
const SPARE_SECONDS = 120;
const DEFAULT_SECONDS = 30;

export const Listed = z.object({ files: z.array(z.string()) });

/**
 * Reads the files, and goes on after the process died: first all that are left, one at a time from then on, so that
 * the file at which it dies again is known and reported as crashed.
 */
export async function* parseDagFiles(send: Send, params: AirflowParseParams): AsyncGenerator<BridgeDagFile> {
  const left = { files: params.files === null ? null : new Set(params.files) };
  let careful = false;
  while (left.files === null || left.files.size > 0 || !careful) {
    const died = yield* readUntilDeath(send, careful ? { ...params, workers: 1 } : params, left);
    if (died === null) return;
    const [culprit] = left.files ?? [];
    if (left.files === null) throw died;
    if (careful && culprit !== undefined) {
      left.files.delete(culprit);
      yield crashed(culprit, messageOf(died));
    }
    careful = true;
  }
}

type Left = { files: Set<string> | null };

/** Null when all were read, else what ended the process. */
async function* readUntilDeath(
  send: Send,
  params: AirflowParseParams,
  left: Left,
): AsyncGenerator<BridgeDagFile, Error | null> {
  const seconds = (params.limits?.seconds ?? DEFAULT_SECONDS) + SPARE_SECONDS;
  try {
    for await (const reply of send('airflow.parse', { ...params, files: left.files && [...left.files] }, seconds)) {
      if (!('event' in reply)) continue;
      if (reply.event === 'listed') left.files ??= new Set(Listed.parse(reply.data).files);
      if (reply.event !== 'file') continue;
      const file = BridgeDagFile.parse(reply.data);
      left.files?.delete(file.path);
      yield file;
    }
    return null;
  } catch (error) {
    if (isFailure(error, 'bridge-closed') || isFailure(error, 'bridge-timeout')) return error;
    throw error;
  }
}

function crashed(path: string, message: string): BridgeDagFile {
  return {
    path,
    status: 'crashed',
    milliseconds: 0,
    dags: [],
    error: { type: 'bridge', message, line: null, traceback: '' },
    ...{ topLevel: [], imports: [path], lists: [], assumed: [], variables: [], connections: [], output: '' },
  };
}
