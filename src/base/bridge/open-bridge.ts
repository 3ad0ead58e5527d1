import type { z } from 'zod';
import { fail, isFailure, messageOf } from '../errors.ts';
import type { Runtime } from '../python/runtime.ts';
import { BridgeConnection, type Reply } from './connection.ts';
import { Listed, parseDagFiles } from './parse-dag-files.ts';
import {
  type AirflowParseParams,
  type BridgeDagFile,
  BridgeDbtCompiled,
  BridgeDbtManifest,
  BridgeDbtRehearsal,
  BridgeHello,
  type DbtCompileParams,
  type DbtParseParams,
  type DbtRehearseParams,
} from './shapes.ts';

/**
 * Talks to one warm Python process of a runtime, started at the first request and again after it died.
 * One request at a time. Close it: it holds the program open otherwise.
 */
export type Bridge = {
  hello(): Promise<BridgeHello>;
  /** One result per file, as they come; a file that takes the process down is a `crashed` result, the others go on. */
  parseAirflow(params: AirflowParseParams): AsyncGenerator<BridgeDagFile>;
  /** The files that Airflow would read, relative to the root. */
  listAirflow(params: AirflowParseParams): Promise<string[]>;
  /** Broken projects are values (`errors`). Throws `bridge-refused`, `bridge-closed`, `bridge-timeout`. */
  parseDbt(params: DbtParseParams): Promise<BridgeDbtManifest>;
  compileDbt(params: DbtCompileParams): Promise<BridgeDbtCompiled>;
  /** Unit tests, or a build with data tests, on a DuckDB file that is thrown away. */
  rehearseDbt(params: DbtRehearseParams): Promise<BridgeDbtRehearsal>;
  close(): Promise<void>;
  /** Ends the process at once; the request under way throws `bridge-closed`, the next one starts another. */
  stop(): Promise<void>;
};

const HELLO_SECONDS = 60;
const LIST_SECONDS = 180;
const DBT_SECONDS = 600;

export function openBridge(options: { runtime: Runtime }): Bridge {
  let connection: BridgeConnection | null = null;

  async function* send(method: string, params: object, idleSeconds: number): AsyncGenerator<Reply> {
    const open = connection ?? new BridgeConnection(options.runtime);
    connection = open;
    let isUsable = false;
    try {
      yield* open.request(method, params, idleSeconds);
      isUsable = true;
    } catch (error) {
      isUsable = isFailure(error, 'bridge-refused');
      throw error;
    } finally {
      // Also when the caller stops listening: what the process still says would be taken for the next answer.
      if (!isUsable) {
        connection = null;
        await open.kill();
      }
    }
  }

  async function ask<Shape extends z.ZodType>(shape: Shape, method: string, params: object, seconds: number) {
    for await (const reply of send(method, params, seconds)) {
      if ('result' in reply) return parsed(shape, method, reply.result);
    }
    throw new Error(`${method} ended without a result`);
  }

  return {
    hello: () => ask(BridgeHello, 'hello', {}, HELLO_SECONDS),
    parseAirflow: (params) => parseDagFiles(send, params),
    listAirflow: async (params) => (await ask(Listed, 'airflow.list', params, LIST_SECONDS)).files,
    parseDbt: (params) => ask(BridgeDbtManifest, 'dbt.parse', params, dbtSeconds(params)),
    compileDbt: (params) => ask(BridgeDbtCompiled, 'dbt.compile', params, dbtSeconds(params)),
    rehearseDbt: (params) => ask(BridgeDbtRehearsal, 'dbt.rehearse', params, dbtSeconds(params)),
    close: async () => {
      const open = connection;
      connection = null;
      await open?.close();
    },
    stop: async () => {
      const open = connection;
      connection = null;
      await open?.kill();
    },
  };
}

/** The bridge's own limit, and time for it to answer. */
function dbtSeconds(params: DbtParseParams): number {
  return (params.limits?.seconds ?? DBT_SECONDS) + 30;
}

function parsed<Shape extends z.ZodType>(shape: Shape, method: string, value: unknown): z.infer<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw fail('bridge-refused', { method, code: 'bad-shape', message: messageOf(result.error) });
}
